import type { CheckResult } from './stage.ts';

export function printCounts(result: CheckResult): void {
  const { sent, acknowledged, arrived, duplicates, missingCount, missing } = result;
  console.log(
    `  ${sent} sent / ${acknowledged} acknowledged / ${arrived} arrived / ${duplicates} duplicates / ${missingCount} missing`,
  );
  if (missingCount > 0) console.log(`  missing: ${missing.join(' ')}${missingCount > missing.length ? ' ...' : ''}`);
}
