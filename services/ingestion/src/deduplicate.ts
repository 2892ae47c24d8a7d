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

/** Somebody else is at it: an earlier event of the same request, perhaps. */
export interface Pending {
  kind: 'pending';
  /** Asks until it is settled, for 15 s at most. */
  wait(): Promise<Begun>;
}

export interface Wanted {
  key: string;
  /** Tells an event from another one under the same key. */
  bodyHash: string;
}

export interface Held extends Claim, Wanted {
  /** When it was made, at the earliest, by `performance.now()`. */
  sinceMs: number;
  /** The id has this body already, by an append that may have been made. */
  again: boolean;
}

/** Which events have been accepted already. Never rejects: with its store away it says so, and asks again after a pause. */
export interface Deduplicator {
  /** One answer each, in order, by one call to the store. */
  begin(wanted: readonly Wanted[]): Promise<(Begun | Pending)[]>;
  /** Resolves when the store knows, or can't be told. */
  finish(claims: readonly Held[], answer: string): Promise<void>;
  /**
   * For an append that may have been made: the id stays with this body, which may be published again at once; another body is a conflict.
   * Resolves when the store knows, or can't be told.
   */
  doubt(claims: readonly Held[]): Promise<void>;
  /** For an append that was certainly not made. */
  abandon(claims: readonly Claim[]): Promise<void>;
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
/** When so many claim at once, the next ones wait a moment for each other. */
const BUSY_GROUPS = 4;
const CLAIM_LINGER_MS = 1;
/** Nobody waits for it but who sends an event again at once. */
const FINISH_LINGER_MS = 5;

/** In the place of an answer: the body that has the id may be in the log, and nobody was told that it was accepted. */
const DOUBTFUL = '';

/** Neither tenants nor ids hold control characters. */
export function dedupKeyOf(tenant: string, eventId: string): string {
  return `${tenant}\u001f${eventId}`;
}

export function createDeduplicator({ deduplication, clock, log, metrics }: DeduplicatorDeps): Deduplicator {
  const newToken = createTokenMaker();
  let pausedUntilMs = 0;
  const bounds = { maxItems: MAX_KEYS_PER_CALL, maxUnderWay: 1, maxWaiting: MAX_WAITING };
  const claimAll = createGatherer<Claim, ClaimAnswer | null>({
    run: (claims) =>
      call<(ClaimAnswer | null)[]>('claim', () => deduplication.claim(claims, clock.now()), nothingFor(claims)),
    ...bounds,
    lingerMs: CLAIM_LINGER_MS,
    lingerFrom: BUSY_GROUPS,
  });
  const finishAll = createGatherer<Finished, unknown>({
    run: (finished) => call('finish', () => deduplication.finish(finished, clock.now()).then(() => []), []),
    ...bounds,
    lingerMs: FINISH_LINGER_MS,
    lingerFrom: 0,
  });
  const abandonAll = createGatherer<Claim, unknown>({
    run: (claims) => call('abandon', () => deduplication.abandon(claims).then(() => []), []),
    ...bounds,
    lingerMs: CLAIM_LINGER_MS,
    lingerFrom: BUSY_GROUPS,
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

  /** A full queue is as good as a store that is away. */
  const claim = (claims: readonly Claim[]) => claimAll(claims).catch(() => nothingFor(claims));

  /** What an answer comes to; null: ask again. */
  function judge(held: Held, answer: ClaimAnswer | null): Begun | null {
    if (answer === null) return { kind: 'unavailable' };
    if (answer.kind === 'claimed') return { kind: 'first', claim: held };
    if (answer.kind === 'pending') return null;
    if (answer.bodyHash !== held.bodyHash) return { kind: 'conflict' };
    return answer.answer === DOUBTFUL ? null : { kind: 'repeat', answer: answer.answer };
  }

  async function insist(first: Held, firstAnswer: ClaimAnswer): Promise<Begun> {
    const deadline = first.sinceMs + MAX_WAIT_MS;
    let held = first;
    let answer: ClaimAnswer | null = firstAnswer;
    for (let pollMs = FIRST_POLL_MS; ;) {
      if (answer.kind === 'done') {
        // Which body the id has is settled. Whether that was accepted is a question of its own, with a key of its own.
        held = { ...held, key: `${first.key}\u001fagain`, again: true };
      } else {
        if (performance.now() + pollMs > deadline) return { kind: 'busy' };
        // Spread, so that the many that wait for one don't ask together.
        await sleep(pollMs * (0.75 + Math.random() / 2));
        pollMs = Math.min(pollMs * 2, MAX_POLL_MS);
      }
      held = { ...held, sinceMs: performance.now() };
      answer = (await claim([held]))[0] ?? null;
      const begun = judge(held, answer);
      if (begun !== null || answer === null) return begun ?? { kind: 'unavailable' };
    }
  }

  return {
    async begin(wanted) {
      const sinceMs = performance.now();
      const held = wanted.map(({ key, bodyHash }): Held => ({
        key,
        bodyHash,
        token: newToken(),
        sinceMs,
        again: false,
      }));
      const answers = await claim(held);
      return held.map((item, index): Begun | Pending => {
        const answer = answers[index] ?? null;
        return judge(item, answer) ?? { kind: 'pending', wait: () => insist(item, answer!) };
      });
    },
    async finish(claims, answer) {
      const finished = claims.map(({ key, token, bodyHash }) => ({ key, token, bodyHash, answer }));
      await finishAll(finished).catch(() => {});
    },
    async doubt(claims) {
      const doubtful = claims.filter(({ again }) => !again);
      const finished = doubtful.map(({ key, token, bodyHash }) => ({ key, token, bodyHash, answer: DOUBTFUL }));
      const told = finishAll(finished).catch(() => {});
      await abandonAll(claims.filter(({ again }) => again)).catch(() => {});
      await told;
    },
    async abandon(claims) {
      await abandonAll(claims).catch(() => {});
    },
  };
}

/** Unlike any other claim's, of whatever process: a number behind a UUID of this one, which costs less than a UUID each. */
function createTokenMaker(): () => string {
  const prefix = randomUUID();
  let count = 0;
  return () => `${prefix}${(++count).toString(36)}`;
}

function nothingFor(claims: readonly Claim[]): null[] {
  return claims.map(() => null);
}
