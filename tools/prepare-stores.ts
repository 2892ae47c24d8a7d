// Makes the tables and topics that are missing in the stores that the environment names, then exits.
import { createBackends } from '@hookline/backends';
import {
  createLog,
  databaseSection,
  hooklineSection,
  kafkaSection,
  loadConfig,
  logSection,
  redisSection,
  runProcess,
  type ConfigSource,
} from '@hookline/service-kit';
import { z } from 'zod';

const schema = z.strictObject({
  hookline: hooklineSection,
  log: logSection,
  database: databaseSection,
  kafka: kafkaSection,
  redis: redisSection,
});

async function run(source: ConfigSource): Promise<never> {
  const config = loadConfig(schema, source);
  const backends = createBackends(config, {
    service: 'prepare-stores',
    log: createLog('prepare-stores', config.log.level),
  });
  await backends.prepare();
  await backends.close();
  console.log('Tables and topics are as they must be.');
  process.exit(0);
}

await runProcess('prepare-stores', run, { logs: true });
