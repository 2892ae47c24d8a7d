import type { Database } from '@hookline/database';
import { Unavailable } from '@hookline/domain';
import type { EventLog } from '@hookline/event-log';
import { randomUUID } from 'node:crypto';
import { createAppender } from './append.ts';
import { startConsumption } from './consumption.ts';
import { startFollowing } from './following.ts';
import { createTopics } from './topics.ts';
import { startTrimming } from './trim.ts';
import { watchOf } from './watch.ts';

export interface PostgresEventLogOptions {
  /** With the migrations applied. Stays open when the log is closed. */
  database: Database;
  log: { warn: (details: object, event: string) => void };
  /** How often to look for what other processes appended, while something comes; less often while nothing does. 25 ms by default. */
  pollMs?: number;
  /** How often to look for what can be trimmed, 30 s by default. */
  trimEveryMs?: number;
  /** For the latest records, which those who are up to date read from memory; shared by the logs on one database. 16 MiB by default. */
  tailBytes?: number;
}

const POLL_MS = 25;
const TRIM_EVERY_MS = 30_000;
const TAIL_BYTES = 16 * 1024 * 1024;
/** While nothing comes. Nobody else appends to PGlite: there it is only a safety net. */
const IDLE_POLL_MS = { postgres: 150, pglite: 1_000 };

/** The event log on tables in PostgreSQL, shared by any number of processes, or in PGlite. */
export function createPostgresEventLog({
  database,
  log,
  pollMs = POLL_MS,
  trimEveryMs = TRIM_EVERY_MS,
  tailBytes = TAIL_BYTES,
}: PostgresEventLogOptions): EventLog {
  const topics = createTopics(database);
  const idlePollMs = Math.max(pollMs, IDLE_POLL_MS[database.kind]);
  const watch = watchOf(database, { pollMs: database.kind === 'pglite' ? idlePollMs : pollMs, idlePollMs, tailBytes });
  const appender = createAppender(database, topics, watch);
  const trimming = startTrimming({
    database,
    owner: randomUUID(),
    everyMs: trimEveryMs,
    failed: (error) => log.warn({ err: error }, 'log.trim-failed'),
  });
  const open = new Set<{ close(): Promise<void> }>();
  let closing: Promise<void> | undefined;

  function assertOpen(): void {
    if (closing !== undefined) throw new Unavailable('the event log is closed');
  }

  function untilClosed<T extends { close(): Promise<void> }>(part: T): T {
    open.add(part);
    const close = part.close.bind(part);
    part.close = async () => {
      await close();
      open.delete(part);
    };
    return part;
  }

  /** The answers of a query about each partition, in their order. */
  async function ofPartitions<T>(topic: string, sql: string, ...parameters: (string | number)[]): Promise<T[]> {
    const { id } = await topics.find(topic);
    const { rows } = await database.query<{ answer: T }>(sql, [id, ...parameters]);
    return rows.map(({ answer }) => answer);
  }

  return {
    append: appender.append,

    async consume(options) {
      assertOpen();
      const found = await Promise.all(options.topics.map((name) => topics.find(name)));
      return untilClosed(await startConsumption({ database, watch }, found, options));
    },

    async follow(options) {
      assertOpen();
      return untilClosed(startFollowing(database, watch, await topics.find(options.topic), options));
    },

    endOffsets: (topic) =>
      ofPartitions(topic, 'SELECT next_offset AS answer FROM log_partitions WHERE topic_id = $1 ORDER BY partition'),

    offsetsAt: (topic, timeMs) =>
      ofPartitions(
        topic,
        `SELECT log_offset_at(topic_id, partition, $2::int8) AS answer
         FROM log_partitions WHERE topic_id = $1 ORDER BY partition`,
        Math.ceil(timeMs),
      ),

    committed: (group, topic) =>
      ofPartitions(
        topic,
        `SELECT l.committed AS answer FROM log_partitions p
         LEFT JOIN log_leases l ON l.group_name = $2 AND l.topic_id = p.topic_id AND l.partition = p.partition
         WHERE p.topic_id = $1 ORDER BY p.partition`,
        group,
      ),

    async rewind(group, topic, timeMs) {
      const { id } = await topics.find(topic);
      await database.transaction(async (tx) => {
        const { rowCount } = await tx.query(
          'SELECT 1 FROM log_members WHERE group_name = $1 AND expires_at > clock_timestamp() LIMIT 1',
          [group],
        );
        if (rowCount > 0) throw new Unavailable(`${group} has members: stop them first`);
        await tx.query(
          `UPDATE log_leases SET committed = log_offset_at(topic_id, partition, $3::int8), done = ''
           WHERE group_name = $1 AND topic_id = $2 AND committed > log_offset_at(topic_id, partition, $3::int8)`,
          [group, id, Math.ceil(timeMs)],
        );
      });
    },

    ping: (deadlineMs) => database.ping(deadlineMs),
    createTopics: topics.create,
    checkTopics: topics.check,

    close() {
      closing ??= (async () => {
        await Promise.all([...open].map((part) => part.close()));
        await appender.close();
        await trimming.close();
      })();
      return closing;
    },
  };
}
