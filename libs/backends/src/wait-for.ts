import { setTimeout as sleep } from 'node:timers/promises';
import { Unavailable } from '@hookline/domain';
import type { Log } from '@hookline/service-kit';

interface Awaited {
  /** For people, with the setting that says where it is. */
  store: string;
  deadlineMs: number;
  log: Log;
}

const PAUSE_MS = 500;

/**
 * Stores often come up together with the services: asks until the store answers.
 * @throws Unavailable naming the store once the deadline has passed
 */
export async function waitFor<T>({ store, deadlineMs, log }: Awaited, ask: () => Promise<T>): Promise<T> {
  const deadlineAtMs = Date.now() + deadlineMs;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      if (Date.now() > deadlineAtMs) {
        throw new Unavailable(`${store} could not be reached within ${deadlineMs / 1000} s: ${error.message}`, {
          cause: error,
        });
      }
      log.warn({ store, error: error.message }, 'store.awaited');
      await sleep(PAUSE_MS);
    }
  }
}
