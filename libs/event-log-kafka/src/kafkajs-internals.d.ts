// The parts of kafkajs 2.2.4 that are used beyond its public types. Its version is pinned.

declare module 'kafkajs/src/network/requestQueue/index.js' {
  import type { EventEmitter } from 'node:events';
  class RequestQueue extends EventEmitter {
    constructor(options: {
      maxInFlightRequests: number | null;
      requestTimeout: number;
      enforceRequestTimeout: boolean;
      clientId: string;
      broker: string;
      logger: { debug(message: string, extra?: object): void };
      isConnected?: () => boolean;
    });
    pending: unknown[];
    inflight: Map<number, { sentAt: number; requestTimeout: number; timeoutRequest(): void }>;
    requestTimeout: number;
    enforceRequestTimeout: boolean;
    requestTimeoutIntervalId?: NodeJS.Timeout;
    throttledUntil: number;
    throttleCheckTimeoutId: NodeJS.Timeout | null;
    isConnected: () => boolean;
    destroy(): void;
    checkPendingRequests(): void;
    scheduleCheckPendingRequests(): void;
    scheduleRequestTimeoutCheck(): void;
  }
  export default RequestQueue;
}

declare module 'kafkajs/src/cluster/index.js' {
  export default class Cluster {
    connect(): Promise<void>;
    disconnect(): Promise<void>;
    addTargetTopic(topic: string): Promise<void>;
    refreshMetadata(): Promise<void>;
    refreshMetadataIfNecessary(): Promise<void>;
    findTopicPartitionMetadata(topic: string): { partitionId: number; leader: number }[];
    fetchTopicsOffset(
      topics: {
        topic: string;
        partitions: { partition: number }[];
        fromBeginning?: boolean;
        fromTimestamp?: number;
      }[],
    ): Promise<{ topic: string; partitions: { partition: number; offset: string }[] }[]>;
  }
}

declare module 'kafkajs/src/consumer/consumerGroup.js' {
  export interface TopicPartitions {
    topic: string;
    partitions: number[];
  }
  export default class ConsumerGroup {
    maxWaitTime: number;
    subscriptionState: { paused(): TopicPartitions[] };
    preferredReadReplicasPerTopicPartition: Record<string, Record<number, { nodeId: number; expireAt: number }>>;
    cluster: { findTopicPartitionMetadata(topic: string): { partitionId: number; leader: number | null }[] };
    /** Of what is assigned, that which is to be asked of this broker. */
    filterPartitionsByNode(nodeId: string, topicPartitions: TopicPartitions[]): TopicPartitions[];
    /** Of each broker, the partitions that are read from it. */
    findReadReplicaForPartitions(topic: string, partitions: readonly (number | string)[]): Record<string, number[]>;
  }
}

declare module 'kafkajs/src/network/socketFactory.js' {
  import type { ISocketFactory } from 'kafkajs';
  export default function createSocketFactory(): ISocketFactory;
}

declare module 'kafkajs/src/protocol/encoder.js' {
  export default class Encoder {
    constructor(initialSize?: number);
    buf: Buffer;
    offset: number;
    readonly buffer: Buffer;
  }
}

declare module 'kafkajs/src/protocol/recordBatch/crc32C/index.js' {
  export default function crc32C(bytes: Buffer): number;
}

declare module 'kafkajs/src/protocol/requests/index.js' {
  import type Encoder from 'kafkajs/src/protocol/encoder.js';
  /** One kind of request, in all its versions. */
  export interface Requests<Parameters> {
    versions: string[];
    protocol: (asked: { version: number }) => (parameters: Parameters) => {
      request: { apiVersion: number; encode: () => Promise<Encoder> };
      response: unknown;
    };
  }
}

declare module 'kafkajs/src/protocol/requests/produce/index.js' {
  import type { Requests } from 'kafkajs/src/protocol/requests/index.js';
  import type { CompressionTypes, Message } from 'kafkajs';
  export interface ProduceParameters {
    acks: number;
    timeout: number;
    transactionalId?: string | undefined;
    /** A number, a text or a Long. */
    producerId: unknown;
    producerEpoch?: number;
    compression: CompressionTypes;
    topicData: {
      topic: string;
      partitions: { partition: number; messages: Message[]; firstSequence: number }[];
    }[];
  }
  const Produce: Requests<ProduceParameters>;
  export default Produce;
}

declare module 'kafkajs/src/producer/groupMessagesPerPartition.js' {
  import type { Message } from 'kafkajs';

  const groupMessagesPerPartition: (what: {
    topic: string;
    partitionMetadata: unknown[];
    messages: Message[];
    partitioner: (what: { message: Message }) => number;
  }) => Record<number, Message[]>;
  export default groupMessagesPerPartition;
}

declare module 'kafkajs/src/protocol/requests/fetch/index.js' {
  import type { Requests } from 'kafkajs/src/protocol/requests/index.js';
  export interface AskedPartition {
    partition: number;
    /** An integer of 64 bits. */
    fetchOffset: string;
    maxBytes: number;
  }
  export interface FetchParameters {
    maxWaitTime: number;
    minBytes: number;
    maxBytes: number;
    isolationLevel?: number;
    topics: readonly { topic: string; partitions: readonly AskedPartition[] }[];
    rackId?: string;
  }
  const Fetch: Requests<FetchParameters>;
  export default Fetch;
}

declare module 'kafkajs/src/protocol/requests/fetch/v11/response.js' {
  /** What kafkajs itself looks at. */
  export interface Fetched {
    offset: number;
    isControlRecord: boolean;
  }
  /** What is used of a message. kafkajs' own decoder writes offset and timestamp as texts, and headers' values as Buffers; whoever reads them takes both. */
  export interface FetchedMessage extends Fetched {
    magicByte: number;
    attributes: number;
    timestamp: number;
    key: Buffer | null;
    value: Buffer | null;
    headers: Record<string, string>;
  }
  export interface FetchAnswer {
    throttleTime: number;
    clientSideThrottleTime: number;
    errorCode: number;
    sessionId: number;
    responses: {
      topicName: string;
      partitions: {
        partition: number;
        errorCode: number;
        highWatermark: string;
        lastStableOffset: string;
        lastStartOffset: string;
        abortedTransactions: unknown[];
        preferredReadReplica: number;
        messages: Fetched[];
      }[];
    }[];
  }
  const response: { decode: (bytes: Buffer) => Promise<FetchAnswer> };
  export default response;
}
