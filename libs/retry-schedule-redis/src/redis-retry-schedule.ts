import { InvalidInput } from '@hookline/domain';
import { connectRedis, loadScripts, type RedisConnection, type RedisLog, type ScriptReply } from '@hookline/redis';
import type { Answer, HeldCursor, RetrySchedule, ScheduleChange } from '@hookline/retry-schedule';
import { decodeEntry, encodeEntry } from './entry-codec.ts';

export interface RedisRetryScheduleOptions {
  url: string;
  /** Put before all keys, `hookline` by default. */
  keyPrefix?: string;
  log: RedisLog;
  /** How long a call may take, waiting for the connection included. 2 s by default. */
  commandTimeoutMs?: number;
}

/** The rest of maxmemory is for what claims move about, and for the other users of this Redis. */
const FULL_ABOVE_PERCENT = 80;

const SCRIPTS = new URL('./scripts/', import.meta.url);
const FENCED = ['apply', 'claim', 'mark-handed-over', 'answered', 'put-back'] as const;

/**
 * Per partition a cursor, the entries, and a sorted set for each state (waiting by due time, claimed by the end of the claim, handed
 * over by the offset), all in one hash slot; every call is one Lua script. Needs Redis 6.2 or later.
 */
export function createRedisRetrySchedule(options: RedisRetryScheduleOptions): RetrySchedule {
  const { keyPrefix = 'hookline', ...connectionOptions } = options;
  const redis = connectRedis(connectionOptions);
  const scripts = {
    ...loadScripts(redis, SCRIPTS, ['reset', 'counts']),
    ...loadScripts(redis, SCRIPTS, FENCED, 'fence'),
  };

  function keysOf(partition: number): string[] {
    const slot = `{${keyPrefix}:retries:${partition}}`;
    return ['cursor', 'waiting', 'claimed', 'handed-over', 'entries'].map((part) => `${slot}:${part}`);
  }

  return {
    async held(partition) {
      const [cursorKey = ''] = keysOf(partition);
      const fields = await redis.run((client) => client.hmgetBuffer(cursorKey, 'incarnation', 'offset', 'appliedAtMs'));
      return fields[0] === null ? null : readCursor(fields);
    },

    async reset(partition, cursor, nowMs) {
      await scripts.reset(keysOf(partition), [cursor.incarnation, cursor.offset, nowMs]);
    },

    async apply(partition, at, changes, nextOffset, nowMs) {
      const args = [at.incarnation, at.offset, nextOffset, nowMs, FULL_ABOVE_PERCENT, ...changes.flatMap(encodeChange)];
      const reply = readList(await scripts.apply(keysOf(partition), args));
      return readText(reply[0]) === 'full' ? { kind: 'full' } : readAnswer(reply, () => undefined);
    },

    async claim(partition, at, { nowMs, limit, maxBytes, claimMs }) {
      const args = [at.incarnation, at.offset, nowMs, nowMs + claimMs, limit, maxBytes];
      return readAnswer(readList(await scripts.claim(keysOf(partition), args)), (pairs) =>
        inPairs(pairs, (id, value) => decodeEntry(readText(id), value as Buffer)),
      );
    },

    async markHandedOver(partition, at, marks) {
      const args = marks.flatMap(({ deliveryId, offset, handedOverAt }) => [deliveryId, offset, handedOverAt]);
      const reply = await scripts['mark-handed-over'](keysOf(partition), [at.incarnation, at.offset, ...args]);
      return readAnswer(readList(reply), ([count]) => Number(count));
    },

    async answered(partition, at, committed, limit) {
      const reply = await scripts.answered(keysOf(partition), [at.incarnation, at.offset, committed, limit]);
      return readAnswer(readList(reply), (pairs) =>
        inPairs(pairs, (id, offset) => ({ deliveryId: readText(id), offset: readNumber(offset) })),
      );
    },

    async putBack(partition, at, entries, nowMs) {
      const args = entries.flatMap(({ deliveryId, offset }) => [deliveryId, offset]);
      const reply = await scripts['put-back'](keysOf(partition), [at.incarnation, at.offset, nowMs, ...args]);
      return readAnswer(readList(reply), ([count]) => Number(count));
    },

    async counts(partition) {
      const [waiting, claimed, handedOver, oldest] = readList(await scripts.counts(keysOf(partition), []));
      return {
        waiting: Number(waiting),
        claimed: Number(claimed),
        handedOver: Number(handedOver),
        oldestDueAtMs: readText(oldest) === '' ? null : readNumber(oldest),
      };
    },

    check: (deadlineMs) => refuseEviction(redis, deadlineMs),
    close: () => redis.close(),
  };
}

async function refuseEviction(redis: RedisConnection, deadlineMs: number): Promise<void> {
  const info = await redis.run((client) => client.info('memory'), deadlineMs);
  const policy = /^maxmemory_policy:(\S+)/m.exec(info)?.[1];
  if (policy === 'noeviction') return;
  throw new InvalidInput(
    `Redis has maxmemory-policy '${policy}', by which it could drop waiting retries; ` +
      `set it with: redis-cli CONFIG SET maxmemory-policy noeviction (and in redis.conf)`,
  );
}

function encodeChange(change: ScheduleChange): (string | number | Buffer)[] {
  if (change.kind === 'settled') return ['settled', change.deliveryId];
  return ['wait', change.deliveryId, change.attempt, change.dueAtMs, encodeEntry(change)];
}

function readAnswer<T>([kind, ...rest]: ScriptReply[], read: (rest: ScriptReply[]) => T): Answer<T> {
  if (readText(kind) === 'ok') return { kind: 'ok', value: read(rest) };
  return { kind: 'stale', held: rest.length === 0 ? null : readCursor(rest) };
}

function readCursor([incarnation, offset, appliedAtMs]: ScriptReply[]): HeldCursor {
  return { incarnation: readText(incarnation), offset: readNumber(offset), appliedAtMs: readNumber(appliedAtMs) };
}

function inPairs<T>(list: ScriptReply[], read: (first: ScriptReply, second: ScriptReply) => T): T[] {
  return Array.from({ length: list.length / 2 }, (_, index) => read(list[2 * index]!, list[2 * index + 1]!));
}

function readList(reply: ScriptReply): ScriptReply[] {
  if (!Array.isArray(reply)) throw new TypeError(`a script answered ${String(reply)}, not a list`);
  return reply;
}

function readText(reply: ScriptReply | undefined): string {
  if (!Buffer.isBuffer(reply)) throw new TypeError(`a script answered ${String(reply)}, not a string`);
  return reply.toString('utf8');
}

function readNumber(reply: ScriptReply | undefined): number {
  return Number(readText(reply));
}
