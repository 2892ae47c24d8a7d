import { z } from 'zod';
import { flag, integer, port } from '../values.ts';
import { registryAddress, tlsKeys, trustedProxies } from './shared-keys.ts';

export const ingestionSection = z.strictObject({
  port: port(8082).describe('Events, health and metrics'),
  registry_address: registryAddress(),
  public_events: z
    .union([flag(true), z.literal('local')], { error: 'must be true, false or local' })
    .default('local')
    .meta({ example: 'true' })
    .describe(
      '`POST /events` without a token, into the tenant `default`: `true`, `false`, or `local`, where only this machine can reach it (`hookline.host`)',
    ),
  public_per_minute: integer(60_000, 1, 100_000_000).describe(
    'Events per minute of one address (IPv6: one /64) without a token',
  ),
  events_per_minute: integer(6_000_000, 1, 1_000_000_000).describe('Events per minute of one tenant with a token'),
  anonymous_per_minute: integer(600, 1, 1_000_000).describe(
    'Requests per minute of one address (IPv6: one /64) without a valid token where one is needed',
  ),
  trusted_proxies: trustedProxies(),
  max_in_flight: integer(8192, 1, 1_000_000).describe('Requests under way at once; past it the answer is 503'),
  max_in_flight_bytes: integer(128 * 1024 * 1024, 2 * 1024 * 1024, 64 * 1024 * 1024 * 1024).describe(
    'Bytes of their bodies; one of unknown length counts as the largest allowed',
  ),
  ...tlsKeys(),
});
