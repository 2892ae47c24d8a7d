import type { Log } from '../log.ts';
import { within } from '../within.ts';
import type { Credentials, Revocation } from './credentials.ts';

/** What was ended before its time, as far as the registry has told. */
export interface Revoked {
  has(credential: string | null): boolean;
  /** Grows whenever something was ended. */
  batches(): number;
  start(): void;
  close(): void;
}

export interface RevokedDependencies {
  credentials: Credentials;
  log: Log;
  now: () => number;
  ended: (credentials: ReadonlySet<string>) => void;
}

/** Ask, wait for an answer, act on it: within 5 s of the revocation. */
const ASK_EVERY_MS = 2_000;
const ANSWER_WITHIN_MS = 2_000;
const LOG_EVERY_MS = 60_000;
/** Sessions that have been ended, and whose tokens haven't expired yet. Beyond it those that would expire first are forgotten. */
const MAX_REVOKED = 100_000;

export function createRevoked({ credentials, log, now, ended }: RevokedDependencies): Revoked {
  const refusedUntilMs = new Map<string, number>();
  let cursor = '';
  let batches = 0;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  let loggedAtMs = -Infinity;

  /** Until there are no more. */
  async function ask(): Promise<void> {
    let more = true;
    while (more && !closed) {
      const answer = await within(ANSWER_WITHIN_MS, 'the registry', credentials.revocations(cursor));
      ({ cursor, more } = answer);
      note(answer.revocations);
    }
  }

  function note(revocations: readonly Revocation[]): void {
    if (revocations.length === 0) return;
    batches++;
    for (const { credential, refusedUntilMs: until } of revocations) {
      if (until > now()) refusedUntilMs.set(credential, until);
    }
    ended(new Set(revocations.map(({ credential }) => credential)));
    forgetSome();
  }

  function forgetSome(): void {
    for (const [credential, until] of refusedUntilMs) if (until <= now()) refusedUntilMs.delete(credential);
    const excess = refusedUntilMs.size - MAX_REVOKED;
    if (excess <= 0) return;
    const soonest = [...refusedUntilMs].toSorted(([, one], [, other]) => one - other).slice(0, excess);
    for (const [credential] of soonest) refusedUntilMs.delete(credential);
    log.error({ forgotten: excess }, 'revocations.forgotten');
  }

  function askLater(delayMs: number): void {
    if (closed) return;
    timer = setTimeout(() => void askAgain(), delayMs);
    timer.unref();
  }

  async function askAgain(): Promise<void> {
    try {
      await ask();
    } catch (error) {
      if (performance.now() - loggedAtMs >= LOG_EVERY_MS) {
        loggedAtMs = performance.now();
        log.warn({ error: (error as Error).message }, 'revocations.unknown');
      }
    }
    askLater(ASK_EVERY_MS);
  }

  return {
    has: (credential) => credential !== null && (refusedUntilMs.get(credential) ?? 0) > now(),
    batches: () => batches,
    start: () => askLater(0),
    close() {
      closed = true;
      clearTimeout(timer);
    },
  };
}
