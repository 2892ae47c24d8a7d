import {
  digestOf,
  packDone,
  unpackDone,
  type ClaimAnswer,
  type Deduplication,
  type DeduplicationOptions,
} from '@hookline/limits';
import { createOldestFirst } from './oldest-first.ts';

interface Held {
  untilMs: number;
  /** Empty once it is done. */
  token: string;
  /** Packed and flat; null while it is pending. */
  done: string | null;
}

export function createMemoryDeduplication(
  { pendingMs, windowMs, maxKeys }: DeduplicationOptions,
  onDropped: (count: number) => void,
): Deduplication {
  const entries = createOldestFirst<Held>();

  function find(id: string, nowMs: number): Held | undefined {
    const held = entries.get(id);
    return held !== undefined && held.untilMs > nowMs ? held : undefined;
  }

  function claimOne(id: string, token: string, nowMs: number): ClaimAnswer {
    const held = find(id, nowMs);
    if (held !== undefined) return held.done === null ? { kind: 'pending' } : unpackDone(restore(held.done));
    entries.add(id, { untilMs: nowMs + pendingMs, token, done: null });
    return { kind: 'claimed' };
  }

  /** After `added` came at most. Those that ran out go twice as fast as others come, but never all in one call. */
  function makeRoom(added: number, nowMs: number): void {
    let dropped = 0;
    let sweep = 2 * added;
    for (let oldest = entries.oldest(); oldest !== undefined; oldest = entries.oldest()) {
      const [id, { untilMs }] = oldest;
      const ranOut = untilMs <= nowMs;
      if (entries.size <= maxKeys && !(ranOut && sweep-- > 0)) break;
      if (!ranOut) dropped++;
      entries.delete(id);
    }
    if (dropped > 0) onDropped(dropped);
  }

  return {
    async claim(claims, nowMs) {
      const answers = claims.map(({ key, token }) => claimOne(idOf(key), token, nowMs));
      makeRoom(claims.length, nowMs);
      return answers;
    },

    async finish(finished, nowMs) {
      for (const { key, token, bodyHash, answer } of finished) {
        const id = idOf(key);
        const held = find(id, nowMs);
        const done = { untilMs: nowMs + windowMs, token: '', done: flatten(packDone(bodyHash, answer)) };
        if (held === undefined) entries.add(id, done);
        else if (held.done === null && held.token === token) Object.assign(held, done);
      }
      makeRoom(finished.length, nowMs);
    },

    async abandon(abandoned) {
      for (const { key, token } of abandoned) {
        const id = idOf(key);
        const held = entries.get(id);
        if (held?.done === null && held.token === token) entries.delete(id);
      }
    },
  };
}

/** Short, whatever the length of the key. */
function idOf(key: string): string {
  return digestOf(key).toString('latin1');
}

/** Flat, one byte a character: of a string as it is given, the engine may keep all the pieces that it was joined from. */
function flatten(text: string): string {
  return Buffer.from(text).toString('latin1');
}

function restore(flat: string): string {
  return Buffer.from(flat, 'latin1').toString();
}
