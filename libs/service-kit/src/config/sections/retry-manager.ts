import { z } from 'zod';
import { decimal, duration, integer, port } from '../values.ts';

/** When a failed delivery is tried again: the preset `quick`. Read by the dispatcher, which decides, and kept under the retry manager's name. */
export const retryManagerSection = z
  .strictObject({
    max_retries: integer(5, 0, 100).describe('Attempts after the first'),
    initial_delay: duration('1s').describe(
      "The bound of the first retry's delay, which is drawn from 0 up to it (full jitter)",
    ),
    max_delay: duration('300s').describe("No delay's bound grows beyond this"),
    backoff_multiplier: decimal(2, 1, 10).describe("The next retry's bound is so many times the one before"),
    port: port(8084).describe('Health and metrics'),
    claim: duration('30s').describe('How long a claimed retry may take to be handed over; then it waits again'),
    batch_size: integer(500, 1, 10_000).describe('Due retries of one partition claimed at once'),
    max_waiting_per_webhook: integer(100_000, 1, 1_000_000_000).describe(
      'Deliveries of one webhook that wait, retries and put-off ones; newer ones become dead letters (`backlog_full`)',
    ),
    max_waiting_bytes_per_webhook: integer(256 * 1024 * 1024, 1024, 1024 ** 4).describe(
      'The same in bytes of their events, headers included',
    ),
    max_waiting_per_tenant: integer(100_000, 1, 1_000_000_000).describe('The same of all webhooks of one tenant'),
    max_waiting_bytes_per_tenant: integer(256 * 1024 * 1024, 1024, 1024 ** 4).describe('The same in bytes'),
    max_stored_bytes: integer(8 * 1024 ** 3, 1024 * 1024, 1024 ** 5).describe(
      'Of all that wait in PostgreSQL or PGlite; newer ones are late, not lost. In Redis it is 80 % of `maxmemory`',
    ),
  })
  .describe(
    'The first four keys are the policy `quick`; the dispatcher reads them, since it decides when a failed delivery is tried again. The policy `standard` is fixed.',
  );
