import { NotFound } from '@hookline/domain';
import type { Admin } from 'kafkajs';
import kafkajs from 'kafkajs';
import type { AdminCalls } from './admin.ts';

const KAFKAS_DEFAULT_BYTES = 1_048_588;

export interface TopicFacts {
  partitions: number;
  /** max.message.bytes: the largest batch, and so the largest record. */
  batchBytes: number;
}

export interface KnownTopics {
  /** At once if it is known: partitions never change, and a limit that is raised is seen after the next start. */
  known: (topic: string) => TopicFacts | undefined;
  /** Asks the store; rejects with NotFound while the topic doesn't exist. */
  learn: (topic: string) => Promise<TopicFacts>;
}

export function createKnownTopics(admin: Pick<AdminCalls, 'call'>): KnownTopics {
  const facts = new Map<string, TopicFacts>();
  const asked = new Map<string, Promise<TopicFacts>>();

  async function ask(topic: string, connection: Admin): Promise<TopicFacts> {
    const metadata = await connection.fetchTopicMetadata({ topics: [topic] }).catch((error: unknown) => {
      if ((error as { type?: string }).type !== 'UNKNOWN_TOPIC_OR_PARTITION') throw error;
      throw new NotFound(`topic ${topic} does not exist`, { cause: error });
    });
    const partitions = metadata.topics[0]?.partitions.length ?? 0;
    if (partitions === 0) throw new NotFound(`topic ${topic} does not exist`);
    const answer = { partitions, batchBytes: await readBatchBytes(connection, topic) };
    facts.set(topic, answer);
    return answer;
  }

  return {
    known: (topic) => facts.get(topic),
    learn(topic) {
      let answer = asked.get(topic);
      if (answer === undefined) {
        answer = admin
          .call(`asking about ${topic}`, (connection) => ask(topic, connection), 0)
          .finally(() => asked.delete(topic));
        asked.set(topic, answer);
      }
      return answer;
    },
  };
}

async function readBatchBytes(admin: Admin, topic: string): Promise<number> {
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: [{ type: kafkajs.ConfigResourceTypes.TOPIC, name: topic, configNames: ['max.message.bytes'] }],
  });
  return Number(resources[0]?.configEntries[0]?.configValue ?? KAFKAS_DEFAULT_BYTES);
}
