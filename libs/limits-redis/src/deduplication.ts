import {
  digestOf,
  packDone,
  unpackDone,
  type ClaimAnswer,
  type Deduplication,
  type DeduplicationOptions,
} from '@hookline/limits';
import { loadScripts, type RedisConnection } from '@hookline/redis';

/** Digests are of one length and all in one hash, so that a key costs about 150 bytes beside its answer, however long it is. */
export function createRedisDeduplication(
  redis: RedisConnection,
  scriptFolder: URL,
  keyPrefix: string,
  { pendingMs, windowMs, maxKeys }: DeduplicationOptions,
  onDropped: (count: number) => void,
): Deduplication {
  const scripts = loadScripts(redis, scriptFolder, ['claim', 'finish', 'abandon'], 'held');
  const keys = [`{${keyPrefix}:deduplication}:entries`, `{${keyPrefix}:deduplication}:queue`];

  function tellDropped(count: unknown): void {
    if (Number(count) > 0) onDropped(Number(count));
  }

  return {
    async claim(claims, nowMs) {
      if (claims.length === 0) return [];
      const args: (Buffer | string | number)[] = [nowMs, nowMs + pendingMs, maxKeys];
      for (const { key, token } of claims) args.push(digestOf(key), token);
      const [dropped, ...others] = (await scripts.claim(keys, args)) as (number | Buffer | null)[];
      tellDropped(dropped);
      const answers = claims.map((): ClaimAnswer => ({ kind: 'claimed' }));
      for (let at = 0; at < others.length; at += 2) answers[Number(others[at])] = toAnswer(others[at + 1]);
      return answers;
    },

    async finish(finished, nowMs) {
      if (finished.length === 0) return;
      const args: (Buffer | string | number)[] = [nowMs, nowMs + windowMs, maxKeys];
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
