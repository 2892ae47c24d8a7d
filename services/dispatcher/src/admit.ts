import { setTimeout as sleep } from 'node:timers/promises';
import {
  decodeDelivery,
  decodeEvent,
  encodeRejected,
  GROUP,
  TOPIC,
  type Command,
  type FanOut,
} from '@hookline/contracts';
import type { SharedEvent, Stop } from '@hookline/delivery';
import { sizeOfRecord, type LogRecord, type Position, type RecordBatch } from '@hookline/event-log';
import type { Log, Sabotage } from '@hookline/service-kit';
import type { Dispatch } from './dispatch.ts';
import { planFanOut } from './fan-out.ts';
import type { WebhookFeed } from './follow-webhooks.ts';
import type { HandOvers } from './hand-overs.ts';
import {
  closeRecord,
  createCommandJob,
  createEventJob,
  createFirstInOrder,
  createHandOverJob,
  createOrderedJob,
  type DeliveryJob,
  type RecordProgress,
} from './job.ts';
import { createMatch } from './match.ts';
import type { DispatcherMetrics } from './metrics.ts';
import { orderKeyOf } from './order-key.ts';
import type { Recorder } from './record.ts';
import type { PlacedJob, Sequences } from './sequences.ts';
import type { KnownWebhook, WebhookTable } from './webhook-table.ts';

/** Records in, jobs out. */
export interface Admission {
  /** Resolves when every record has become jobs of the engine, or the partition is lost, or intake stops. */
  received(batch: RecordBatch): Promise<void>;
  /** Takes no further record; resolves when those under way have become jobs. */
  stop(): Promise<void>;
}

/** Unreadable records whose copies are not durable yet, and commands that are not carried out: with so many, or so many bytes of them, intake waits. */
const MOST_HELD = 1_000;
const MOST_HELD_BYTES = 64 * 1024 * 1024;
const HELD_POLL_MS = 20;

/** Of a record; null: whoever got it is done with it. */
type Jobs = DeliveryJob[] | null;

export interface AdmissionDeps {
  table: WebhookTable;
  feed: Pick<WebhookFeed, 'current'>;
  dispatch: Dispatch;
  recorder: Recorder;
  handOvers: Pick<HandOvers, 'append' | 'full'>;
  sequences: Pick<Sequences, 'add' | 'room' | 'read' | 'marked'>;
  metrics: DispatcherMetrics;
  log: Log;
  sabotage: Sabotage | undefined;
}

export function createAdmission({
  table,
  feed,
  dispatch,
  recorder,
  handOvers,
  sequences,
  metrics,
  log,
  sabotage,
}: AdmissionDeps): Admission {
  const match = createMatch(table, log);
  let stopped = false;
  let held = 0;
  let heldBytes = 0;
  const admitting = new Set<Promise<void>>();

  function jobsOf(record: LogRecord, progress: RecordProgress): Jobs | Promise<Jobs> {
    if (record.topic === TOPIC.events) {
      const decoded = decodeEvent(record);
      if (decoded.kind === 'unreadable') return reject(record, progress, decoded.reason);
      const event = { ...decoded.event, payloads: null };
      const matched = match(event);
      if (!(matched instanceof Promise)) return jobsOfMatch(event, matched, progress);
      return matched.then((webhooks) => (progress.lost() ? null : jobsOfMatch(event, webhooks, progress)));
    }
    const decoded = decodeDelivery(record);
    if (decoded.kind === 'retry') return [createHandOverJob(decoded.retry, progress)];
    if (decoded.kind === 'fan-out') return jobsOfFanOut(decoded.fanOut, progress, record.timestampMs);
    if (decoded.kind === 'ordered') return [createOrderedJob(decoded.ordered, progress, record.timestampMs)];
    if (decoded.kind === 'unreadable') return reject(record, progress, decoded.reason);
    if (decoded.kind === 'mark') {
      sequences.marked(record.partition, decoded.mark);
      return [];
    }
    const { command } = decoded;
    metrics.commands.inc({ kind: command.kind });
    if (command.kind === 'attempt') return [createCommandJob(command, progress)];
    return end(record, progress, command);
  }

  function jobsOfMatch(event: SharedEvent, matched: readonly KnownWebhook[], progress: RecordProgress): DeliveryJob[] {
    const { direct, records } = planFanOut(event, matched);
    if (records.length > 0) {
      progress.open++;
      handOvers.append(
        records,
        () => progress.position,
        progress.lost,
        () => closeRecord(progress),
      );
    }
    return direct.map(({ id }) => createEventJob(event, id, progress));
  }

  function jobsOfFanOut(fanOut: FanOut, progress: RecordProgress, writtenAtMs: number): DeliveryJob[] {
    const { event: carried, webhookIds, orderBy } = fanOut;
    const event = { ...carried, payloads: null };
    const key = orderBy === null ? null : orderKeyOf(event, orderBy);
    if (key === null) return webhookIds.map((id) => createEventJob(event, id, progress));
    const first = { key, writtenAtMs, sharers: webhookIds.length };
    return webhookIds.map((id) => createFirstInOrder(event, id, progress, first));
  }

  /** Commands that need no request. */
  function end(record: LogRecord, { batch }: RecordProgress, command: Exclude<Command, { kind: 'attempt' }>): null {
    const forget = hold(record);
    const durable = () => {
      forget();
      batch.done(record.offset);
    };
    if (command.kind === 'cancel') dispatch.cancel(command, positionOf(record), durable);
    else dispatch.bury(command, positionOf(record), durable);
    return null;
  }

  function reject(record: LogRecord, { batch }: RecordProgress, reason: string): null {
    const { topic, partition, offset } = record;
    metrics.rejected.inc({ topic });
    log.warn({ topic, partition, offset, reason }, 'record.rejected');
    const forget = hold(record);
    recorder.record([encodeRejected(record, GROUP.dispatcher, reason)], positionOf(record), () => {
      forget();
      batch.done(offset);
    });
    return null;
  }

  /** What becomes no job counts here until it is durable. */
  function hold(record: LogRecord): () => void {
    const sizeBytes = sizeOfRecord(record);
    held++;
    heldBytes += sizeBytes;
    return () => {
      held--;
      heldBytes -= sizeBytes;
    };
  }

  function holdsTooMuch(): boolean {
    return handOvers.full() || held >= MOST_HELD || heldBytes >= MOST_HELD_BYTES;
  }

  async function untilDurable(stop: Stop): Promise<void> {
    while (holdsTooMuch() && !stop.aborted) await sleep(HELD_POLL_MS);
  }

  async function admit(batch: RecordBatch, stop: Stop): Promise<void> {
    const lost = () => batch.signal.aborted;
    for (const record of batch.records) {
      if (holdsTooMuch()) await untilDurable(stop);
      if (stop.aborted) return;
      const progress: RecordProgress = { batch, position: positionOf(record), lost, open: 0 };
      const made = jobsOf(record, progress);
      const jobs = made instanceof Promise ? await made : made;
      if (jobs === null) continue;
      progress.open += jobs.length;
      if (progress.open === 0 || sabotage === 'commit-early') batch.done(record.offset);
      for (const job of jobs) {
        if (isPlaced(job)) {
          const room = sequences.room(job, stop);
          if (room !== null) await room;
          sequences.add(job);
          continue;
        }
        // Asked again after waiting: of those who waited, the first may have taken all the room.
        for (let room = dispatch.engine.room(stop); room !== null; room = dispatch.engine.room(stop)) await room;
        // A record that has begun is finished when intake stops: half a fan-out would be sent again by whoever reads it next.
        if (lost()) return;
        dispatch.submit(job);
      }
    }
  }

  function noteRead({ partition, records }: RecordBatch): void {
    const bytes = records.reduce((sum, { value }) => sum + (value?.length ?? 0), 0);
    sequences.read(partition, records.at(-1)?.offset ?? 0, bytes);
  }

  return {
    async received(batch) {
      const stop: Stop = {
        get aborted() {
          return stopped || batch.signal.aborted;
        },
      };
      if (!(await feed.current(stop)) || stop.aborted) return;
      if (batch.topic === TOPIC.deliveries) noteRead(batch);
      const admitted = admit(batch, stop);
      admitting.add(admitted);
      await admitted.finally(() => admitting.delete(admitted));
    },
    async stop() {
      stopped = true;
      await Promise.allSettled(admitting);
    },
  };
}

function isPlaced(job: DeliveryJob): job is PlacedJob {
  return job.order !== null;
}

/** Without what the record holds: it is kept for as long as a delivery takes. */
function positionOf({ topic, partition, offset }: LogRecord): Position {
  return { topic, partition, offset };
}
