import { pino, type DestinationStream, type Logger } from 'pino';

export type Log = Logger;

/**
 * JSON lines on stdout, one event each: `log.info({ webhookId }, 'webhook.created')`. Never payloads, secrets or query strings.
 */
export function createLog(service: string, level: string, destination?: DestinationStream): Log {
  const options = {
    level,
    base: { service },
    messageKey: 'event',
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: {
      paths: ['password', 'secret', 'token', 'authorization'],
      censor: '[redacted]',
    },
  };
  return pino(options, destination ?? openStdout());
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
