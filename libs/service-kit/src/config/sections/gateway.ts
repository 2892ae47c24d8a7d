import { z } from 'zod';
import { flag, integer, list, optionalUrl, port } from '../values.ts';
import { registryAddress, tlsKeys, trustedProxies } from './shared-keys.ts';

export const gatewaySection = z
  .strictObject({
    port: port(8080).describe('REST, health and metrics'),
    grpc_port: port(50051).describe('gRPC for services ([grpc.md](grpc.md))'),
    tokenless_dialects: flag(true).describe(
      'With `npm start` on the embedded back end, on loopback: addresses of other systems want no token ([dialects.md](dialects.md)). Anywhere else this does nothing. Switch it off before you put a proxy in front',
    ),
    dialect_port: port(8000).describe('Where the gateway listens besides while they want none'),
    registry_address: registryAddress(),
    ingestion_url: z
      .url()
      .default('http://127.0.0.1:8082')
      .meta({ example: 'http://ingestion:8082' })
      .describe('Where events go'),
    observability_url: z
      .url()
      .default('http://127.0.0.1:8085')
      .meta({ example: 'http://observability:8085' })
      .describe('Where the log is asked'),
    anonymous_per_minute: integer(60, 1, 1_000_000).describe(
      'Requests per minute of one address (IPv6: one /64) without a valid token, logins too',
    ),
    requests_per_minute: integer(60_000, 1, 100_000_000).describe(
      'Requests per minute of one tenant; events aside, which ingestion counts',
    ),
    max_streams: integer(2_000, 1, 100_000).describe(
      'Clients of the live feed on one gateway; past it the answer is 503',
    ),
    max_streams_per_tenant: integer(1_000, 1, 100_000).describe('Of one tenant; past it the answer is 429'),
    stream_backlog: integer(50_000, 1_000, 10_000_000).describe(
      'The latest attempts, of all tenants, that a gateway keeps while somebody listens: a cursor leads as far back, and whoever reads slowly may lag as far behind',
    ),
    trusted_proxies: trustedProxies(),
    cors_origins: list('https://app.example.com').describe(
      'Origins whose pages may ask (CORS); `*`: any. Without any, none may',
    ),
    ...tlsKeys(),
    portal_url: optionalUrl(/^https?$/, 'https://hooks.example.com/portal').describe(
      'Where your portal for customers is: portal links lead there, with their code behind `#code=`',
    ),
  })
  .describe('`npm start` takes the three addresses from the services that it has started, whatever is set here.');
