import { Kafka, type ISocketFactory, type KafkaConfig, type Producer, type ProducerConfig } from 'kafkajs';
import createSocketFactory from 'kafkajs/src/network/socketFactory.js';
import type { Socket } from 'node:net';
import { within } from './within.ts';

const MOST_WAIT_MS = 2_000;

export interface SealedProducer {
  producer: Producer;
  /** Waits for what it has under way, at most two seconds, then cuts its connections. It makes no new ones from the beginning on. */
  end: () => Promise<void>;
}

/**
 * A producer of which nothing is left when it has ended. kafkajs' own, disconnected while some broker still owes an answer, connects
 * again for a retry that had queued up behind that one, and sends it.
 */
export function createSealedProducer(client: KafkaConfig, settings: ProducerConfig): SealedProducer {
  const connect = createSocketFactory();
  const sockets = new Set<Socket>();
  let ended = false;

  const socketFactory: ISocketFactory = (target) => {
    if (ended) throw new Error('the producer has ended');
    const socket = connect(target);
    sockets.add(socket);
    return socket.once('close', () => sockets.delete(socket));
  };
  const producer = new Kafka({ ...client, socketFactory }).producer(settings);

  return {
    producer,
    async end() {
      ended = true;
      await within(MOST_WAIT_MS, producer.disconnect(), () => new Error('an answer is owed')).catch(() => {});
      // The error makes kafkajs reject what still waits for an answer.
      for (const socket of sockets) socket.destroy(new Error('the producer has ended'));
    },
  };
}
