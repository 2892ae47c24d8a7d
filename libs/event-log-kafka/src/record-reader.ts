import type { FetchedMessage } from 'kafkajs/src/protocol/requests/fetch/v11/response.js';

const MAGIC = 2;

/** The names of headers as they were last read at their places: those of a topic's records are mostly the same, and a text costs more than to compare. */
const lastNames: { bytes: Buffer; text: string }[] = [];
const MOST_NAMES = 32;

/** Reads what Kafka writes, front to end. Numbers of 64 bits are taken for safe integers, as offsets and times are. */
export class RecordReader {
  readonly bytes: Buffer;
  at = 0;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  int16(): number {
    const value = this.bytes.readInt16BE(this.at);
    this.at += 2;
    return value;
  }

  int32(): number {
    const value = this.bytes.readInt32BE(this.at);
    this.at += 4;
    return value;
  }

  int64(): number {
    const value = Number(this.bytes.readBigInt64BE(this.at));
    this.at += 8;
    return value;
  }

  text(length: number): string {
    const start = this.at;
    this.at = start + length;
    return this.bytes.toString('utf8', start, this.at);
  }

  /** Zigzag, of any length. */
  varint(): number {
    let byte = this.bytes[this.at++]!;
    let value = byte & 0x7f;
    for (let factor = 0x80; byte > 0x7f; factor *= 0x80) {
      byte = this.bytes[this.at++]!;
      value += (byte & 0x7f) * factor;
    }
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  /** One of a record batch (version 2) that begins with this offset and time. */
  record(firstOffset: number, firstTimestamp: number): FetchedMessage {
    const end = this.varint() + this.at;
    if (end > this.bytes.length) throw new RangeError('a record is longer than its batch');
    const attributes = this.bytes[this.at++]!;
    const timestamp = firstTimestamp + this.varint();
    const offset = firstOffset + this.varint();
    const key = this.#bytes();
    const value = this.#bytes();
    const headers: Record<string, string> = {};
    const count = this.varint();
    // Each header has two bytes at least: a count that lies ends here, and not the process.
    if (count > (end - this.at) / 2) throw new RangeError('a record has more headers than bytes for them');
    for (let index = 0; index < count; index++) this.#header(index, headers);
    if (this.at !== end) throw new RangeError('a record is longer or shorter than it says');
    return { magicByte: MAGIC, attributes, timestamp, offset, key, value, headers, isControlRecord: false };
  }

  #bytes(): Buffer | null {
    const length = this.varint();
    if (length < 0) return null;
    const start = this.at;
    this.at = start + length;
    return this.bytes.subarray(start, this.at);
  }

  /** Of one that is repeated the last counts, also where that has no value. */
  #header(index: number, headers: Record<string, string>): void {
    const name = this.#name(index);
    const length = this.varint();
    if (length >= 0) headers[name] = this.text(length);
    else delete headers[name];
  }

  #name(index: number): string {
    const length = this.varint();
    const last = lastNames[index];
    if (last !== undefined && last.bytes.length === length && this.#is(last.bytes)) {
      this.at += length;
      return last.text;
    }
    const start = this.at;
    const text = this.text(length);
    if (index < MOST_NAMES) lastNames[index] = { bytes: Buffer.from(this.bytes.subarray(start, this.at)), text };
    return text;
  }

  #is(expected: Buffer): boolean {
    const { bytes, at } = this;
    for (let index = 0; index < expected.length; index++) {
      if (bytes[at + index] !== expected[index]) return false;
    }
    return true;
  }
}
