import { pino, symbols, type DestinationStream, type Logger } from 'pino';

export type Log = Logger;

/**
 * JSON lines on stdout, one event each: `log.info({ webhookId }, 'webhook.created')`. Never payloads, secrets or query strings.
 */
export function createLog(service: string, level: string, destination?: DestinationStream): Log {
  const options = {
    level,
    base: { service },
    messageKey: 'event',
    timestamp: () => `,"time":"${timeText()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: {
      paths: ['password', 'secret', 'token', 'authorization'],
      censor: '[redacted]',
    },
  };
  return pino(options, destination ?? openStdout());
}

/**
 * Writes lines of one event at `info` in the form of `log`'s own, for where there is one for each delivery: a quarter of the garbage of a dispatcher was
 * pino's way to them. Nothing is redacted, so the fields must be ours. undefined: the level is above `info`, and the fields need not be made.
 */
export function createLines(log: Log, event: string): ((fields: object) => void) | undefined {
  if (!log.isLevelEnabled('info')) return undefined;
  const internals = log as unknown as Record<symbol, unknown>;
  const stream = internals[symbols.streamSym] as DestinationStream;
  const bindings = internals[symbols.chindingsSym] as string;
  const end = `,"event":${JSON.stringify(event)}}\n`;
  return (fields) => {
    stream.write(`{"level":"info","time":"${timeText()}"${bindings},${JSON.stringify(fields).slice(1, -1)}${end}`);
  };
}

let lastMs = 0;
let lastText = new Date(lastMs).toISOString();

/** RFC 3339, made once a millisecond. */
function timeText(): string {
  const nowMs = Date.now();
  if (nowMs !== lastMs) {
    lastMs = nowMs;
    lastText = new Date(nowMs).toISOString();
  }
  return lastText;
}

/** Lines are gathered for a moment: a system call for each would cost more than making it. An exit, a crash included, writes what is left. */
const GATHER_BYTES = 8 * 1024;
const GATHER_MS = 100;

let stdout: ReturnType<typeof pino.destination> | undefined;

function openStdout(): DestinationStream {
  if (stdout !== undefined) return stdout;
  const opened = pino.destination({ dest: 1, sync: true, minLength: GATHER_BYTES, periodicFlush: GATHER_MS });
  process.on('exit', () => opened.flushSync());
  stdout = opened;
  return opened;
}
