import type { Database, Queryable } from '@hookline/database';
import { compareTexts, foldDeadLetters } from './fold-deliveries.ts';
import { dayOf, suffixOf, type Day } from './place.ts';
import type { AttemptRow, DeadLetterRow, DeliveryRow, Entry, EventRow, MetadataRow } from './rows.ts';
import { insertEvents, insertMetadata, replaceDeadLetters, type Expected } from './statements.ts';
import { writeDeliveries } from './write-deliveries.ts';

/** Rows inserted or changed. */
export interface Written {
  events: number;
  attempts: number;
  deliveries: number;
  dead_letters: number;
}

interface DayRows {
  events: EventRow[];
  metadata: MetadataRow[];
  attempts: AttemptRow[];
  deliveries: DeliveryRow[];
}

export type EntriesByDay = ReadonlyMap<Day, DayRows>;

/** The days whose tables must be there, with what goes there. */
export function byDay(entries: readonly Entry[]): EntriesByDay {
  const days = new Map<Day, DayRows>();
  for (const entry of entries) {
    const day = dayOf(entry.kind === 'event' ? entry.event.accepted_at : entry.delivery.accepted_at);
    let rows = days.get(day);
    if (rows === undefined) days.set(day, (rows = { events: [], metadata: [], attempts: [], deliveries: [] }));
    if (entry.kind === 'event') {
      rows.events.push(entry.event);
      rows.metadata.push(...entry.metadata);
    } else {
      rows.deliveries.push(entry.delivery);
      if (entry.kind === 'attempt') rows.attempts.push(entry.attempt);
    }
  }
  return days;
}

/**
 * Writes what records say, in one transaction. The same entries again, or older ones later, change nothing. Where they are expected to be `unseen` it may
 * fail with 23505, or by a deadlock with another writer that met the same ones: then they are to be written as `any`.
 */
export async function writeEntries(
  database: Database,
  entries: readonly Entry[],
  days: EntriesByDay,
  expected: Expected,
): Promise<Written> {
  const letters: DeadLetterRow[] = [];
  for (const entry of entries) if (entry.kind === 'dead_letter') letters.push(entry.letter);
  const folded = foldDeadLetters(letters);
  // Two writers of `any` that meet take the same rows in the same order, so neither waits for the other for ever; one of `unseen` takes them in another.
  const sorted = [...days].sort(([one], [other]) => one - other);
  return database.transaction(async (tx) => {
    const written: Written = { events: 0, attempts: 0, deliveries: 0, dead_letters: 0 };
    for (const [day, rows] of sorted) await writeDay(tx, suffixOf(day), rows, expected, written);
    written.dead_letters = await replaceDeadLetters(tx, folded);
    return written;
  });
}

async function writeDay(
  tx: Queryable,
  day: string,
  rows: DayRows,
  expected: Expected,
  written: Written,
): Promise<void> {
  rows.events.sort((one, other) => compareTexts(one.tenant, other.tenant) || compareTexts(one.id, other.id));
  rows.metadata.sort((one, other) => compareTexts(one.event_id, other.event_id) || compareTexts(one.pair, other.pair));
  written.events += await insertEvents(tx, day, rows.events, expected);
  await insertMetadata(tx, day, rows.metadata);
  const { deliveries, attempts } = await writeDeliveries(tx, day, rows, expected);
  written.deliveries += deliveries;
  written.attempts += attempts;
}
