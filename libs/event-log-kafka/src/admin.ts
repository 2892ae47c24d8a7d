import { Unavailable } from '@hookline/domain';
import type { Admin, Kafka } from 'kafkajs';
import { keepTrying } from './keep-trying.ts';
import { createUses, type Uses } from './uses.ts';

const DEADLINE_MS = 15_000;

export interface AdminCalls {
  /** Tried again, over a new connection, until the deadline. */
  call: <T>(what: string, ask: (admin: Admin) => Promise<T>, deadlineMs?: number) => Promise<T>;
  close: () => Promise<void>;
}

/** One connection, made when it is first needed and again after a call failed. */
export function createAdminCalls(kafka: Kafka): AdminCalls {
  let current: { admin: Admin; uses: Uses } | undefined;
  let closed = false;
  const leaving = new Set<Promise<void>>();

  function open(): { admin: Admin; uses: Uses } {
    const admin = kafka.admin();
    const uses = createUses(() => admin.disconnect());
    return { admin, uses };
  }

  function retire(connection: { uses: Uses }): void {
    if (current === connection) current = undefined;
    const left = connection.uses.end();
    leaving.add(left);
    void left.then(() => leaving.delete(left));
  }

  return {
    call: (what, ask, deadlineMs = DEADLINE_MS) =>
      keepTrying(what, deadlineMs, async () => {
        if (closed) throw new Unavailable('the event log is closed');
        const connection = (current ??= open());
        try {
          return await connection.uses.run(async () => {
            await connection.admin.connect();
            return ask(connection.admin);
          });
        } catch (error) {
          retire(connection);
          throw error;
        }
      }),
    async close() {
      closed = true;
      if (current !== undefined) retire(current);
      await Promise.all(leaving);
    },
  };
}
