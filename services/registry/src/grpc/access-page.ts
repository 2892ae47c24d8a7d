import { InvalidInput } from '@hookline/domain';
import { ACCESS_LIMITS } from '../access/limits.ts';

/** Where a page begins: behind what the cursor names, the last of the page before. null: at the beginning. */
export function pageBehind(
  { limit, cursor }: { limit: number; cursor: string },
  form: RegExp,
): { limit: number; behind: string | null } {
  const { byDefault, max } = ACCESS_LIMITS.page;
  const behind = cursor === '' ? null : Buffer.from(cursor, 'base64url').toString('latin1');
  const problems = [];
  if (limit < 0 || limit > max) problems.push({ pointer: '?limit', detail: `must be 1 to ${max}` });
  if (behind !== null && !form.test(behind)) {
    problems.push({ pointer: '?cursor', detail: 'must be the next_cursor of a page' });
  }
  if (problems.length > 0) throw new InvalidInput('The page can not be found.', { problems });
  return { limit: limit === 0 ? byDefault : limit, behind };
}

/** @param found one more than the page has, where there is a next one */
export function cursorOf(found: readonly { id: string }[], limit: number): string {
  const last = found.length > limit ? found[limit - 1] : undefined;
  return last === undefined ? '' : Buffer.from(last.id, 'latin1').toString('base64url');
}
