import { crc32 } from 'node:zlib';

/** Enough for a cluster's nodes to share the work, and so few that many keys are still few scripts. */
const GROUPS = 16;

/** How keys of one kind are called, and which of them one script may name together. */
export interface Keys {
  of: (name: string) => string;
  groupOf: (name: string) => number;
}

/** In a cluster all keys of a script must lie in one hash slot: there each has the hash tag of its group. Elsewhere all are one group. */
export function createKeys(prefix: string, isCluster: boolean): Keys {
  if (!isCluster) return { of: (name) => `${prefix}:${name}`, groupOf: () => 0 };
  const groupOf = (name: string) => crc32(name) % GROUPS;
  return { of: (name) => `{${prefix}:${groupOf(name)}}:${name}`, groupOf };
}
