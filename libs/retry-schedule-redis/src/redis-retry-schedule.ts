import { InvalidInput } from '@hookline/domain';
import { connectRedis, loadScripts, type RedisAddress, type RedisConnection, type RedisLog } from '@hookline/redis';
import type { Answer, RetrySchedule, ScheduleBounds, ScheduleChange } from '@hookline/retry-schedule';
import { decodeEntry, encodeEntry } from './entry-codec.ts';
import { inPairs, readAnswer, readCursor, readList, readNumber, readText } from './replies.ts';

export interface RedisRetryScheduleOptions extends RedisAddress {
  /** Put before all keys, `hookline` by default. */
  keyPrefix?: string;
  /** How many there are: what one webhook has is counted over all of them. */
  partitions: number;
  bounds: ScheduleBounds;
  log: RedisLog;
  /** How long a call may take, waiting for the connection included. 2 s by default. */
  commandTimeoutMs?: number;
}

/** The rest of maxmemory is for what claims move about, and for the other users of this Redis. */
const FULL_ABOVE_PERCENT = 80;

const SCRIPTS = new URL('./scripts/', import.meta.url);
/** In the order in which the scripts name them (`index.lua`). */
const PARTS = [
  'cursor',
  'waiting',
  'upcoming',
  'line',
  'claimed',
  'handed',
  'excess',
  'holds',
  'entries',
  'usage',
] as const;

/** Some keys per partition (`scripts/index.lua` says what they hold), all in one hash slot; every call is one Lua script. Needs Redis 6.2 or later. */
export function createRedisRetrySchedule(options: RedisRetryScheduleOptions): RetrySchedule {
  const { keyPrefix = 'hookline', partitions, bounds, ...connectionOptions } = options;
  const redis = connectRedis(connectionOptions);
  const scripts = {
    ...loadScripts(redis, SCRIPTS, ['reset', 'backlog']),
    ...loadScripts(redis, SCRIPTS, ['counts'], 'index'),
    ...loadScripts(
      redis,
      SCRIPTS,
      ['mark-handed-over', 'answered', 'put-back', 'hold', 'release', 'holds'],
      'fence',
      'index',
    ),
    ...loadScripts(redis, SCRIPTS, ['apply', 'claim'], 'fence', 'index', 'usage'),
  };

  const keyOf = (partition: number, part: (typeof PARTS)[number]) => `{${keyPrefix}:retries}:${partition}:${part}`;
  const keysOf = (partition: number) => PARTS.map((part) => keyOf(partition, part));
  const totals = `{${keyPrefix}:retries}:totals`;
  const usageKeys = Array.from({ length: partitions }, (_, partition) => keyOf(partition, 'usage'));
  const limits = [bounds.webhook, bounds.tenant].flatMap(({ deliveries, bytes }) => [deliveries, bytes]);

  async function setHolds(call: 'hold' | 'release', ...[partition, at, webhookIds]: Parameters<RetrySchedule['hold']>) {
    const reply = await scripts[call](keysOf(partition), [at.incarnation, at.offset, ...webhookIds]);
    return readAnswer(readList(reply), () => undefined);
  }

  return {
    async held(partition) {
      const fields = await redis.run((client) =>
        client.hmgetBuffer(keyOf(partition, 'cursor'), 'incarnation', 'offset', 'appliedAtMs'),
      );
      return fields[0] === null ? null : readCursor(fields);
    },

    async reset(partition, cursor, nowMs) {
      await scripts.reset([...keysOf(partition), totals], [cursor.incarnation, cursor.offset, nowMs]);
    },

    async apply(partition, at, changes, nextOffset, nowMs): Promise<Answer<void> | { kind: 'full' }> {
      const args = [at.incarnation, at.offset, ...limits, nextOffset, nowMs, FULL_ABOVE_PERCENT];
      for (const change of changes) pushChange(args, change);
      const reply = readList(await scripts.apply([...keysOf(partition), totals, ...usageKeys], args));
      return readText(reply[0]) === 'full' ? { kind: 'full' } : readAnswer(reply, () => undefined);
    },

    async claim(partition, at, { nowMs, limit, perWebhook, maxBytes, claimMs }) {
      const args = [at.incarnation, at.offset, ...limits, nowMs, nowMs + claimMs, limit, perWebhook, maxBytes];
      const reply = readList(await scripts.claim([...keysOf(partition), totals, ...usageKeys], args));
      return readAnswer(reply, ([next, ...pairs]) => ({
        entries: inPairs(pairs, (id, value) => decodeEntry(readText(id), value as Buffer)),
        nextAtMs: readText(next) === '' ? null : readNumber(next),
      }));
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

    hold: (partition, at, webhookIds) => setHolds('hold', partition, at, webhookIds),
    release: (partition, at, webhookIds) => setHolds('release', partition, at, webhookIds),

    async holds(partition, at) {
      const reply = await scripts.holds(keysOf(partition), [at.incarnation, at.offset]);
      return readAnswer(readList(reply), (webhookIds) => webhookIds.map(readText));
    },

    async counts(partition) {
      const [waiting, held, excess, claimed, handedOver, oldest] = readList(
        await scripts.counts(keysOf(partition), []),
      );
      return {
        waiting: Number(waiting),
        held: Number(held),
        excess: Number(excess),
        claimed: Number(claimed),
        handedOver: Number(handedOver),
        oldestDueAtMs: readText(oldest) === '' ? null : readNumber(oldest),
      };
    },

    async backlog(of) {
      const field = 'tenant' in of ? `t${of.tenant}` : `w${of.webhookId}`;
      const [deliveries, bytes] = readList(await scripts.backlog(usageKeys, [field]));
      return { deliveries: Number(deliveries), bytes: Number(bytes) };
    },

    async check(deadlineMs) {
      // Of a cluster the server that has the index must answer; the others may come later.
      await Promise.all([refuseEviction(redis, deadlineMs), redis.run((client) => client.exists(totals), deadlineMs)]);
    },
    close: () => redis.close(),
  };
}

async function refuseEviction(redis: RedisConnection, deadlineMs: number): Promise<void> {
  const answers = await redis.runOnEach((server) => server.info('memory'), deadlineMs);
  const policies = answers.map((info) => /^maxmemory_policy:(\S+)/m.exec(info)?.[1]);
  const refused = policies.filter((policy) => policy !== 'noeviction');
  if (refused.length === 0) return;
  throw new InvalidInput(
    `Redis has maxmemory-policy '${refused[0]}', by which it could drop waiting retries; ` +
      `set it with: redis-cli CONFIG SET maxmemory-policy noeviction (and in redis.conf)`,
  );
}

function pushChange(args: (string | number | Buffer)[], change: ScheduleChange): void {
  if (change.kind === 'settled') args.push('settled', change.deliveryId);
  else args.push('wait', change.deliveryId, encodeEntry(change));
}
