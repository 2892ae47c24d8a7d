import type { BreakerPolicy, BreakerState } from '@hookline/domain';
import type { Breakers } from '@hookline/limits';
import { loadScripts, type RedisConnection } from '@hookline/redis';
import { inChunks } from './in-chunks.ts';
import { createKeys } from './keys.ts';

/** A key per webhook that has been heard of within the policy's window, of about 150 bytes beside its name. */
export function createRedisBreakers(
  redis: RedisConnection,
  scriptFolder: URL,
  keyPrefix: string,
  policy: BreakerPolicy,
): Breakers {
  const scripts = loadScripts(redis, scriptFolder, ['report', 'claim-probes'], 'breaker');
  const { failuresInARow, failurePercent, minOutcomes, windowMs, openMs, maxOpenMs } = policy;
  const keys = createKeys(`${keyPrefix}:breaker`, redis.isCluster);
  const webhookOf = ({ webhookId }: { webhookId: string }) => webhookId;

  return {
    report: (reports, nowMs) =>
      inChunks(keys, reports, webhookOf, async (chunk, names) => {
        const args: (string | number)[] = [
          nowMs,
          windowMs,
          failuresInARow,
          failurePercent,
          minOutcomes,
          openMs,
          maxOpenMs,
        ];
        for (const { succeeded, failed, failuresInARow: row, probe = '' } of chunk) {
          args.push(succeeded, failed, row, probe);
        }
        const reply = (await scripts.report(names, args)) as number[];
        return chunk.map((_, index) => toState(reply[2 * index]!, reply[2 * index + 1]!, nowMs));
      }),

    claimProbes: (claims, nowMs) =>
      inChunks(keys, claims, webhookOf, async (chunk, names) => {
        const args = chunk.flatMap(({ token, untilMs }) => [token, untilMs]);
        const reply = (await scripts['claim-probes'](names, [nowMs, windowMs, ...args])) as number[];
        return chunk.map((_, index) => ({
          granted: reply[3 * index + 2] === 1,
          state: toState(reply[3 * index]!, reply[3 * index + 1]!, nowMs),
        }));
      }),
  };
}

/** @param openUntilMs 0: closed */
function toState(openUntilMs: number, probeUntilMs: number, nowMs: number): BreakerState {
  if (openUntilMs === 0) return { kind: 'closed' };
  if (openUntilMs > nowMs) return { kind: 'open', untilMs: openUntilMs };
  return { kind: 'half_open', probeUntilMs: probeUntilMs > nowMs ? probeUntilMs : null };
}
