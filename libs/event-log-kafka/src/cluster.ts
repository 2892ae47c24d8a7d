import type { Kafka } from 'kafkajs';
import type Cluster from 'kafkajs/src/cluster/index.js';

type CreateCluster = (options: {
  metadataMaxAge: number;
  allowAutoTopicCreation: boolean;
  isolationLevel: number;
}) => Cluster;

const METADATA_MAX_AGE_MS = 300_000;
const READ_UNCOMMITTED = 0;

/**
 * A client's own view of the brokers, as kafkajs' producers and consumers have one each. Its admin client has one too, but asks for
 * the metadata again each time it is asked for offsets.
 */
export function createCluster(kafka: Kafka): Cluster {
  const symbol = Object.getOwnPropertySymbols(kafka).find((name) => name.description === 'private:Kafka:createCluster');
  const create = symbol && (Reflect.get(kafka, symbol) as CreateCluster);
  if (create === undefined) throw new Error('kafkajs is not the version that this was written for');
  return create({
    metadataMaxAge: METADATA_MAX_AGE_MS,
    allowAutoTopicCreation: false,
    isolationLevel: READ_UNCOMMITTED,
  });
}
