import { hash } from 'node:crypto';

/** 16 bytes that stand for a key of any length; two keys with the same ones can't be found on purpose or by chance. */
export function digestOf(key: string): Buffer {
  return hash('sha256', key, 'buffer').subarray(0, 16);
}
