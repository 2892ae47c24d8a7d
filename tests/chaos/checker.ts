// A process of its own: compares the journals by id. Exit code 1 if an acknowledged event has not arrived.
import { readJournal } from './journal.ts';

export interface CheckerSettings {
  sender: string[];
  receiver: string;
}

export interface Findings {
  sent: number;
  acknowledged: number;
  arrived: number;
  duplicates: number;
  /** Taken again after having been refused before: the retries' share of the duplicates. */
  retriedDuplicates: number;
  missing: string[];
}

const SHOWN = 20;

function compare({ sender, receiver }: CheckerSettings): Findings {
  const sent = new Set<string>();
  const acknowledged = new Set<string>();
  for (const [what, id] of sender.flatMap(readJournal)) {
    if (what === 'sent') sent.add(id as string);
    else acknowledged.add(id as string);
  }
  const arrived = new Map<string, number>();
  const refused = new Set<string>();
  for (const [what, id, , status] of readJournal(receiver)) {
    if (what !== 'arrived') continue;
    if (status === '200') arrived.set(id as string, (arrived.get(id as string) ?? 0) + 1);
    else refused.add(id as string);
  }
  const again = [...arrived].filter(([, times]) => times > 1);
  const count = (of: [string, number][]) => of.reduce((sum, [, times]) => sum + times - 1, 0);
  return {
    sent: sent.size,
    acknowledged: acknowledged.size,
    arrived: arrived.size,
    duplicates: count(again),
    retriedDuplicates: count(again.filter(([id]) => refused.has(id))),
    missing: [...acknowledged].filter((id) => !arrived.has(id)),
  };
}

const findings = compare(JSON.parse(process.argv[2] as string) as CheckerSettings);
const { missing, ...counts } = findings;
process.stdout.write(
  `${JSON.stringify({ ...counts, missing: missing.slice(0, SHOWN), missingCount: missing.length })}\n`,
);
process.exit(missing.length > 0 || findings.acknowledged === 0 ? 1 : 0);
