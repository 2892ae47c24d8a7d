import { pointerBelow, type Problem } from '@hookline/domain';
import type { z } from 'zod';

const KINDS: Record<string, string> = {
  string: 'a string',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

/** What a schema says against a value, by JSON pointer. */
export function shapeProblems(error: z.ZodError, value: unknown): Problem[] {
  return error.issues.flatMap((issue) => {
    const pointer = pointerTo(issue.path);
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({ pointer: pointerTo([...issue.path, key]), detail: 'unknown field' }));
    }
    if (issue.code !== 'invalid_type') return [{ pointer, detail: issue.message }];
    const kind = KINDS[issue.expected] ?? issue.expected;
    return [{ pointer, detail: isMissing(value, issue.path) ? 'is required' : `must be ${kind}` }];
  });
}

function pointerTo(path: readonly PropertyKey[]): string {
  return path.reduce<string>((pointer, part) => pointerBelow(pointer, String(part)), '');
}

function isMissing(value: unknown, path: readonly PropertyKey[]): boolean {
  let inner: unknown = value;
  for (const part of path) {
    if (typeof inner !== 'object' || inner === null) return false;
    if (!Object.hasOwn(inner, part)) return true;
    inner = (inner as Record<PropertyKey, unknown>)[part];
  }
  return false;
}
