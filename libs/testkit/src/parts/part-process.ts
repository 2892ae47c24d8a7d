import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, statSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { guardProcess } from './guard.ts';

export interface PartCommand {
  file: string;
  args: string[];
  uid?: number;
  gid?: number;
}

export interface PartProcessSpec {
  name: string;
  command: PartCommand;
  /** What the process prints is appended here. */
  logFile: string;
  /** Asked again and again until true; `log` is what was printed since this start. */
  isReady(state: { pid: number; log: string }): boolean | Promise<boolean>;
  readyTimeoutMs: number;
  /** What ends it best when this process dies without stopping it. */
  abandonSignal?: NodeJS.Signals;
}

/** A server process that can be killed and started again with the same command. */
export interface PartProcess {
  /** Of the latest start. */
  readonly pid: number;
  readonly running: boolean;
  /** Resolves once it is ready; rejects with the end of its log when it ends before, or is not ready in time. */
  start: () => Promise<void>;
  /** Sends the signal and resolves when the process has ended. Does nothing when it isn't running. */
  kill: (signal?: NodeJS.Signals) => Promise<void>;
  /** Sends the signal; whatever still runs after `graceMs` is killed. */
  end: (signal: NodeJS.Signals, graceMs: number) => Promise<void>;
}

export function createPartProcess(spec: PartProcessSpec): PartProcess {
  let pid = 0;
  let current: { child: ChildProcess; ended: Promise<void> } | undefined;

  async function start(): Promise<void> {
    if (current !== undefined) throw new Error(`${spec.name} is running already`);
    const logStart = existsSync(spec.logFile) ? statSync(spec.logFile).size : 0;
    const { child, failure, ended } = spawnLogged();
    await Promise.race([new Promise((resolve) => child.once('spawn', resolve)), ended]);
    if (child.pid === undefined) throw new Error(`${spec.name} cannot be started: ${String(failure())}`);
    pid = child.pid;
    current = { child, ended: watch(ended, guardProcess(pid, spec.abandonSignal ?? 'SIGKILL')) };
    await waitUntilReady(child, () => readFrom(spec.logFile, logStart));
  }

  async function watch(ended: Promise<void>, dismissGuard: () => void): Promise<void> {
    await ended;
    dismissGuard();
    current = undefined;
  }

  function spawnLogged() {
    const { file, args, uid, gid } = spec.command;
    const log = openSync(spec.logFile, 'a');
    try {
      const child = spawn(file, args, {
        cwd: '/',
        detached: true,
        stdio: ['ignore', log, log],
        ...(uid === undefined ? {} : { uid }),
        ...(gid === undefined ? {} : { gid }),
      });
      child.unref();
      let error: Error | undefined;
      const ended = new Promise<void>((resolve) => {
        child.once('exit', () => resolve());
        child.once('error', (cause) => {
          error = cause;
          if (child.pid === undefined) resolve();
        });
      });
      return { child, ended, failure: () => error };
    } finally {
      closeSync(log);
    }
  }

  async function waitUntilReady(child: ChildProcess, readLog: () => string): Promise<void> {
    const deadline = Date.now() + spec.readyTimeoutMs;
    while (Date.now() < deadline) {
      if (child.exitCode !== null || child.signalCode !== null) {
        const how = child.signalCode ?? `exit code ${child.exitCode}`;
        throw new Error(`${spec.name} ended while starting (${how}): ${lastLines(readLog())}`);
      }
      if (await spec.isReady({ pid, log: readLog() })) return;
      await delay(20);
    }
    await kill('SIGKILL');
    throw new Error(`${spec.name} was not ready within ${spec.readyTimeoutMs} ms: ${lastLines(readLog())}`);
  }

  async function kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    if (current === undefined) return;
    const { child, ended } = current;
    child.kill(signal);
    child.ref();
    await ended;
  }

  async function end(signal: NodeJS.Signals, graceMs: number): Promise<void> {
    const timer = setTimeout(() => current?.child.kill('SIGKILL'), graceMs);
    await kill(signal);
    clearTimeout(timer);
  }

  return {
    get pid() {
      return pid;
    },
    get running() {
      return current !== undefined;
    },
    start,
    kill,
    end,
  };
}

function readFrom(file: string, offset: number): string {
  return readFileSync(file).subarray(offset).toString('utf8');
}

function lastLines(log: string): string {
  return log.trim().split('\n').slice(-15).join('\n') || 'it printed nothing';
}
