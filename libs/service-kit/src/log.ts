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

/** Nothing that can't be written. */
type LineFields = Readonly<Record<string, string | number | null | undefined>>;

/**
 * Writes lines of one event at `info` in the form of `log`'s own, for where there is one for each delivery: a quarter of the garbage of a dispatcher was
 * pino's way to them. Nothing is redacted, so the fields must be ours, and must not change later. undefined: the level is above `info`, and the fields
 * need not be made.
 */
export function createLines(log: Log, event: string): ((fields: LineFields) => void) | undefined {
  if (!log.isLevelEnabled('info')) return undefined;
  const internals = log as unknown as Record<symbol, unknown>;
  const stream = internals[symbols.streamSym] as DestinationStream & Partial<GatheredLines>;
  const bindings = internals[symbols.chindingsSym] as string;
  const end = `,"event":${JSON.stringify(event)}}\n`;
  const write = stream.later?.bind(stream) ?? ((make: () => string) => stream.write(make()));
  return (fields) => {
    const time = timeText();
    write(() => `{"level":"info","time":"${time}"${bindings},${JSON.stringify(fields).slice(1, -1)}${end}`);
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

interface GatheredLines extends DestinationStream {
  /** Takes a line that is made when it is written. */
  later(make: () => string): void;
  /** Writes what is gathered; pino calls it after a line at `fatal`. */
  flushSync(): void;
}

/**
 * Lines are gathered for a moment: a system call for each would cost more than making it, and making it by itself four times as much as among others. An
 * exit, a crash included, writes what is left.
 */
const GATHER_LINES = 128;
const GATHER_MS = 100;

let stdout: GatheredLines | undefined;

function openStdout(): GatheredLines {
  if (stdout !== undefined) return stdout;
  const opened = gatherLines(pino.destination({ dest: 1, sync: true }));
  process.on('exit', () => opened.flushSync());
  stdout = opened;
  return opened;
}

/** @param destination takes many lines at once */
export function gatherLines(destination: DestinationStream): GatheredLines {
  let lines: (string | (() => string))[] = [];
  let timer: NodeJS.Timeout | undefined;

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    if (lines.length === 0) return;
    const gathered = lines;
    lines = [];
    destination.write(gathered.map((line) => (typeof line === 'string' ? line : line())).join(''));
  }

  function put(line: string | (() => string)): void {
    lines.push(line);
    if (lines.length >= GATHER_LINES) flush();
    else timer ??= setTimeout(flush, GATHER_MS).unref();
  }

  return { write: put, later: put, flushSync: flush };
}
