import { InvalidInput, isEventType, patternsOf } from '@hookline/domain';
import { WEBHOOK_LIMITS } from '../webhooks/limits.ts';
import { isWebhookId } from '../webhooks/names.ts';
import type { WebhookFilter } from '../webhooks/store.ts';

/** Where a page of the list begins. A cursor names the last webhook of the page before. */
export function pageOf({ limit, cursor }: { limit: number; cursor: string }): { limit: number; before: string | null } {
  const { byDefault, max } = WEBHOOK_LIMITS.page;
  if (limit < 0 || limit > max) throw refused('?limit', `must be 1 to ${max}`);
  const before = cursor === '' ? null : Buffer.from(cursor, 'base64url').toString('latin1');
  if (before !== null && !isWebhookId(before)) throw refused('?cursor', 'must be the next_cursor of a page');
  return { limit: limit === 0 ? byDefault : limit, before };
}

/** Which webhooks the list has. @throws InvalidInput: what is no type is in no webhook, and its text may not be the database's */
export function filterOf({
  eventType,
  patternPrefix,
  activeOnly,
}: {
  eventType: string;
  patternPrefix: string;
  activeOnly: boolean;
}): WebhookFilter {
  if (patternPrefix !== '') checkedType(patternPrefix.replace(/\.$/, ''));
  return {
    patterns: eventType === '' ? null : patternsOf(checkedType(eventType)),
    patternPrefix: patternPrefix === '' ? null : patternPrefix,
    activeOnly,
  };
}

/** @throws InvalidInput */
export function checkedType(type: string): string {
  if (isEventType(type)) return type;
  throw new InvalidInput('That is no event type.', {
    problems: [{ pointer: '/event_type', detail: 'must be words with dots between, e.g. order.created' }],
  });
}

/** An answer of 200 large webhooks would be beyond every bound. */
const PAGE_BYTES = 4 * 1024 * 1024;

/** Those at the beginning that an answer holds, but one at least. */
export function fitting<Message extends object>(messages: readonly Message[]): Message[] {
  let bytes = 0;
  const end = messages.findIndex((message, index) => {
    // As JSON a message is about as long as on the wire, or longer.
    bytes += Buffer.byteLength(JSON.stringify(message));
    return index > 0 && bytes > PAGE_BYTES;
  });
  return messages.slice(0, end < 0 ? messages.length : end);
}

export function cursorAfter(page: readonly { id: string }[]): string {
  return Buffer.from(page.at(-1)?.id ?? '', 'latin1').toString('base64url');
}

function refused(pointer: string, detail: string): InvalidInput {
  return new InvalidInput('The page can not be found.', { problems: [{ pointer, detail }] });
}
