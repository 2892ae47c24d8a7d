import { openDatabase } from '@hookline/database';
import { createPostgresEventLog } from '../src/index.ts';

/** A process that consumes a topic and tells its parent what it has got. */
const [url, group, topic] = process.argv.slice(2) as [string, string, string];
const database = await openDatabase({ url, poolSize: 3 });
const eventLog = createPostgresEventLog({ database, log: console });
await eventLog.consume({
  group,
  topics: [topic],
  sessionTimeoutMs: 1_500,
  onFailure: () => process.exit(1),
  handler: {
    async received(batch) {
      process.send?.(batch.records.map(({ value }) => String(value)));
      for (const { offset } of batch.records) batch.done(offset);
    },
  },
});
