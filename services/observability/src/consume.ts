import {
  decodeAttempt,
  decodeDeadLetter,
  decodeEvent,
  GROUP,
  TOPIC,
  unreadable,
  type IncomingRecord,
  type Unreadable,
} from '@hookline/contracts';
import type { Consumption, EventLog, RecordBatch } from '@hookline/event-log';
import type { BatchWriter } from './write/batch-writer.ts';
import type { Reject } from './write/reject.ts';
import {
  attemptEntry,
  deadLetterEntry,
  eventEntry,
  stateEntry,
  type Entry,
  type Keeping,
  type Payloads,
} from './write/rows.ts';

export interface ConsumeDeps {
  eventLog: EventLog;
  writer: BatchWriter;
  reject: Reject;
  batchSize: number;
  payloads: Payloads;
  now: () => number;
  /** Offsets have become done. */
  progressed: () => void;
  fail: (error: Error) => void;
}

/** Everything that happens goes to the tables. A record is done when its rows are committed, or it is in webhook.rejected. */
export function consumeEverything(deps: ConsumeDeps): Promise<Consumption> {
  const { eventLog, writer, reject, batchSize, payloads, now, progressed, fail } = deps;

  async function received(batch: RecordBatch): Promise<void> {
    const readable: { record: IncomingRecord; entry: Entry }[] = [];
    const refused: { record: IncomingRecord; reason: string }[] = [];
    const keeping = { payloads, nowMs: now() };
    for (const record of batch.records) {
      const entry = toEntry(record, keeping);
      if (entry.kind === 'unreadable') refused.push({ record, reason: entry.reason });
      else readable.push({ record, entry });
    }
    const outcome = await writer.write(
      readable.map(({ entry }) => entry),
      batch.signal,
    );
    if (outcome.kind === 'abandoned') return;
    for (const { index, reason } of outcome.refused) refused.push({ record: readable[index]!.record, reason });
    const open = new Set<number>();
    for (const { record, reason } of refused) {
      if (!(await reject(record, reason, batch.signal))) open.add(record.offset);
    }
    for (const { offset } of batch.records) {
      if (!open.has(offset)) batch.done(offset);
    }
    progressed();
  }

  return eventLog.consume({
    group: GROUP.observability,
    topics: [TOPIC.events, TOPIC.attempts, TOPIC.deadLetters],
    maxBatchRecords: batchSize,
    patient: true,
    handler: { received },
    onFailure: fail,
  });
}

function toEntry(record: IncomingRecord, keeping: Keeping): Entry | Unreadable {
  switch (record.topic) {
    case TOPIC.events: {
      const decoded = decodeEvent(record);
      return decoded.kind === 'event' ? eventEntry(decoded.event, keeping) : decoded;
    }
    case TOPIC.attempts: {
      const decoded = decodeAttempt(record);
      if (decoded.kind === 'attempt') return attemptEntry(decoded.attempt, keeping);
      return decoded.kind === 'state' ? stateEntry(decoded.change, keeping) : decoded;
    }
    case TOPIC.deadLetters: {
      const decoded = decodeDeadLetter(record);
      return decoded.kind === 'dead_letter' ? deadLetterEntry(decoded.letter, keeping) : decoded;
    }
    default:
      return unreadable(`nothing is known of the topic ${record.topic}`);
  }
}
