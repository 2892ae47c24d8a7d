import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ServiceName } from './services.ts';

/** One process of one service, which can be killed and started again in the same place. */
export interface ServiceCopy {
  readonly service: ServiceName;
  readonly healthUrl: string;
  pid(): number | undefined;
  /** Resolves when it is ready. Rejects if it exits before, or takes too long. @param changed settings that are other ones this time */
  start(changed?: Readonly<Record<string, string>>): Promise<void>;
  /** SIGTERM: resolves with the exit code; -1 for an end by a signal. */
  stop(): Promise<number>;
  /** SIGKILL. */
  kill(): Promise<void>;
}

export interface CopyOptions {
  service: ServiceName;
  /** `/ready` below it says when it is. */
  healthUrl: string;
  env: Record<string, string>;
  /** What to run it from, and as whom; by default this repository, as whoever runs it. */
  from?: RunFrom;
  /** Where its output goes; inherited by default. */
  output?: number;
  /** It ended though nobody asked for it. */
  ended: (code: number | null, signal: NodeJS.Signals | null) => void;
}

export interface RunFrom {
  folder: string;
  user?: { uid: number; gid: number };
}

const ROOT = join(import.meta.dirname, '..', '..');
const START_DEADLINE_MS = 60_000;

export function createServiceCopy({ service, healthUrl, env, from, output, ended }: CopyOptions): ServiceCopy {
  let child: ChildProcess | undefined;
  let asked = false;

  async function untilReady(process: ChildProcess): Promise<void> {
    const deadlineAtMs = Date.now() + START_DEADLINE_MS;
    while (Date.now() < deadlineAtMs) {
      if (process.exitCode !== null || process.signalCode !== null)
        throw new Error(`${service} ended before it was ready`);
      const answer = await fetch(`${healthUrl}/ready`, { signal: AbortSignal.timeout(3_000) }).catch(() => null);
      await answer?.body?.cancel();
      if (answer?.ok === true) return;
      await sleep(100);
    }
    throw new Error(`${service} was not ready within ${START_DEADLINE_MS / 1000} s (${healthUrl})`);
  }

  async function end(signal: NodeJS.Signals): Promise<number> {
    const process = child;
    if (process === undefined || process.exitCode !== null || process.signalCode !== null)
      return process?.exitCode ?? -1;
    asked = true;
    const exit = new Promise<number>((resolve) => process.once('exit', (code) => resolve(code ?? -1)));
    process.kill(signal);
    return exit;
  }

  return {
    service,
    healthUrl,
    pid: () => child?.pid,
    async start(changed = {}) {
      asked = false;
      const { folder, user } = from ?? { folder: ROOT };
      const process = spawn(globalThis.process.execPath, [join(folder, 'services', service, 'src', 'main.ts')], {
        cwd: folder,
        env: { ...env, ...changed },
        ...user,
        stdio: ['ignore', output ?? 'inherit', output ?? 'inherit'],
      });
      child = process;
      process.once('exit', (code, signal) => {
        if (!asked && child === process) ended(code, signal);
      });
      await untilReady(process);
    },
    stop: () => end('SIGTERM'),
    async kill() {
      await end('SIGKILL');
    },
  };
}
