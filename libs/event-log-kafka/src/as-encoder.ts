import Encoder from 'kafkajs/src/protocol/encoder.js';

/** What is written already, as kafkajs takes it. Its constructor would make memory that nobody uses. */
export function asEncoder(bytes: Buffer): Encoder {
  const encoder = Object.create(Encoder.prototype) as Encoder;
  encoder.buf = bytes;
  encoder.offset = bytes.length;
  return encoder;
}
