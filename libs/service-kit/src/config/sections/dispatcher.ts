import { z } from 'zod';
import { duration, integer, list, optionalDuration, optionalUrl, plainText, port } from '../values.ts';

export const dispatcherSection = z.strictObject({
  port: port(8083).describe('Health and metrics'),
  http_timeout: duration('30s').describe(
    'Of one attempt with the policy `quick`, from connecting to the end of the answer',
  ),
  connect_timeout: duration('10s').describe(
    'Of connecting, and then again of the TLS handshake, within the time of the attempt. Finding the address has its own, three times 1.5 s',
  ),
  headers_timeout: optionalDuration('20s').describe(
    "From the request's being sent to the answer's headers, within the time of the attempt; none: that alone. Shorter than the longest `timeout` of any webhook, it ends the attempts of receivers that may take longer",
  ),
  body_timeout: duration('10s').describe("From the answer's headers to its end, within the time of the attempt"),
  worker_count: integer(1, 1, 64).describe(
    'Processes that send, each with the bounds below ([tuning.md](tuning.md)). More than 1: this one only supervises them, and answers for their health and metrics. Those beyond the partitions of `webhook.events`, 12, have nothing to do. With `npm start`, which is one process: 1',
  ),
  max_in_flight: integer(1024, 1, 65_536).describe(
    'Places for requests under way; one of more than 64 KiB takes several',
  ),
  max_in_flight_per_webhook: integer(64, 1, 65_536).describe(
    'The most to one webhook that sets none itself; what it has tunes itself below that',
  ),
  max_queued: integer(6_000, 1, 10_000_000).describe(
    'Deliveries that wait in memory; past it the largest backlog is shed to the retry schedule',
  ),
  max_queued_bytes: integer(64 * 1024 * 1024, 1024, 64 * 1024 * 1024 * 1024).describe(
    'Bytes of their events (and 1 KiB for each)',
  ),
  batch_size: integer(500, 1, 10_000).describe('Records handed to the dispatcher at once'),
  user_agent: plainText('Hookline/0.1').describe('The header `user-agent` of every request'),
  name_servers: list('10.0.0.2:53').describe(
    'Servers that receivers’ names are asked of, `address:port`, e.g. `10.0.0.2:53`; the system’s without any',
  ),
  proxy: optionalUrl(/^https?$/, 'http://user:password@proxy:3128').describe(
    'URL of a proxy that all requests to receivers and token endpoints go out through, `http://user:password@proxy:3128` (or `https://`), by CONNECT to the address that the guard has let through; it must allow that for every port that webhooks use',
  ),
});
