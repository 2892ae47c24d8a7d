import { setTimeout as sleep } from 'node:timers/promises';
import { types } from 'node:util';
import { InvalidInput, systemClock, Unavailable, type Clock } from '@hookline/domain';
import type { Log } from '@hookline/service-kit';

type WaitFor = <T>(awaited: Awaited, ask: () => Promise<T>) => Promise<T>;

interface Awaited {
  /** For people, with the setting that says where it is. */
  store: string;
  /** The setting that says whose certificates are trusted. */
  trust: string;
}

interface Patience {
  /** For all stores together. */
  withinMs: number;
  log: Log;
  time?: Time;
}

interface Time extends Clock {
  sleep(ms: number): Promise<unknown>;
}

const PAUSE_MS = 500;
const SYSTEM_TIME: Time = { ...systemClock, sleep: (ms) => sleep(ms) };

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
 * Stores often come up together with the services: asks until the store answers, and has what the services need. All stores of a start share a deadline, since
 * whoever watches over it, such as a startup probe, has one for the whole. It begins with the first question; past it each is asked once.
 * @throws Unavailable naming the store once the deadline has passed
 * @throws Unprepared as `ask` did, once the deadline has passed
 * @throws InvalidInput naming the setting when the store's certificate isn't trusted
 */
export function createWaitFor({ withinMs, log, time = SYSTEM_TIME }: Patience): WaitFor {
  let deadlineAtMs: number | undefined;

  return async ({ store, trust }, ask) => {
    deadlineAtMs ??= time.now() + withinMs;
    let isToldUnprepared = false;
    for (;;) {
      const askedAtMs = time.now();
      try {
        const answer = await ask();
        // Migrations may take an hour: that is work, and leaves the next store its time.
        deadlineAtMs += time.now() - askedAtMs;
        return answer;
      } catch (error) {
        const leftMs = deadlineAtMs - time.now();
        if (error instanceof Unprepared) {
          if (leftMs <= 0) throw error;
          // Once: with each table and topic that is made something less is missing.
          if (!isToldUnprepared) log.warn({ store, error: error.message, forMs: leftMs }, 'stores.unprepared');
          isToldUnprepared = true;
        } else if (error instanceof Unavailable) {
          const refusal = refusalOf(error);
          if (refusal !== undefined) {
            throw new InvalidInput(`${store} shows a certificate that is not trusted: ${refusal}; ${trust}`, {
              cause: error,
            });
          }
          if (leftMs <= 0) {
            throw new Unavailable(`${store} could not be reached within ${withinMs / 1000} s: ${error.message}`, {
              cause: error,
            });
          }
          log.warn({ store, error: error.message }, 'store.awaited');
        } else throw error;
        await time.sleep(PAUSE_MS);
      }
    }
  };
}

function refusalOf(error: unknown): string | undefined {
  if (!types.isNativeError(error)) return undefined;
  return UNTRUSTED.has(String(Reflect.get(error, 'code'))) ? error.message : refusalOf(error.cause);
}
