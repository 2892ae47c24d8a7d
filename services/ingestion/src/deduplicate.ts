import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '@hookline/domain';
import type { Claim, ClaimAnswer, Deduplication, Finished } from '@hookline/limits';
import { within, type Log } from '@hookline/service-kit';
import { createGatherer } from './gather.ts';
import type { IngestionMetrics } from './metrics.ts';

export type Begun =
  /** Nobody has published under this id: append, then finish, doubt or abandon. */
  | { kind: 'first'; claim: Held }
  /** The same event was accepted before, with this answer. */
  | { kind: 'repeat'; answer: string }
  /** Another event has this id. */
  | { kind: 'conflict' }
  /** Somebody else has been at it for as long as we wait. */
  | { kind: 'busy' }
  /** The store of ids is away. */
  | { kind: 'unavailable' };

export interface Held extends Claim {
  /** When it was made, at the earliest, by `performance.now()`. */
  sinceMs: number;
  /** The id has this body already, by an append that may have been made. */
  again: boolean;
}

/** Which events have been accepted already. Never rejects: with its store away it says so, and asks again after a pause. */
export interface Deduplicator {
  begin(key: string, bodyHash: string): Promise<Begun>;
  /** Resolves when the store knows, or can't be told. */
  finish(claim: Claim, bodyHash: string, answer: string): Promise<void>;
  /**
   * For an append that may have been made: the id stays with this body, which may be published again at once; another body is a conflict.
   * Resolves when the store knows, or can't be told.
   */
  doubt(claim: Held, bodyHash: string): Promise<void>;
  /** For an append that was certainly not made. */
  abandon(claim: Claim): Promise<void>;
}

export interface DeduplicatorDeps {
  deduplication: Deduplication;
  clock: Clock;
  log: Log;
  metrics: IngestionMetrics;
}

/** The store has this long for a call; then the events go on without. */
const CALL_DEADLINE_MS = 500;
/** After a failure nobody asks (and waits) for this long. */
const PAUSE_MS = 1_000;
/** Longer than any claim is pending: the claim of a process that died has run out by then. */
const MAX_WAIT_MS = 15_000;
const FIRST_POLL_MS = 5;
const MAX_POLL_MS = 250;
const MAX_KEYS_PER_CALL = 1_000;
const MAX_WAITING = 100_000;

/** In the place of an answer: the body that has the id may be in the log, and nobody was told that it was accepted. */
const DOUBTFUL = '';

export function createDeduplicator({ deduplication, clock, log, metrics }: DeduplicatorDeps): Deduplicator {
  let pausedUntilMs = 0;
  const bounds = { maxItems: MAX_KEYS_PER_CALL, maxUnderWay: 1, maxWaiting: MAX_WAITING };
  const claim = createGatherer<Claim, ClaimAnswer | null>({
    run: (claims) =>
      call<(ClaimAnswer | null)[]>('claim', () => deduplication.claim(claims, clock.now()), nothingFor(claims)),
    ...bounds,
  });
  const finish = createGatherer<Finished, unknown>({
    run: (finished) => call('finish', () => deduplication.finish(finished, clock.now()).then(() => []), []),
    ...bounds,
  });
  const abandon = createGatherer<Claim, unknown>({
    run: (claims) => call('abandon', () => deduplication.abandon(claims).then(() => []), []),
    ...bounds,
  });

  async function call<T>(name: string, ask: () => Promise<T>, otherwise: T): Promise<T> {
    if (performance.now() < pausedUntilMs) return otherwise;
    try {
      return await within(CALL_DEADLINE_MS, 'the store of event ids', ask());
    } catch (error) {
      if (performance.now() >= pausedUntilMs) {
        log.warn({ call: name, error: (error as Error).message }, 'deduplication.unavailable');
      }
      pausedUntilMs = performance.now() + PAUSE_MS;
      metrics.limitsFailures.inc({ call: name });
      return otherwise;
    }
  }

  return {
    async begin(key, bodyHash) {
      const own: Claim = { key, token: randomUUID() };
      let again = false;
      const deadline = performance.now() + MAX_WAIT_MS;
      for (let pollMs = FIRST_POLL_MS; ; pollMs = Math.min(pollMs * 2, MAX_POLL_MS)) {
        const sinceMs = performance.now();
        const answer = await claim(own).catch(() => null);
        if (answer === null) return { kind: 'unavailable' };
        if (answer.kind === 'claimed') return { kind: 'first', claim: { ...own, sinceMs, again } };
        if (answer.kind === 'done') {
          if (answer.bodyHash !== bodyHash) return { kind: 'conflict' };
          if (answer.answer !== DOUBTFUL) return { kind: 'repeat', answer: answer.answer };
          // Which body the id has is settled. Whether that was accepted is a question of its own, with a key of its own.
          own.key = `${key}\u001fagain`;
          again = true;
          continue;
        }
        if (performance.now() + pollMs > deadline) return { kind: 'busy' };
        // Spread, so that the many that wait for one don't ask together.
        await sleep(pollMs * (0.75 + Math.random() / 2));
      }
    },
    async finish(claimed, bodyHash, answer) {
      await finish({ ...claimed, bodyHash, answer }).catch(() => {});
    },
    async doubt({ key, token, again }, bodyHash) {
      const told = again ? abandon({ key, token }) : finish({ key, token, bodyHash, answer: DOUBTFUL });
      await told.catch(() => {});
    },
    async abandon(claimed) {
      await abandon(claimed).catch(() => {});
    },
  };
}

function nothingFor(claims: readonly Claim[]): null[] {
  return claims.map(() => null);
}
