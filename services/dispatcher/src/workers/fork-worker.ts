import { fork } from 'node:child_process';
import { join } from 'node:path';
import { Unavailable } from '@hookline/domain';

/** A dispatcher that runs in a process of its own, forked by this one. */
export interface WorkerProcess {
  readonly pid: number | undefined;
  /** The port on loopback where it answers for its health, once it does its work. Rejects if it ends before. */
  readonly started: Promise<number>;
  readonly ended: Promise<WorkerEnd>;
  signal(name: 'SIGTERM' | 'SIGKILL'): void;
}

export interface WorkerEnd {
  /** null: by the signal, or it never was. */
  code: number | null;
  signal: NodeJS.Signals | null;
}

const WORKER = join(import.meta.dirname, '../worker.ts');

export function forkWorker(number: number): WorkerProcess {
  // In a process group of its own: Ctrl-C in a terminal goes to the supervisor alone, which passes it on.
  const child = fork(WORKER, [String(number)], { detached: true });
  const ended = new Promise<WorkerEnd>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
    child.on('error', () => {
      if (child.pid === undefined) resolve({ code: null, signal: null });
    });
  });
  const started = new Promise<number>((resolve, reject) => {
    child.once('message', (port) => resolve(port as number));
    void ended.then(() => reject(new Unavailable(`worker ${number} ended before it did its work`)));
  });
  started.catch(() => {});
  return { pid: child.pid, started, ended, signal: (name) => void child.kill(name) };
}
