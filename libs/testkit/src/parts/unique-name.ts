import { randomBytes } from 'node:crypto';

/** A name nobody else has, good for topics, consumer groups and key prefixes: `label-` and 12 letters and digits. */
export function uniqueName(label: string): string {
  return `${label}-${randomBytes(6).toString('hex')}`;
}
