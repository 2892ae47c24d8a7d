import { logLevel, type logCreator } from 'kafkajs';

type Write = (fields: Record<string, unknown>, event: string) => void;

/** Where events are logged; a pino logger is one. */
export interface Log {
  debug: Write;
  info: Write;
  warn: Write;
  error: Write;
}

// Retries are bounded here because the adapter goes on where kafkajs gives up, with a producer of a new id.
const KNOWN = 'Limiting retries for the idempotent producer may invalidate EoS guarantees';

/** What kafkajs calls an error is nearly always something that is tried again: only the adapter knows what is final. */
export function kafkajsLogCreator(log: Log): logCreator {
  return () => (entry) => {
    const { message, timestamp: _timestamp, logger: _logger, stack: _stack, ...fields } = entry.log;
    if (message === KNOWN) return;
    const reported = { namespace: entry.namespace, message, ...fields };
    if (entry.level === logLevel.ERROR || entry.level === logLevel.WARN) log.warn(reported, 'kafkajs.reported');
    else log.debug(reported, 'kafkajs.reported');
  };
}
