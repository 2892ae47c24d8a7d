const SEED = 0x9747b28c;
const M = 0x5bd1e995;

/** As Java's Kafka client hashes keys, so that its producers and ours agree on the partition. A signed 32-bit number. */
export function murmur2(data: Buffer): number {
  const length = data.length;
  let hash = SEED ^ length;
  const whole = length & ~3;
  for (let index = 0; index < whole; index += 4) {
    let k = Math.imul(data.readInt32LE(index), M);
    k = Math.imul(k ^ (k >>> 24), M);
    hash = Math.imul(hash, M) ^ k;
  }
  const rest = length - whole;
  if (rest > 2) hash ^= data.readUInt8(whole + 2) << 16;
  if (rest > 1) hash ^= data.readUInt8(whole + 1) << 8;
  if (rest > 0) hash = Math.imul(hash ^ data.readUInt8(whole), M);
  hash = Math.imul(hash ^ (hash >>> 13), M);
  return (hash ^ (hash >>> 15)) | 0;
}
