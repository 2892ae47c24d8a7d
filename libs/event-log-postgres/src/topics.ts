import type { Database } from '@hookline/database';
import { NotFound } from '@hookline/domain';
import type { TopicDifferences, TopicSpec } from '@hookline/event-log';

export interface StoredTopic extends TopicSpec {
  id: number;
}

/** The topics by name. What was read once is kept: topics are neither changed nor removed. */
export interface Topics {
  /** Rejects with NotFound where there is none. */
  find(name: string): Promise<StoredTopic>;
  create: (topics: readonly TopicSpec[]) => Promise<void>;
  check: (topics: readonly TopicSpec[]) => Promise<TopicDifferences>;
}

interface TopicRow {
  topic_id: number;
  name: string;
  partitions: number;
  cleanup: 'delete' | 'compact';
  retention_ms: number;
  max_bytes: number;
}

export function createTopics(database: Database): Topics {
  const known = new Map<string, StoredTopic>();

  async function load(names: readonly string[]): Promise<void> {
    const { rows } = await database.query<TopicRow>(
      'SELECT topic_id, name, partitions, cleanup, retention_ms, max_bytes FROM log_topics WHERE name = ANY($1::text[])',
      [names],
    );
    for (const row of rows) known.set(row.name, fromRow(row));
  }

  return {
    async find(name) {
      if (!known.has(name)) await load([name]);
      const topic = known.get(name);
      if (topic === undefined) throw new NotFound(`there is no topic ${name}`);
      return topic;
    },

    async create(topics) {
      await database.query(
        `WITH made AS (
           INSERT INTO log_topics (name, partitions, cleanup, retention_ms, max_bytes)
           SELECT * FROM unnest($1::text[], $2::int[], $3::text[], $4::int8[], $5::int[])
           ON CONFLICT (name) DO NOTHING
           RETURNING topic_id, partitions
         )
         INSERT INTO log_partitions (topic_id, partition)
         SELECT topic_id, generate_series(0, partitions - 1) FROM made`,
        [
          topics.map(({ name }) => name),
          topics.map(({ partitions }) => partitions),
          topics.map(({ cleanup }) => cleanup),
          topics.map(({ retentionMs }) => retentionMs),
          topics.map(({ maxBytes }) => maxBytes),
        ],
      );
    },

    async check(topics) {
      await load(topics.map(({ name }) => name));
      const missing = topics.filter(({ name }) => !known.has(name)).map(({ name }) => `topic ${name} is missing`);
      const wrong = topics.flatMap((wanted) => {
        const found = known.get(wanted.name);
        return found === undefined ? [] : differences(wanted, found);
      });
      return { missing, wrong };
    },
  };
}

const SETTINGS = ['partitions', 'cleanup', 'retentionMs', 'maxBytes'] as const;

function differences(wanted: TopicSpec, found: TopicSpec): string[] {
  return SETTINGS.filter((setting) => wanted[setting] !== found[setting]).map(
    (setting) => `topic ${wanted.name}: ${setting} is ${found[setting]}, should be ${wanted[setting]}`,
  );
}

function fromRow(row: TopicRow): StoredTopic {
  const { topic_id: id, name, partitions, cleanup, retention_ms: retentionMs, max_bytes: maxBytes } = row;
  return { id, name, partitions, cleanup, retentionMs, maxBytes };
}
