import { Unavailable } from '@hookline/domain';
import type { Admin, Kafka } from 'kafkajs';
import { keepTrying } from './keep-trying.ts';

const DEADLINE_MS = 15_000;

export interface AdminCalls {
  /** Tried again, over a new connection, until the deadline. */
  call: <T>(what: string, ask: (admin: Admin) => Promise<T>, deadlineMs?: number) => Promise<T>;
  close: () => Promise<void>;
}

/** One connection, made when it is first needed and again after a call failed. */
export function createAdminCalls(kafka: Kafka): AdminCalls {
  let connecting: Promise<Admin> | undefined;
  let closed = false;

  async function connect(): Promise<Admin> {
    const admin = kafka.admin();
    try {
      await admin.connect();
      return admin;
    } catch (error) {
      await admin.disconnect().catch(() => {});
      throw error;
    }
  }

  async function drop(connection: Promise<Admin>): Promise<void> {
    if (connecting === connection) connecting = undefined;
    await connection.then((admin) => admin.disconnect()).catch(() => {});
  }

  return {
    call: (what, ask, deadlineMs = DEADLINE_MS) =>
      keepTrying(what, deadlineMs, async () => {
        if (closed) throw new Unavailable('the event log is closed');
        const connection = (connecting ??= connect());
        try {
          return await ask(await connection);
        } catch (error) {
          void drop(connection);
          throw error;
        }
      }),
    async close() {
      closed = true;
      if (connecting !== undefined) await drop(connecting);
    },
  };
}
