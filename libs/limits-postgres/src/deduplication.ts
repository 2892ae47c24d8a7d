import { randomInt } from 'node:crypto';
import type { Database } from '@hookline/database';
import { digestOf, type ClaimAnswer, type Deduplication, type DeduplicationOptions } from '@hookline/limits';
import { ABANDON, CLAIM, FINISH, FORGET_OLDEST, FORGET_RUN_OUT } from './statements.ts';

/** Processes count in different rows, as a rule. */
const SHARDS = 16;
/** So often at the least what has run out is removed, in steps of twice as many as came since. */
const KEYS_PER_SWEEP = 500;

interface ClaimRow {
  claimed: boolean;
  bodyHash: string | null;
  answer: string | null;
  held: number;
}

export function createPostgresDeduplication(
  database: Database,
  { pendingMs, windowMs, maxKeys }: DeduplicationOptions,
  onDropped: (count: number) => void,
): Deduplication {
  const shard = randomInt(SHARDS);
  let addedSinceSweep = 0;

  async function forget(statement: string, parameters: number[]): Promise<number> {
    const { rows } = await database.query<{ forgotten: number; dropped: number }>(statement, [shard, ...parameters]);
    const { forgotten, dropped } = rows[0]!;
    if (dropped > 0) onDropped(dropped);
    return forgotten;
  }

  /** What ran out goes twice as fast as others come, but never all in one call; then, if there are still too many, the oldest. */
  async function makeRoom(added: number, held: number, nowMs: number): Promise<void> {
    addedSinceSweep += added;
    let excess = held - maxKeys;
    if (addedSinceSweep >= KEYS_PER_SWEEP || excess > 0) {
      const atMost = 2 * addedSinceSweep;
      addedSinceSweep = 0;
      if (atMost > 0) excess -= await forget(FORGET_RUN_OUT, [nowMs, atMost, nowMs - windowMs]);
    }
    if (excess > 0) await forget(FORGET_OLDEST, [nowMs, Math.min(excess, 2 * added + 100)]);
  }

  return {
    async claim(claims, nowMs) {
      const byKey = firstOfEach(claims);
      if (byKey.size === 0) return [];
      const first = [...byKey.values()];
      const { rows } = await database.query<ClaimRow>(CLAIM, [shard, ...columnsOf(byKey), nowMs, nowMs + pendingMs]);
      const answers = new Map(first.map((claim, index) => [claim, toAnswer(rows[index]!)]));
      const added = rows.filter(({ claimed }) => claimed).length;
      await makeRoom(added, rows[0]?.held ?? 0, nowMs);
      return claims.map((claim) => answers.get(claim) ?? repeated(answers.get(byKey.get(idOf(claim.key))!)));
    },

    async finish(finished, nowMs) {
      const byKey = firstOfEach(finished);
      if (byKey.size === 0) return;
      const first = [...byKey.values()];
      await database.query(FINISH, [
        shard,
        ...columnsOf(byKey),
        nowMs,
        nowMs + windowMs,
        first.map(({ bodyHash }) => bodyHash),
        first.map(({ answer }) => answer),
      ]);
    },

    async abandon(abandoned) {
      const byKey = firstOfEach(abandoned);
      if (byKey.size > 0) await database.query(ABANDON, [shard, ...columnsOf(byKey)]);
    },
  };
}

function toAnswer({ claimed, bodyHash, answer }: ClaimRow): ClaimAnswer {
  if (claimed) return { kind: 'claimed' };
  return bodyHash === null || answer === null ? { kind: 'pending' } : { kind: 'done', bodyHash, answer };
}

/** For a key named again in one call: what the first was given is not free for the second. */
function repeated(first: ClaimAnswer | undefined): ClaimAnswer {
  return first?.kind === 'done' ? first : { kind: 'pending' };
}

/** A statement may name a key only once. */
function firstOfEach<T extends { key: string }>(items: readonly T[]): Map<string, T> {
  const byKey = new Map<string, T>();
  for (const item of items) {
    const id = idOf(item.key);
    if (!byKey.has(id)) byKey.set(id, item);
  }
  return byKey;
}

function columnsOf(byKey: Map<string, { token: string }>): [Buffer[], string[]] {
  return [[...byKey.keys()].map((id) => Buffer.from(id, 'latin1')), [...byKey.values()].map(({ token }) => token)];
}

function idOf(key: string): string {
  return digestOf(key).toString('latin1');
}
