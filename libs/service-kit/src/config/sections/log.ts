import { z } from 'zod';

export const logSection = z.strictObject({
  level: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
      error: 'must be one of trace, debug, info, warn, error, fatal, silent',
    })
    .default('info')
    .meta({ example: 'info' })
    .describe('`trace`, `debug`, `info`, `warn`, `error`, `fatal` or `silent`. JSON lines on stdout'),
});
