import type { Database } from '@hookline/database';
import { foldDeadLetters, foldDeliveries } from './fold-deliveries.ts';
import type { AttemptRow, DeadLetterRow, DeliveryRow, Entry, EventRow } from './rows.ts';
import { insertAttempts, insertEvents, moveDeliveries, replaceDeadLetters } from './statements.ts';

/** Rows inserted or changed. */
export interface Written {
  events: number;
  attempts: number;
  deliveries: number;
  dead_letters: number;
}

/** Writes what records say, in one transaction. The same entries again, or older ones later, change nothing. */
export async function writeEntries(database: Database, entries: readonly Entry[]): Promise<Written> {
  const events: EventRow[] = [];
  const attempts: AttemptRow[] = [];
  const deliveries: DeliveryRow[] = [];
  const letters: DeadLetterRow[] = [];
  for (const entry of entries) {
    if (entry.kind === 'event') events.push(entry.event);
    else deliveries.push(entry.delivery);
    if (entry.kind === 'attempt') attempts.push(entry.attempt);
    if (entry.kind === 'dead_letter') letters.push(entry.letter);
  }
  // Two writers that meet take the same rows in the same order, so neither waits for the other for ever.
  events.sort((one, other) => compare(one.tenant, other.tenant) || compare(one.id, other.id));
  attempts.sort((one, other) => compare(one.id, other.id));
  const [foldedDeliveries, foldedLetters] = [foldDeliveries(deliveries), foldDeadLetters(letters)];
  return database.transaction(async (tx) => ({
    events: await insertEvents(tx, events),
    attempts: await insertAttempts(tx, attempts),
    deliveries: await moveDeliveries(tx, foldedDeliveries),
    dead_letters: await replaceDeadLetters(tx, foldedLetters),
  }));
}

function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
