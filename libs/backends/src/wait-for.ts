import { setTimeout as sleep } from 'node:timers/promises';
import { types } from 'node:util';
import { InvalidInput, Unavailable } from '@hookline/domain';
import type { Log } from '@hookline/service-kit';

interface Awaited {
  /** For people, with the setting that says where it is. */
  store: string;
  /** The setting that says whose certificates are trusted. */
  trust: string;
  deadlineMs: number;
  log: Log;
}

const PAUSE_MS = 500;

/** The store answers, and lacks what somebody makes in it, perhaps just now. The message says what, and how it is made. */
export class Unprepared extends InvalidInput {}

/** What Node says of a certificate that it doesn't trust: time changes nothing about that, unless somebody else does. */
const UNTRUSTED = new Set([
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

/**
 * Stores often come up together with the services: asks until the store answers, and has what the services need.
 * @throws Unavailable naming the store once the deadline has passed
 * @throws Unprepared as `ask` did, once the deadline has passed
 * @throws InvalidInput naming the setting when the store's certificate isn't trusted
 */
export async function waitFor<T>({ store, trust, deadlineMs, log }: Awaited, ask: () => Promise<T>): Promise<T> {
  const deadlineAtMs = Date.now() + deadlineMs;
  let isToldUnprepared = false;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      const isOver = Date.now() >= deadlineAtMs;
      if (error instanceof Unprepared) {
        if (isOver) throw error;
        // Once: with each table and topic that is made something less is missing.
        if (!isToldUnprepared) log.warn({ store, error: error.message, forMs: deadlineMs }, 'stores.unprepared');
        isToldUnprepared = true;
      } else if (error instanceof Unavailable) {
        const refusal = refusalOf(error);
        if (refusal !== undefined) {
          throw new InvalidInput(`${store} shows a certificate that is not trusted: ${refusal}; ${trust}`, {
            cause: error,
          });
        }
        if (isOver) {
          throw new Unavailable(`${store} could not be reached within ${deadlineMs / 1000} s: ${error.message}`, {
            cause: error,
          });
        }
        log.warn({ store, error: error.message }, 'store.awaited');
      } else throw error;
      await sleep(PAUSE_MS);
    }
  }
}

function refusalOf(error: unknown): string | undefined {
  if (!types.isNativeError(error)) return undefined;
  return UNTRUSTED.has(String(Reflect.get(error, 'code'))) ? error.message : refusalOf(error.cause);
}
