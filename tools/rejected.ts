// npm run rejected -- list | replay: shows the records that no consumer could read, or puts them back where they were.
import { createBackends } from '@hookline/backends';
import { decodeRejected, GROUP, TOPIC, type OutgoingRecord } from '@hookline/contracts';
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
npm run rejected -- replay   appends those not replayed yet to the topics that they were in, e.g. after an upgrade that can read them`;

const schema = z.strictObject({
  hookline: hooklineSection,
  log: logSection,
  database: databaseSection,
  kafka: kafkaSection,
  redis: redisSection,
});

/** Reads from the group's committed offset to the present end; resolves when `handle` has dealt with all of it. */
async function readToEnd(
  eventLog: EventLog,
  group: string,
  handle: (records: LogRecord[]) => Promise<void>,
): Promise<void> {
  const ends = await eventLog.endOffsets(TOPIC.rejected);
  const committed = await eventLog.committed(group, TOPIC.rejected);
  const open = new Set(ends.keys().filter((partition) => (committed[partition] ?? 0) < (ends[partition] ?? 0)));
  if (open.size === 0) return;
  const finished = Promise.withResolvers<void>();
  const consumption = await eventLog.consume({
    group,
    topics: [TOPIC.rejected],
    handler: {
      async received(batch) {
        await handle(batch.records);
        for (const record of batch.records) batch.done(record.offset);
        if ((batch.records.at(-1)?.offset ?? -1) + 1 >= (ends[batch.partition] ?? 0)) open.delete(batch.partition);
        if (open.size === 0) finished.resolve();
      },
    },
    onFailure: (error) => finished.reject(error),
  });
  await finished.promise;
  await consumption.close();
}

async function list(eventLog: EventLog): Promise<void> {
  let count = 0;
  const following = await eventLog.follow({
    topic: TOPIC.rejected,
    onFailure: (error) => {
      throw error;
    },
    async received(records) {
      for (const record of records) {
        const rejected = decodeRejected(record);
        count++;
        if (rejected.kind === 'unreadable') console.log(`${record.offset}  not a rejected record: ${rejected.reason}`);
        else {
          const { original, offset, consumer, reason } = rejected;
          console.log(
            `${new Date(record.timestampMs).toISOString()}  ${original.topic}/${original.partition}@${offset}  ${consumer}: ${reason}`,
          );
        }
      }
    },
  });
  const ends = await eventLog.endOffsets(TOPIC.rejected);
  while (following.position().some((position, partition) => position < (ends[partition] ?? 0))) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await following.close();
  console.log(`${count} rejected records`);
}

async function replay(eventLog: EventLog): Promise<void> {
  let count = 0;
  await readToEnd(eventLog, GROUP.rejectedReplay, async (records) => {
    const originals: OutgoingRecord[] = [];
    for (const record of records) {
      const rejected = decodeRejected(record);
      if (rejected.kind === 'rejected') originals.push(rejected.original);
      else console.error(`record ${record.offset} of ${TOPIC.rejected} is not a rejected record: ${rejected.reason}`);
    }
    if (originals.length > 0) await eventLog.append(originals);
    count += originals.length;
  });
  console.log(`${count} records put back`);
}

await runProcess('rejected', async (source) => {
  const command = { list, replay }[process.argv[2] ?? ''];
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
