import { Unavailable } from '@hookline/domain';
import type { HealthReport, Log } from '@hookline/service-kit';
import { askWorker } from './ask-worker.ts';
import type { WorkerEnd, WorkerProcess } from './fork-worker.ts';

/** Keeps one place filled: a worker that ends by itself is replaced. */
export interface Keeper {
  /** Resolves when the first worker does its work. Rejects if it ends before. */
  start(): Promise<void>;
  /** Why nobody does the work of this place at the moment. */
  problem(): Promise<string | undefined>;
  /** false: there is a worker that does not answer at all. */
  isLive(): Promise<boolean>;
  /** In Prometheus' text; empty while nobody answers. */
  metrics(): Promise<string>;
  /** SIGTERM, and SIGKILL a moment after the deadline. Rejects if the worker did not end well. */
  close(deadlineAtMs: number): Promise<void>;
}

export interface KeeperOptions {
  number: number;
  fork: (number: number) => WorkerProcess;
  log: Log;
}

const FIRST_PAUSE_MS = 1_000;
const MOST_PAUSE_MS = 30_000;
/** A worker that has lived as long is no reason to wait longer for the next. */
const STEADY_MS = 60_000;
/** A worker ends by itself at its deadline, which is a little later than ours. */
const OVER_MS = 500;

export function createKeeper({ number, fork, log }: KeeperOptions): Keeper {
  let worker: WorkerProcess | undefined;
  let port: number | undefined;
  let pauseMs = 0;
  let restart: NodeJS.Timeout | undefined;
  let closing = false;

  async function run(): Promise<void> {
    const forked = fork(number);
    const startedAtMs = Date.now();
    worker = forked;
    void forked.ended.then((end) => replace(forked, end, Date.now() - startedAtMs));
    port = await forked.started;
    log.info({ worker: number, pid: forked.pid }, 'worker.started');
  }

  function replace({ pid }: WorkerProcess, end: WorkerEnd, livedMs: number): void {
    worker = undefined;
    port = undefined;
    if (closing) return;
    pauseMs = nextPauseMs(pauseMs, livedMs);
    log.error({ worker: number, pid, ...end, againInMs: pauseMs }, 'worker.ended');
    // How its start fails is told by its end.
    restart = setTimeout(() => void run().catch(() => {}), pauseMs);
  }

  return {
    start: run,

    async problem() {
      if (port === undefined) return worker === undefined ? 'has ended and will be replaced' : 'is starting';
      const answer = await askWorker(port, '/health/ready');
      if (answer === undefined) return 'does not answer';
      const { ready, state, checks } = JSON.parse(answer.text) as HealthReport;
      if (ready) return undefined;
      const failing = Object.entries(checks).filter(([, outcome]) => outcome !== 'ok');
      return failing.length === 0 ? `is ${state}` : failing.map(([name, why]) => `${name}: ${why}`).join('; ');
    },

    async isLive() {
      const asked = port;
      // One that has ended meanwhile is no longer what was asked.
      return asked === undefined || (await askWorker(asked, '/health/live')) !== undefined || asked !== port;
    },

    async metrics() {
      return (port === undefined ? undefined : await askWorker(port, '/metrics'))?.text ?? '';
    },

    async close(deadlineAtMs) {
      closing = true;
      clearTimeout(restart);
      if (worker === undefined) return;
      const last = worker;
      // Before it listens to signals, SIGTERM ends it as it ends any process: there was nothing to finish.
      const isStarting = port === undefined;
      last.signal('SIGTERM');
      const late = setTimeout(() => last.signal('SIGKILL'), Math.max(0, deadlineAtMs - Date.now()) + OVER_MS);
      const { code, signal } = await last.ended;
      clearTimeout(late);
      if (code !== 0 && !(isStarting && signal === 'SIGTERM'))
        throw new Unavailable(`worker ${number} ended by ${signal ?? `exit code ${code}`}`);
    },
  };
}

/** Until the next worker: doubles while they don't last. */
export function nextPauseMs(previousMs: number, livedMs: number): number {
  if (previousMs === 0 || livedMs >= STEADY_MS) return FIRST_PAUSE_MS;
  return Math.min(previousMs * 2, MOST_PAUSE_MS);
}
