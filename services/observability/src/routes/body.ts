import { InvalidInput, pointerBelow, type Problem } from '@hookline/domain';
import type { z } from 'zod';

/** @throws InvalidInput naming every field at fault */
export function readFields<Schema extends z.ZodType>(body: unknown, schema: Schema): z.infer<Schema> {
  const parsed = schema.safeParse(body ?? {});
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.flatMap((issue): Problem[] => {
    const pointer = issue.path.reduce<string>((above, part) => pointerBelow(above, String(part)), '');
    if (issue.code !== 'unrecognized_keys') return [{ pointer, detail: issue.message }];
    return issue.keys.map((key) => ({ pointer: pointerBelow(pointer, key), detail: 'unknown field' }));
  });
  const names = problems.map((problem) => problem.pointer || 'the body').join(', ');
  throw new InvalidInput(`The body is not valid: ${names}.`, { problems });
}
