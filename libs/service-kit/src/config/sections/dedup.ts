import { z } from 'zod';
import { duration, integer } from '../values.ts';

export const dedupSection = z
  .strictObject({
    window: duration('24h').describe('How long an event id is remembered'),
    max_keys: integer(5_000_000, 1, 1_000_000_000).describe(
      'How many are remembered at most, the oldest go first. In Redis no more than 40 % of `maxmemory`. Embedded: at most 1,000,000',
    ),
  })
  .describe('Used by ingestion.');
