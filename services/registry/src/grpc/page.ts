import { InvalidInput } from '@hookline/domain';
import { WEBHOOK_LIMITS } from '../webhooks/limits.ts';
import { isWebhookId } from '../webhooks/names.ts';

/** Where a page of the list begins. A cursor names the last webhook of the page before. */
export function pageOf({ limit, cursor }: { limit: number; cursor: string }): { limit: number; before: string | null } {
  const { byDefault, max } = WEBHOOK_LIMITS.page;
  if (limit < 0 || limit > max) throw refused('?limit', `must be 1 to ${max}`);
  const before = cursor === '' ? null : Buffer.from(cursor, 'base64url').toString('latin1');
  if (before !== null && !isWebhookId(before)) throw refused('?cursor', 'must be the next_cursor of a page');
  return { limit: limit === 0 ? byDefault : limit, before };
}

export function cursorAfter(page: readonly { id: string }[]): string {
  return Buffer.from(page.at(-1)?.id ?? '', 'latin1').toString('base64url');
}

function refused(pointer: string, detail: string): InvalidInput {
  return new InvalidInput('The page can not be found.', { problems: [{ pointer, detail }] });
}
