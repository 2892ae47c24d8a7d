import type { Message } from 'kafkajs';

/** Of a record: its length, attributes, deltas, and the lengths of key, value and headers. */
const RECORD_OVERHEAD_BYTES = 48;
/** Of a header: the lengths of its name and value. */
const HEADER_OVERHEAD_BYTES = 10;
/** A UTF-16 unit in UTF-8. */
const MOST_BYTES_PER_UNIT = 3;

const FIRST_BYTES = 16 * 1024;
/** What a larger request needed is given up before the next. */
const KEPT_BYTES = 2 * 1024 * 1024;

/** A message as kafkajs takes it, of those kinds that `RecordWriter` can write. */
export interface PlainMessage {
  key?: string | null;
  value: Buffer | null;
  headers?: Readonly<Record<string, string>>;
}

export function isPlain(message: Message): message is Message & PlainMessage {
  const { key, value, headers, timestamp } = message;
  if (timestamp !== undefined || !(key === null || key === undefined || typeof key === 'string')) return false;
  if (value !== null && !Buffer.isBuffer(value)) return false;
  for (const name in headers) if (typeof headers[name] !== 'string') return false;
  return true;
}

const NO_HEADERS: Readonly<Record<string, string>> = {};

/** Writes records one behind the other, as Kafka's record batches (version 2) hold them, into memory that grows and is used again. */
export class RecordWriter {
  bytes = Buffer.allocUnsafe(FIRST_BYTES);
  at = 0;

  /** What was written before is gone. */
  begin(): void {
    this.at = 0;
    if (this.bytes.length > KEPT_BYTES) this.bytes = Buffer.allocUnsafe(FIRST_BYTES);
  }

  /** Until the next `begin`. */
  get written(): Buffer {
    return this.bytes.subarray(0, this.at);
  }

  /** @param offsetDelta the record's place in its batch */
  record(message: PlainMessage, offsetDelta: number): void {
    const { key = null, value, headers = NO_HEADERS } = message;
    // Nearly everything is ASCII, which has a byte a unit: then this is the very size.
    let most = RECORD_OVERHEAD_BYTES + (value?.length ?? 0) + (key?.length ?? 0) * MOST_BYTES_PER_UNIT;
    let size = 2 + sizeOfVarint(offsetDelta) + sizeOfBytes(key?.length ?? -1) + sizeOfBytes(value?.length ?? -1);
    let count = 0;
    for (const name in headers) {
      const units = headers[name]!.length;
      size += sizeOfBytes(name.length) + sizeOfBytes(units);
      most += HEADER_OVERHEAD_BYTES + (name.length + units) * MOST_BYTES_PER_UNIT;
      count++;
    }
    size += sizeOfVarint(count);
    this.reserve(most);

    const start = this.at;
    const bodyAt = start + sizeOfVarint(size);
    this.at = bodyAt;
    this.bytes[this.at++] = 0; // attributes
    this.bytes[this.at++] = 0; // timestamp delta
    this.varint(offsetDelta);
    if (key === null) this.varint(-1);
    else this.text(key);
    if (value === null) {
      this.varint(-1);
    } else {
      this.varint(value.length);
      this.bytes.set(value, this.at);
      this.at += value.length;
    }
    this.varint(count);
    for (const name in headers) {
      this.text(name);
      this.text(headers[name]!);
    }
    this.#prefix(start, bodyAt);
  }

  /** Puts the body's length before it; where the body is longer than ASCII would be, that may take more room. */
  #prefix(start: number, bodyAt: number): void {
    const size = this.at - bodyAt;
    const shift = start + sizeOfVarint(size) - bodyAt;
    if (shift > 0) this.bytes.copyWithin(bodyAt + shift, bodyAt, this.at);
    this.at = start;
    this.varint(size);
    this.at += size;
  }

  reserve(sizeBytes: number): void {
    if (this.at + sizeBytes <= this.bytes.length) return;
    const grown = Buffer.allocUnsafe(Math.max(this.at + sizeBytes, this.bytes.length * 2));
    grown.set(this.written);
    this.bytes = grown;
  }

  /** Zigzag. */
  varint(value: number): void {
    let rest = ((value << 1) ^ (value >> 31)) >>> 0;
    while (rest > 0x7f) {
      this.bytes[this.at++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.bytes[this.at++] = rest;
  }

  text(text: string): void {
    const { length } = text;
    const start = this.at;
    this.varint(length);
    const { bytes } = this;
    let { at } = this;
    for (let index = 0; index < length; index++) {
      const code = text.charCodeAt(index);
      if (code > 0x7f) {
        this.at = start;
        return this.#utf8(text);
      }
      bytes[at++] = code;
    }
    this.at = at;
  }

  #utf8(text: string): void {
    this.varint(Buffer.byteLength(text));
    this.at += this.bytes.write(text, this.at, 'utf8');
  }
}

function sizeOfVarint(value: number): number {
  const zigzag = ((value << 1) ^ (value >> 31)) >>> 0;
  return zigzag < 0x80 ? 1 : Math.ceil((32 - Math.clz32(zigzag)) / 7);
}

/** Of bytes with their length before them; -1: none. */
function sizeOfBytes(length: number): number {
  return sizeOfVarint(length) + Math.max(0, length);
}
