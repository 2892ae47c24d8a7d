import { Unavailable } from '@hookline/domain';
import {
  digestOf,
  packDone,
  unpackDone,
  type ClaimAnswer,
  type Deduplication,
  type DeduplicationOptions,
} from '@hookline/limits';
import { loadScripts, type RedisConnection, type RedisLog } from '@hookline/redis';
import { keysThatFit } from './room.ts';

/** How often a process that claims looks at Redis' memory: 10,000 keys a second are 2.5 MB until the next look. */
const LOOK_EVERY_MS = 1_000;

/** Digests are of one length and all in one hash, so that a key costs about 150 bytes beside its answer, however long it is. */
export function createRedisDeduplication(
  redis: RedisConnection,
  scriptFolder: URL,
  keyPrefix: string,
  { pendingMs, windowMs, maxKeys }: DeduplicationOptions,
  onDropped: (count: number) => void,
  log: RedisLog,
): Deduplication {
  const scripts = loadScripts(redis, scriptFolder, ['claim', 'finish', 'abandon'], 'held');
  const { room } = loadScripts(redis, scriptFolder, ['room']);
  const keys = [`{${keyPrefix}:deduplication}:entries`, `{${keyPrefix}:deduplication}:queue`];

  let fitting = Infinity;
  let lookAgainAtMs = 0;
  let isBlind = false;

  /** Nobody waits for it; without an answer the last one holds. */
  async function look(): Promise<void> {
    lookAgainAtMs = performance.now() + LOOK_EVERY_MS;
    try {
      const [limit, used, ofKeys, held] = (await room(keys, [])) as [number, number, number, number];
      fitting = keysThatFit({ limit, used, ofKeys, keys: held });
      isBlind = false;
    } catch (error) {
      if (error instanceof Unavailable || isBlind) return;
      isBlind = true;
      log.warn({ err: error }, 'deduplication.memory_unknown');
    }
  }

  function mostKeys(): number {
    if (performance.now() >= lookAgainAtMs) void look();
    return Math.min(maxKeys, fitting);
  }

  function tellDropped(count: unknown): void {
    if (Number(count) > 0) onDropped(Number(count));
  }

  return {
    async claim(claims, nowMs) {
      if (claims.length === 0) return [];
      const args: (Buffer | string | number)[] = [nowMs, nowMs + pendingMs, mostKeys()];
      for (const { key, token } of claims) args.push(digestOf(key), token);
      const [dropped, ...others] = (await scripts.claim(keys, args)) as (number | Buffer | null)[];
      tellDropped(dropped);
      const answers = claims.map((): ClaimAnswer => ({ kind: 'claimed' }));
      for (let at = 0; at < others.length; at += 2) answers[Number(others[at])] = toAnswer(others[at + 1]);
      return answers;
    },

    async finish(finished, nowMs) {
      if (finished.length === 0) return;
      const args: (Buffer | string | number)[] = [nowMs, nowMs + windowMs, mostKeys()];
      for (const { key, token, bodyHash, answer } of finished) {
        args.push(digestOf(key), token, packDone(bodyHash, answer));
      }
      tellDropped(await scripts.finish(keys, args));
    },

    async abandon(abandoned) {
      if (abandoned.length === 0) return;
      await scripts.abandon(
        keys,
        abandoned.flatMap(({ key, token }) => [digestOf(key), token]),
      );
    },
  };
}

function toAnswer(value: number | Buffer | null | undefined): ClaimAnswer {
  return Buffer.isBuffer(value) ? unpackDone(value.toString('utf8')) : { kind: 'pending' };
}
