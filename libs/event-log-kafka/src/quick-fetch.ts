import Fetch from 'kafkajs/src/protocol/requests/fetch/index.js';
import fetchResponse, { type FetchAnswer } from 'kafkajs/src/protocol/requests/fetch/v11/response.js';
import { encodeFetch } from './fetch-request.ts';
import { PackedBatch } from './packed-batch.ts';
import { RecordReader } from './record-reader.ts';
import { writeRequests } from './write-requests.ts';

/** The last one that kafkajs knows. */
const VERSION = 11;
/** There is no other that would rather be asked. */
const NO_REPLICA = -1;
/** High watermark, last stable offset, start of the log. */
const OFFSETS_BYTES = 3 * 8;

let installed = false;

/**
 * kafkajs 2.2.4 makes an encoder with 512 bytes of its own for each partition that it asks for, a decoder for each record, and a new object for each of its
 * headers with all headers before it: a fifth of what consumers cost under load, and where little comes in most of it. Here a request is written once, and
 * an answer read once, from front to end. What is not of the kind that we write is left to kafkajs.
 */
export function quickenFetch(): void {
  if (installed) return;
  installed = true;
  const { decode } = fetchResponse;
  fetchResponse.decode = async (bytes) => decodeFetch(bytes) ?? decode(bytes);
  writeRequests(Fetch, (version) => version === VERSION, encodeFetch);
}

/**
 * The body of an answer to a fetch request (version 11); null, if there is something in it that is not read here. Partitions without anything new, most of
 * them where little comes in, are left out: kafkajs would make a batch and a job of each (8 KB of garbage).
 */
export function decodeFetch(bytes: Buffer): FetchAnswer | null {
  const reader = new RecordReader(bytes);
  const clientSideThrottleTime = reader.int32();
  const errorCode = reader.int16();
  const sessionId = reader.int32();
  const responses: FetchAnswer['responses'] = [];
  for (let topics = reader.int32(); topics > 0; topics--) {
    const topicName = reader.text(reader.int16());
    const partitions: FetchAnswer['responses'][number]['partitions'] = [];
    for (let count = reader.int32(); count > 0; count--) {
      const partition = reader.int32();
      const partitionError = reader.int16();
      const offsetsAt = reader.at;
      reader.at += OFFSETS_BYTES;
      if (reader.int32() > 0) return null; // an aborted transaction
      const preferredReadReplica = reader.int32();
      const end = Math.max(0, reader.int32()) + reader.at;
      if (end > bytes.length) return null;
      const messages = PackedBatch.readAll(bytes, reader.at, end);
      if (messages === null) return null;
      if (messages.length > 0 || partitionError !== 0 || preferredReadReplica !== NO_REPLICA) {
        reader.at = offsetsAt;
        partitions.push({
          partition,
          errorCode: partitionError,
          highWatermark: String(reader.int64()),
          lastStableOffset: String(reader.int64()),
          lastStartOffset: String(reader.int64()),
          abortedTransactions: [],
          preferredReadReplica,
          messages,
        });
      }
      reader.at = end;
    }
    responses.push({ topicName, partitions });
  }
  // kafkajs reports the broker's throttling under the other name, and so shall we.
  return { throttleTime: 0, clientSideThrottleTime, errorCode, sessionId, responses };
}
