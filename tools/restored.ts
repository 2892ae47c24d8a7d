// npm run restored -- TIME: once PostgreSQL was restored from a backup of that time, and before the services start again (docs/backup.md).
import { createBackends } from '@hookline/backends';
import { GROUP, TOPIC } from '@hookline/contracts';
import { InvalidInput } from '@hookline/domain';
import { agreeWithLog } from '@hookline/registry';
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

const USAGE = `npm run restored -- TIME   after PostgreSQL was restored from a backup made at TIME (e.g. 2026-11-28T01:00:00Z), with no service running:
  webhooks and event types are published anew as the database has them, and what happened since TIME is written into the log again, from Kafka

The stores come from the environment or config.yaml, as for the services.`;

/** A backup may lack what was under way when it began, and clocks differ. */
const BEFORE_MS = 15 * 60_000;

const schema = z.strictObject({
  hookline: hooklineSection,
  log: logSection,
  database: databaseSection,
  kafka: kafkaSection,
  redis: redisSection,
});

await runProcess('restored', async (source) => {
  const [time, ...rest] = process.argv.slice(2);
  if (time === undefined || rest.length > 0) {
    console.error(USAGE);
    process.exit(2);
  }
  const backupAtMs = Date.parse(time);
  if (Number.isNaN(backupAtMs) || backupAtMs > Date.now()) {
    throw new InvalidInput(`${time}: must be a time that has been, e.g. 2026-11-28T01:00:00Z`);
  }
  const config = loadConfig(schema, source);
  const backends = createBackends(config, { service: 'restored', log: createLog('restored', config.log.level) });
  if (backends.mode !== 'full') {
    console.log('The event log is in the same database: it was restored with it, and nothing is left to do.');
    await backends.close();
    process.exit(0);
  }
  const [database, eventLog] = [await backends.database(), await backends.eventLog()];
  const ended = await agreeWithLog(database, eventLog);
  console.log(
    `Webhooks and event types will be published anew; made since the backup, and ended: ${ended.webhooks} webhooks, ${ended.eventTypes} event types.`,
  );
  for (const topic of [TOPIC.events, TOPIC.attempts, TOPIC.deadLetters]) {
    await eventLog.rewind(GROUP.observability, topic, backupAtMs - BEFORE_MS);
  }
  console.log(
    `What happened from ${new Date(backupAtMs - BEFORE_MS).toISOString()} on will be written into the log again.`,
  );
  await backends.close();
  process.exit(0);
});
