import { CompressionTypes } from 'kafkajs';
import type { Fetched, FetchedMessage } from 'kafkajs/src/protocol/requests/fetch/v11/response.js';
import { RecordReader } from './record-reader.ts';
import { decompressZstd } from './zstd-codec.ts';

const MAGIC = 2;
const ZSTD: number = CompressionTypes.ZSTD;
/** Where a record batch has its fields. */
const LENGTH_AT = 8;
const MAGIC_AT = 16;
const ATTRIBUTES_AT = 21;
const LAST_OFFSET_DELTA_AT = 23;
const FIRST_TIMESTAMP_AT = 27;
const MAX_TIMESTAMP_AT = 35;
const COUNT_AT = 57;
const RECORDS_AT = 61;
/** Bits of its attributes. */
const COMPRESSION = 0x07;
const LOG_APPEND_TIME = 0x08;
const TRANSACTIONAL_OR_CONTROL = 0x30;

/**
 * A record batch (version 2) as it was sent. What is read ahead waits so: it takes a tenth of the memory that its records would, and those are made when
 * somebody has room for them.
 */
export class PackedBatch implements Fetched {
  /** Of its last record. */
  readonly offset: number;
  readonly isControlRecord = false;
  /** How many records it holds. */
  readonly count: number;
  readonly bytes: Buffer;

  /** @param bytes are copied: they are a slice of a whole answer, which would be kept in memory for as long as one of its batches waits */
  constructor(bytes: Buffer) {
    this.bytes = Buffer.from(bytes);
    this.offset = Number(bytes.readBigInt64BE(0)) + bytes.readInt32BE(LAST_OFFSET_DELTA_AT);
    this.count = bytes.readInt32BE(COUNT_AT);
  }

  /** Those between two places of an answer, the last of which may be there in part only; null, if one is of another kind than is read here. */
  static readAll(bytes: Buffer, from: number, end: number): PackedBatch[] | null {
    const batches: PackedBatch[] = [];
    for (let at = from; at + MAGIC_AT < end;) {
      // One of an older version is shorter than the fields of ours, so that is looked at first.
      if (bytes[at + MAGIC_AT] !== MAGIC) return null;
      if (at + RECORDS_AT > end) break;
      const next = at + LENGTH_AT + 4 + bytes.readInt32BE(at + LENGTH_AT);
      if (next > end) break;
      const attributes = bytes.readInt16BE(at + ATTRIBUTES_AT);
      const compression = attributes & COMPRESSION;
      if ((attributes & TRANSACTIONAL_OR_CONTROL) !== 0 || (compression !== 0 && compression !== ZSTD)) return null;
      batches.push(new PackedBatch(bytes.subarray(at, next)));
      at = next;
    }
    return batches;
  }

  /** Throws where the bytes are no records. */
  records(): FetchedMessage[] {
    const { bytes, count } = this;
    const attributes = bytes.readInt16BE(ATTRIBUTES_AT);
    const packed = bytes.subarray(RECORDS_AT);
    const isZstd = (attributes & COMPRESSION) === ZSTD;
    const reader = new RecordReader(isZstd ? decompressZstd(packed) : packed);
    const ofBatch = (attributes & LOG_APPEND_TIME) !== 0;
    const timestamp = Number(bytes.readBigInt64BE(ofBatch ? MAX_TIMESTAMP_AT : FIRST_TIMESTAMP_AT));
    const firstOffset = Number(bytes.readBigInt64BE(0));
    const messages: FetchedMessage[] = [];
    for (let index = 0; index < count; index++) {
      const message = reader.record(firstOffset, timestamp);
      if (ofBatch) message.timestamp = timestamp;
      messages.push(message);
    }
    return messages;
  }
}
