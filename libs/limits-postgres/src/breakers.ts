import type { Database, Queryable } from '@hookline/database';
import { claimProbe, createBreaker, forgottenAtMs, noteOutcomes, stateOf } from '@hookline/domain';
import type { Breaker, BreakerPolicy } from '@hookline/domain';
import type { Breakers } from '@hookline/limits';
import { createSweep } from './sweep.ts';

/** $1 webhooks, in order. What is missing is made, so that there is a row to lock. */
const MAKE = `
  INSERT INTO breakers (webhook_id, breaker, until_ms) SELECT webhook_id, $2::jsonb, 0 FROM unnest($1::text[]) AS made (webhook_id)
  ON CONFLICT DO NOTHING`;

/** $1 webhooks, $2 now */
const HELD = `
  SELECT webhook_id AS "webhookId", breaker FROM breakers WHERE webhook_id = ANY ($1) AND until_ms > $2 ORDER BY webhook_id`;

const LOCK = 'SELECT FROM breakers WHERE webhook_id = ANY ($1) ORDER BY webhook_id FOR UPDATE';

/** $1 webhooks, $2 breakers, $3 until */
const KEEP = `
  UPDATE breakers SET breaker = kept.breaker::jsonb, until_ms = kept.until_ms
  FROM unnest($1::text[], $2::text[], $3::bigint[]) AS kept (webhook_id, breaker, until_ms)
  WHERE breakers.webhook_id = ANY ($1) AND breakers.webhook_id = kept.webhook_id`;

/** $1 now, $2 limit */
const SWEEP = `
  DELETE FROM breakers WHERE webhook_id = ANY (ARRAY(
    SELECT webhook_id FROM breakers WHERE until_ms <= $1 ORDER BY until_ms LIMIT $2 FOR UPDATE SKIP LOCKED))`;

export function createPostgresBreakers(database: Database, policy: BreakerPolicy): Breakers {
  const sweep = createSweep(database, SWEEP);

  /** Applies a rule to the breaker of each item, in order, under the lock of its row. */
  async function change<T extends { webhookId: string }>(
    items: readonly T[],
    nowMs: number,
    rule: (breaker: Breaker, item: T) => Breaker,
  ): Promise<Breaker[]> {
    const ids = [...new Set(items.map(({ webhookId }) => webhookId))].sort();
    const after = await database.transaction(async (tx) => {
      await tx.query(MAKE, [ids, JSON.stringify(createBreaker())]);
      await tx.query(LOCK, [ids]);
      const held = await find(tx, ids, nowMs);
      const changed = new Set<string>();
      const breakers = items.map((item) => {
        const { webhookId } = item;
        const before = held.get(webhookId) ?? createBreaker();
        const breaker = rule(before, item);
        if (breaker !== before) changed.add(webhookId);
        held.set(webhookId, breaker);
        return breaker;
      });
      await keep(tx, [...changed], held, nowMs);
      return breakers;
    });
    await sweep(ids.length, nowMs);
    return after;
  }

  async function keep(tx: Queryable, ids: string[], held: Map<string, Breaker>, nowMs: number): Promise<void> {
    if (ids.length === 0) return;
    const breakers = ids.map((id) => held.get(id)!);
    await tx.query(KEEP, [
      ids,
      breakers.map((breaker) => JSON.stringify(breaker)),
      breakers.map((breaker) => forgottenAtMs(breaker, policy, nowMs)),
    ]);
  }

  return {
    async report(reports, nowMs) {
      // Asking locks nothing.
      const asks = reports.every(({ succeeded, failed, probe }) => succeeded + failed === 0 && probe === undefined);
      if (asks) {
        const held = await find(database, [...new Set(reports.map(({ webhookId }) => webhookId))], nowMs);
        return reports.map(({ webhookId }) => stateOf(held.get(webhookId) ?? createBreaker(), nowMs));
      }
      const breakers = await change(reports, nowMs, (breaker, report) => noteOutcomes(breaker, report, policy, nowMs));
      return breakers.map((breaker) => stateOf(breaker, nowMs));
    },

    async claimProbes(claims, nowMs) {
      if (claims.length === 0) return [];
      const breakers = await change(claims, nowMs, (breaker, { token, untilMs }) =>
        claimProbe(breaker, token, untilMs, nowMs),
      );
      return breakers.map((breaker, index) => ({
        granted: breaker.probe?.token === claims[index]!.token,
        state: stateOf(breaker, nowMs),
      }));
    },
  };
}

async function find(source: Queryable, ids: string[], nowMs: number): Promise<Map<string, Breaker>> {
  if (ids.length === 0) return new Map();
  const { rows } = await source.query<{ webhookId: string; breaker: Breaker }>(HELD, [ids, nowMs]);
  return new Map(rows.map(({ webhookId, breaker }) => [webhookId, breaker]));
}
