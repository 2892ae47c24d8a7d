import { join } from 'node:path';
import { migrate, openDatabase } from '@hookline/database';
import type { EventLog } from '@hookline/event-log';
import { createKafkaEventLog } from '@hookline/event-log-kafka';
import { createPostgresEventLog } from '@hookline/event-log-postgres';
import { createLog } from '@hookline/service-kit';
import { createTempDir, startKafka } from '@hookline/testkit';

/** What a scene stands on. */
export interface SceneStore {
  /** An event log of its own for each copy. */
  open(): EventLog;
  /** Of its brokers, as processes of their own need them. */
  env: Record<string, string>;
  close(): Promise<void>;
}

const MIGRATIONS = join(import.meta.dirname, '../../../../migrations');
const log = createLog('test', 'silent');

export async function openKafka(): Promise<SceneStore> {
  const kafka = await startKafka();
  return {
    open: () => createKafkaEventLog({ brokers: kafka.brokers, clientId: 'test', log }),
    env: { KAFKA_BROKERS: kafka.brokers.join(',') },
    close: () => kafka.stop(),
  };
}

export async function openEmbedded(): Promise<SceneStore> {
  const folder = await createTempDir('dispatcher');
  const database = await openDatabase({ dataDir: folder.path });
  await migrate(database, MIGRATIONS);
  return {
    open: () => createPostgresEventLog({ database, log }),
    env: {},
    async close() {
      await database.close();
      await folder.remove();
    },
  };
}
