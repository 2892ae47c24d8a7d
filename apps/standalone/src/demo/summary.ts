import type { Payload } from './payloads.ts';
import type { DemoReceiver } from './receiver.ts';

const SHOWN_PROBLEMS = 5;

export function summarize(
  events: readonly (Payload & { id: string })[],
  publishedAtMs: ReadonlyMap<string, number>,
  receiver: DemoReceiver,
): string {
  const latencies = [...receiver.arrivedAtMs]
    .map(([id, atMs]) => atMs - (publishedAtMs.get(id) ?? atMs))
    .sort((a, b) => a - b);
  const quantile = (share: number) =>
    latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0;
  const kilobytes = Math.round(events.reduce((sum, { data }) => sum + Buffer.byteLength(data), 0) / 1024);
  return [
    `  events     ${events.length} of ${new Set(events.map(({ type }) => type)).size} types, ${kilobytes} KiB`,
    `  arrived    ${receiver.arrivedAtMs.size} with the right signature and the same bytes`,
    `  latency    p50 ${quantile(0.5)} ms, p99 ${quantile(0.99)} ms, from the call to the arrival`,
    ...(receiver.wrong.length === 0 ? [] : [`  wrong      ${receiver.wrong.length}`]),
    ...receiver.wrong.slice(0, SHOWN_PROBLEMS).map((problem) => `    ${problem}`),
  ].join('\n');
}
