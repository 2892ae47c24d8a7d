import { Duplex } from 'node:stream';
import type { PgliteThread } from './pglite-thread.ts';

/** Sessions of a thread that is replaced when it has died (out of memory, say). */
export interface PgliteSupervisor {
  /** A session of the live thread; one that fails at once while there is none. */
  openSession(): Duplex;
  close(): Promise<void>;
}

export function supervise(first: PgliteThread, start: () => Promise<PgliteThread>): PgliteSupervisor {
  let thread = first;
  let restarting: Promise<void> | undefined;
  let closed = false;

  async function restart(): Promise<void> {
    try {
      thread = await start();
    } catch {
      // Whoever needs it next tries again.
    } finally {
      restarting = undefined;
    }
  }

  return {
    openSession() {
      if (thread.alive()) return thread.openSession();
      if (!closed) restarting ??= restart();
      return failingStream(new Error('the embedded database is being restarted'));
    },
    async close() {
      closed = true;
      await restarting;
      await thread.close();
    },
  };
}

function failingStream(error: Error): Duplex {
  const stream = new Duplex({ read() {}, write: (_chunk, _encoding, done) => done() });
  return Object.assign(stream, { connect: () => stream.destroy(error), setNoDelay: () => {} });
}
