import type { Client } from './client.ts';

/** What has been written to all clients together and has not gone out, bounded: past it those that hold the most make room for the others. */
export interface Room {
  /** Whether a client may be written to. If not, all are pumped when there is room again. */
  isLeft(): boolean;
  /** So much more is held. What goes out need not be told. */
  take(sizeBytes: number): void;
}

const MAX_BUFFERED_TOGETHER_BYTES = 64 * 1024 * 1024;
/** What may still be held when the bound has been met: were it nearly all, it would be met, and all clients asked, again and again. */
const KEPT_BYTES = MAX_BUFFERED_TOGETHER_BYTES / 2;

export function createRoom(clients: ReadonlySet<Client>): Room {
  let left = MAX_BUFFERED_TOGETHER_BYTES;
  let making: NodeJS.Immediate | undefined;

  function make(): void {
    making = undefined;
    const holding = Array.from(clients, (client) => ({ client, sizeBytes: client.bufferedBytes() }));
    let held = holding.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    for (const { client, sizeBytes } of holding.sort((one, other) => other.sizeBytes - one.sizeBytes)) {
      if (held <= KEPT_BYTES) break;
      client.end('too_slow');
      held -= sizeBytes;
    }
    left = MAX_BUFFERED_TOGETHER_BYTES - held;
    for (const client of clients) client.pump();
  }

  return {
    isLeft() {
      if (left > 0) return true;
      // Not at once: a connection that takes all that it is given does so when the event loop turns.
      making ??= setImmediate(make);
      return false;
    },
    take(sizeBytes) {
      left -= sizeBytes;
    },
  };
}
