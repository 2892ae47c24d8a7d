import { z } from 'zod';
import { integer, optionalUrl } from '../values.ts';

export const databaseSection = z.strictObject({
  url: optionalUrl(/^postgres(ql)?$/, 'postgres://user:password@localhost:5432/hookline').describe(
    'PostgreSQL, `postgres://user:password@host:5432/database`',
  ),
  pool_size: integer(10, 1, 200).describe(
    'Connections of one process, 1 to 200; a lock that is held takes one more. PGlite has one session',
  ),
});
