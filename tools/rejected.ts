// npm run rejected -- list | replay: shows the records that no consumer could read, or puts them back where they were.
import { createBackends } from '@hookline/backends';
import { decodeRejected, GROUP, TOPIC, type OmittedRecord, type OutgoingRecord } from '@hookline/contracts';
import { Unavailable } from '@hookline/domain';
import type { EventLog, LogRecord } from '@hookline/event-log';
import {
  createLog,
  databaseSection,
  hooklineSection,
  kafkaSection,
  loadConfig,
  logSection,
  redisSection,
  runProcess,
} from '@hookline/service-kit';
import { z } from 'zod';

const USAGE = `npm run rejected -- list     shows each record of webhook.rejected: where it was, who rejected it, and why
npm run rejected -- replay   appends those not replayed yet to the topics that they were in, e.g. after an upgrade that can read them

The stores come from the environment or config.yaml, as for the services. An embedded Hookline (npm start) holds its folder: stop it first.`;

/** So long without a record while there are some to come: then something is wrong, and waiting on would hide it. */
const PATIENCE_MS = 60_000;

const schema = z.strictObject({
  hookline: hooklineSection,
  log: logSection,
  database: databaseSection,
  kafka: kafkaSection,
  redis: redisSection,
});

interface Progress {
  /** Everything up to this offset of the partition is dealt with. */
  reached: (partition: number, offset: number) => void;
  failed: (error: Error) => void;
  /** Resolves when each partition has reached the end that it had. */
  finished: Promise<void>;
}

/** What there is to read of `webhook.rejected` now, from these offsets on (null: from the earliest); null where that is nothing. */
async function createProgress(eventLog: EventLog, from: readonly (number | null)[]): Promise<Progress | null> {
  const [earliest, ends] = await Promise.all([
    // What retention has removed never arrives.
    eventLog.offsetsAt(TOPIC.rejected, 0),
    eventLog.endOffsets(TOPIC.rejected),
  ]);
  const open = new Set(ends.keys());
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let timer: NodeJS.Timeout | undefined;
  function reached(partition: number, offset: number): void {
    if (offset >= (ends[partition] ?? 0)) open.delete(partition);
    clearTimeout(timer);
    if (open.size === 0) return resolve();
    const late = `${TOPIC.rejected} has given no record for ${PATIENCE_MS / 1_000} s, though not all of it is read`;
    timer = setTimeout(() => reject(new Unavailable(late)), PATIENCE_MS);
  }
  for (const partition of ends.keys()) reached(partition, Math.max(from[partition] ?? 0, earliest[partition] ?? 0));
  return open.size === 0 ? null : { reached, failed: reject, finished: promise };
}

const placeOf = (topic: string, partition: number | undefined, offset: number) => `${topic}/${partition}@${offset}`;

function leftWhereItIs({ topic, partition, offset, sizeBytes }: OmittedRecord): string {
  return `${placeOf(topic, partition, offset)} is too large for ${TOPIC.rejected}${sizeBytes === null ? '' : ` (${sizeBytes} bytes)`}: it is still there, for as long as ${topic} keeps it`;
}

function describe(record: LogRecord): string {
  const rejected = decodeRejected(record);
  if (rejected.kind === 'unreadable') return `${record.offset}  not a rejected record: ${rejected.reason}`;
  const { offset, consumer, reason } = rejected;
  const { topic, partition } = rejected.kind === 'omitted' ? rejected : rejected.original;
  const line = `${new Date(record.timestampMs).toISOString()}  ${placeOf(topic, partition, offset)}  ${consumer}: ${reason}`;
  return rejected.kind === 'omitted' ? `${line}  (not kept here: ${leftWhereItIs(rejected)})` : line;
}

async function list(eventLog: EventLog): Promise<void> {
  let count = 0;
  const progress = await createProgress(eventLog, []);
  if (progress !== null) {
    const following = await eventLog.follow({
      topic: TOPIC.rejected,
      onFailure: progress.failed,
      received(records) {
        for (const record of records) {
          console.log(describe(record));
          count++;
          progress.reached(record.partition, record.offset + 1);
        }
        return Promise.resolve();
      },
    });
    await progress.finished;
    await following.close();
  }
  console.log(`${count} rejected records`);
}

async function replay(eventLog: EventLog): Promise<void> {
  /** Several services may have rejected one record: it is put back once. */
  const seen = new Set<string>();
  let count = 0;

  async function putBack(records: readonly LogRecord[]): Promise<void> {
    const originals: OutgoingRecord[] = [];
    for (const record of records) {
      const rejected = decodeRejected(record);
      if (rejected.kind === 'unreadable') {
        console.error(`record ${record.offset} of ${TOPIC.rejected} is not a rejected record: ${rejected.reason}`);
        continue;
      }
      const { topic, partition } = rejected.kind === 'omitted' ? rejected : rejected.original;
      const place = placeOf(topic, partition, rejected.offset);
      if (seen.has(place)) continue;
      seen.add(place);
      if (rejected.kind === 'omitted') console.error(`not put back: ${leftWhereItIs(rejected)}`);
      else originals.push(rejected.original);
    }
    if (originals.length > 0) await eventLog.append(originals);
    count += originals.length;
  }

  const progress = await createProgress(eventLog, await eventLog.committed(GROUP.rejectedReplay, TOPIC.rejected));
  if (progress !== null) {
    const consumption = await eventLog.consume({
      group: GROUP.rejectedReplay,
      topics: [TOPIC.rejected],
      handler: {
        async received(batch) {
          await putBack(batch.records);
          for (const record of batch.records) batch.done(record.offset);
          progress.reached(batch.partition, (batch.records.at(-1)?.offset ?? -1) + 1);
        },
      },
      onFailure: progress.failed,
    });
    await progress.finished;
    await consumption.close();
  }
  console.log(`${count} records put back`);
}

await runProcess('rejected', async (source) => {
  const [wanted = ''] = process.argv.slice(2);
  if (wanted === '--help' || wanted === '-h') {
    console.log(USAGE);
    process.exit(0);
  }
  const command = { list, replay }[wanted];
  if (command === undefined) {
    console.error(USAGE);
    process.exit(2);
  }
  const config = loadConfig(schema, source);
  const log = createLog('rejected', config.log.level);
  const backends = createBackends(config, { service: 'rejected', log, allowEmbedded: true });
  await command(await backends.eventLog());
  await backends.close();
  process.exit(0);
});
