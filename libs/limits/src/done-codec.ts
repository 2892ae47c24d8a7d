import type { ClaimAnswer } from './limits.ts';

/** What a done key keeps, as one string; `unpackDone` reads it. Any text may be in either part. */
export function packDone(bodyHash: string, answer: string): string {
  return `${bodyHash.length}|${bodyHash}${answer}`;
}

export function unpackDone(packed: string): ClaimAnswer & { kind: 'done' } {
  const from = packed.indexOf('|') + 1;
  const to = from + Number(packed.slice(0, from - 1));
  return { kind: 'done', bodyHash: packed.slice(from, to), answer: packed.slice(to) };
}
