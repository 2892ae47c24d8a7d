/**
 * Several processes' metrics as one text of Prometheus': what belongs to one name stands together, below its HELP and TYPE. Nothing is added up: each process' series
 * carry a label of its own, so that a counter that begins anew with its process is seen to.
 * @param texts as prom-client writes them: a blank line after what belongs to one name
 */
export function mergeMetrics(texts: readonly string[]): string {
  const merged = new Map<string, string[]>();
  for (const block of texts.flatMap((text) => text.trim().split('\n\n'))) {
    const [help, type, ...samples] = block.split('\n');
    if (help === undefined || type === undefined) continue;
    const head = `${help}\n${type}`;
    const others = merged.get(head);
    if (others === undefined) merged.set(head, samples);
    else others.push(...samples);
  }
  return [...merged].map(([head, samples]) => [head, ...samples].join('\n')).join('\n\n') + '\n';
}
