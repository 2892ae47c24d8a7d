import type { CheckResult } from './stage.ts';

export function printCounts(result: CheckResult): void {
  const { sent, acknowledged, arrived, duplicates, missingCount, missing } = result;
  console.log(
    `  ${sent} sent / ${acknowledged} acknowledged / ${arrived} arrived / ${duplicates} duplicates / ${missingCount} missing`,
  );
  if (missingCount > 0) console.log(`  missing: ${missing.join(' ')}${missingCount > missing.length ? ' ...' : ''}`);
}

/** What a run came to: nothing in `problems` means that it passed. A sabotage counts as noticed only by the problem that it must cause. */
export type Problem =
  'missing' | 'disorder' | 'resent' | 'unacknowledged' | 'forged' | 'idle' | 'slow' | 'sender' | 'incomplete';

/** What every run must come to: all sent was acknowledged, all acknowledged arrived, with the right signature. */
export function problemsOf(result: CheckResult, forged: number, atLeast = 1): Set<Problem> {
  const problems = new Set<Problem>();
  if (result.missingCount > 0) problems.add('missing');
  if (forged > 0) problems.add('forged');
  if (result.acknowledged < result.sent || result.acknowledged < atLeast) problems.add('unacknowledged');
  return problems;
}
