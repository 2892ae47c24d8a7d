import { setTimeout as sleep } from 'node:timers/promises';
import { Unavailable } from '@hookline/domain';
import type { Log } from '@hookline/service-kit';

/** Stores often come up together with the services: so long is one waited for before a start fails. */
const DEADLINE_MS = 60_000;
const PAUSE_MS = 500;

export async function waitFor<T>(log: Log, store: string, ask: () => Promise<T>): Promise<T> {
  const deadlineAtMs = Date.now() + DEADLINE_MS;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof Unavailable) || Date.now() > deadlineAtMs) throw error;
      log.warn({ store, error: error.message }, 'store.awaited');
      await sleep(PAUSE_MS);
    }
  }
}
