import { existsSync } from 'node:fs';
import { isatty } from 'node:tty';
import { types } from 'node:util';
import { HooklineError } from '@hookline/domain';
import { ConfigError, type ConfigSource } from './config/load.ts';
import { createLog } from './log.ts';

/** What a process runs, made by `start`. */
export interface Running {
  /** Finishes what is in flight until the deadline. */
  close(deadlineAtMs: number): Promise<void>;
  gracePeriodMs: number;
}

export interface ProcessOptions {
  /** Its stdout is a log: where that is no terminal, whatever ends it is a line there too, `process.failed` at `fatal`. */
  logs?: boolean;
}

const STDOUT = 1;

/**
 * Runs a program until SIGTERM or SIGINT: then closes it within its grace period and exits with 0. A second signal exits at once.
 * What prevents a start is told in one line (configuration: one line per problem), exit code 1.
 * `fail` is for a loop that ended past its retries: it ends the process, so that whoever supervises it starts a new one.
 * What nobody catches ends it as Node does: its text on stderr, exit code 1.
 */
export async function runProcess(
  name: string,
  start: (source: ConfigSource, fail: (error: Error) => void) => Promise<Running>,
  { logs = false }: ProcessOptions = {},
): Promise<void> {
  // The configuration's level may be what is wrong.
  const log = logs && !isatty(STDOUT) ? createLog(name, 'fatal') : undefined;
  let running: Running | undefined;
  let signalled = false;

  const tell = (problem: string) => {
    console.error(`${name}: ${problem}`);
    log?.fatal({ error: problem }, 'process.failed');
  };

  const stop = async (code: number) => {
    if (signalled) process.exit(130);
    signalled = true;
    if (running === undefined) process.exit(code);
    const deadlineAtMs = Date.now() + running.gracePeriodMs;
    // The last resort, should closing itself hang.
    setTimeout(() => process.exit(1), running.gracePeriodMs + 1_000).unref();
    try {
      await running.close(deadlineAtMs);
      process.exit(code);
    } catch (error) {
      tell(`closing failed: ${stackOf(error)}`);
      process.exit(1);
    }
  };

  process.on('SIGTERM', () => void stop(0));
  process.on('SIGINT', () => void stop(0));
  // A rejection that nobody handles comes here as well.
  process.on('uncaughtExceptionMonitor', (error: unknown) => {
    log?.fatal({ error: stackOf(error) }, 'process.failed');
  });
  const fail = (error: Error) => {
    tell(explain(error));
    void stop(1);
  };

  try {
    running = await start(configSource(), fail);
  } catch (error) {
    tell(explain(error));
    process.exit(1);
  }
}

/** HOOKLINE_CONFIG names the configuration file; ./config.yaml is used where it exists. */
function configSource(): ConfigSource {
  const named = process.env['HOOKLINE_CONFIG'];
  if (named) return { env: process.env, file: named };
  return existsSync('config.yaml') ? { env: process.env, file: 'config.yaml' } : { env: process.env };
}

function explain(error: unknown): string {
  if (error instanceof HooklineError || error instanceof ConfigError) return error.message;
  return stackOf(error);
}

function stackOf(error: unknown): string {
  return (types.isNativeError(error) ? error.stack : undefined) ?? String(error);
}
