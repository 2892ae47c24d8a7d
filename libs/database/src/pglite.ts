import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Database } from './database.ts';
import { lockFolder } from './folder-lock.ts';
import { createNamedLocks } from './named-locks.ts';
import { startPgliteMaintenance } from './pglite-maintenance.ts';
import { supervise } from './pglite-supervisor.ts';
import { startPgliteThread, type PgliteThread } from './pglite-thread.ts';
import { createSessions } from './sessions.ts';

/** All services of a process share the one session; what waits longer than this for it meets an overload. */
const WAIT_FOR_SESSION_MS = 35_000;
const MAX_WAITING = 10_000;
const ANSWER_TIMEOUT_MS = 60_000;
const MAX_TRANSACTION_MS = 30_000;

/** PGlite's own defaults are those of a server; one session of one machine needs far less memory. */
const START_PARAMETERS = ['shared_buffers=32MB', 'wal_buffers=1MB', 'max_connections=5', 'work_mem=8MB'].flatMap(
  (setting) => ['-c', setting],
);

/** An embedded database in `dataDir`, in a thread of this process. What is committed survives the death of the process. */
export async function openPglite(dataDir: string): Promise<Database> {
  const home = resolve(dataDir);
  const lock = await lockFolder(home);
  const data = { folder: join(home, 'pglite'), startParameters: START_PARAMETERS };
  let thread: PgliteThread;
  try {
    await initialise(data.folder);
    thread = await startPgliteThread(data);
  } catch (error) {
    await lock.release();
    throw error;
  }

  const supervisor = supervise(thread, () => startPgliteThread(data));
  const sessions = createSessions(
    {
      max: 1,
      stream: () => supervisor.openSession(),
      ssl: false,
      user: 'postgres',
      password: '',
      database: 'postgres',
      idleTimeoutMillis: 0,
      connectionTimeoutMillis: WAIT_FOR_SESSION_MS,
    },
    { maxWaiting: MAX_WAITING, answerTimeoutMs: ANSWER_TIMEOUT_MS, maxTransactionMs: MAX_TRANSACTION_MS },
  );
  const locks = createNamedLocks();
  const maintenance = startPgliteMaintenance(sessions);
  let closing: Promise<void> | undefined;

  return {
    kind: 'pglite',
    ...sessions,
    exclusively: (name, waitMs, work) => locks.hold(name, waitMs, work),
    close() {
      closing ??= (async () => {
        await locks.idle();
        await maintenance.close();
        await sessions.close();
        await supervisor.close();
        await lock.release();
      })();
      return closing;
    },
  };
}

/**
 * Makes the database aside and moves it into place, so that an interrupted first start leaves nothing half made.
 * The thread that made it took much memory and ends.
 */
async function initialise(folder: string): Promise<void> {
  if (existsSync(folder)) return;
  const staging = `${folder}.partial`;
  await rm(staging, { recursive: true, force: true });
  const thread = await startPgliteThread({ folder: staging, startParameters: START_PARAMETERS });
  await thread.close();
  await rename(staging, folder);
}
