import { isUtf8 } from 'node:buffer';
import { InvalidInput } from '@hookline/domain';
import { depthOfJson, jsonErrorAt } from '@hookline/service-kit';
import { invalid } from './problems.ts';

/** Of objects and lists in each other. What is far deeper takes a hundred times as long to parse, and exhausts the stack of whoever walks through it. */
const MAX_DEPTH = 128;

export interface JsonText {
  text: string;
  value: unknown;
}

/** @throws InvalidInput if the bytes are no JSON in UTF-8, with the position */
export function parseJson(bytes: Buffer): JsonText {
  if (!isUtf8(bytes)) throw invalid('', 'The body must be JSON in UTF-8.', 'must be UTF-8');
  const text = bytes.toString('utf8');
  if (depthOfJson(text) > MAX_DEPTH) {
    const detail = `is more than ${MAX_DEPTH} levels deep`;
    throw new InvalidInput('The body is too deep.', { code: 'invalid_json', problems: [{ pointer: '', detail }] });
  }
  try {
    return { text, value: JSON.parse(text) as unknown };
  } catch {
    const at = jsonErrorAt(text) ?? 0;
    const where = at === text.length ? `ends too early, at position ${at}` : `stops being JSON at position ${at}`;
    throw new InvalidInput(`The body ${where}.`, { code: 'invalid_json', problems: [{ pointer: '', detail: where }] });
  }
}

/** @throws InvalidInput if what is at `pointer` is no object */
export function requireObject(value: unknown, pointer: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw invalid(pointer, 'An event must be one JSON object.', 'must be an object');
}
