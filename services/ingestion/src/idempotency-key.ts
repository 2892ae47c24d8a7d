import { Conflict, InvalidInput, Unavailable } from '@hookline/domain';
import type { Deduplicator } from './deduplicate.ts';

/** Keeps the header `Idempotency-Key` to the request that it first came with. */
export interface IdempotencyKeys {
  /**
   * Resolves with false if the store is away, so that another request under the key would not be noticed.
   * @throws Conflict if another request has the key; Unavailable if that can't be told yet
   */
  hold(tenant: string, key: string, requestHash: string): Promise<boolean>;
}

/** Whether the request came to something, the ids of its events tell. */
const HELD = '1';

export function createIdempotencyKeys(deduplicator: Deduplicator): IdempotencyKeys {
  return {
    async hold(tenant, key, requestHash) {
      // No event's id is empty, so no event has this key.
      const [answer] = await deduplicator.begin([{ key: `${tenant}\u001f\u001f${key}`, bodyHash: requestHash }]);
      const begun = answer!.kind === 'pending' ? await answer!.wait() : answer!;
      switch (begun.kind) {
        case 'first':
          await deduplicator.finish([begun.claim], HELD);
          return true;
        case 'repeat':
          return true;
        case 'conflict':
          throw new Conflict('Another request was sent under this Idempotency-Key: choose a new one.', {
            code: 'idempotency_key_reused',
            problems: [{ pointer: 'idempotency-key', detail: 'belongs to a request with another body' }],
          });
        case 'busy':
          throw new Unavailable('Another request under this Idempotency-Key is under way. Send it again.', {
            code: 'event_pending',
          });
        default:
          return false;
      }
    },
  };
}

const KEY = /^[\x20-\x7e]{1,255}$/;

/** What the header says, with or without the quotes of a structured field. @throws InvalidInput */
export function readIdempotencyKey(header: string | string[] | undefined): string | null {
  if (header === undefined) return null;
  const key = typeof header === 'string' ? header.replace(/^"(.*)"$/, '$1') : '';
  if (KEY.test(key)) return key;
  const detail = 'must be 1 to 255 visible ASCII characters';
  throw new InvalidInput(`Idempotency-Key ${detail}.`, { problems: [{ pointer: 'idempotency-key', detail }] });
}
