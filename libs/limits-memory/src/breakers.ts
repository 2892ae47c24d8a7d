import {
  claimProbe,
  createBreaker,
  forgottenAtMs,
  noteOutcomes,
  stateOf,
  type Breaker,
  type BreakerPolicy,
} from '@hookline/domain';
import type { Breakers } from '@hookline/limits';
import { createOldestFirst } from './oldest-first.ts';

interface Held {
  breaker: Breaker;
  untilMs: number;
}

/** About 50 MB. Beyond that those go that were heard of least recently: they count as closed again. */
const MAX_BREAKERS = 100_000;
/** Looked at per call; more than one, so that they go faster than they come. */
const SWEPT_PER_CHANGE = 2;

export function createMemoryBreakers(policy: BreakerPolicy, { maxBreakers = MAX_BREAKERS } = {}): Breakers {
  const held = createOldestFirst<Held>();

  function find(webhookId: string, nowMs: number): Breaker {
    const found = held.get(webhookId);
    return found === undefined || found.untilMs <= nowMs ? createBreaker() : found.breaker;
  }

  function sweep(nowMs: number): void {
    for (let swept = 0; swept < SWEPT_PER_CHANGE; swept++) {
      const oldest = held.oldest();
      if (oldest === undefined || (oldest[1].untilMs > nowMs && held.size <= maxBreakers)) return;
      held.delete(oldest[0]);
    }
  }

  function change(webhookId: string, nowMs: number, rule: (breaker: Breaker) => Breaker): Breaker {
    const before = find(webhookId, nowMs);
    const after = rule(before);
    if (after !== before) {
      held.add(webhookId, { breaker: after, untilMs: forgottenAtMs(after, policy, nowMs) });
      sweep(nowMs);
    }
    return after;
  }

  return {
    report: async (reports, nowMs) =>
      reports.map((report) =>
        stateOf(
          change(report.webhookId, nowMs, (breaker) => noteOutcomes(breaker, report, policy, nowMs)),
          nowMs,
        ),
      ),

    claimProbes: async (claims, nowMs) =>
      claims.map(({ webhookId, token, untilMs }) => {
        const breaker = change(webhookId, nowMs, (before) => claimProbe(before, token, untilMs, nowMs));
        return { granted: breaker.probe?.token === token, state: stateOf(breaker, nowMs) };
      }),
  };
}
