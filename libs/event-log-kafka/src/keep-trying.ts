import { HooklineError, Unavailable } from '@hookline/domain';
import { setTimeout as delay } from 'node:timers/promises';
import { isFinal } from './errors.ts';

const AGAIN_MS = 100;

/** Tries until the deadline what a broker that is away, a moved leader or coordinator, or a topic just made may fail; then Unavailable. */
export async function keepTrying<T>(what: string, deadlineMs: number, attempt: () => Promise<T>): Promise<T> {
  const deadlineAtMs = Date.now() + deadlineMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (error instanceof HooklineError || isFinal(error)) throw error;
      if (Date.now() >= deadlineAtMs) throw new Unavailable(`${what} failed for ${deadlineMs} ms`, { cause: error });
      await delay(AGAIN_MS);
    }
  }
}
