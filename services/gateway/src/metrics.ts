import { fromZero } from '@hookline/service-kit';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { END_REASONS } from './stream/client.ts';

export type GatewayMetrics = ReturnType<typeof createGatewayMetrics>;

/** Every metric that the gateway emits. */
export function createGatewayMetrics(metrics: Registry) {
  const registers = [metrics];
  return {
    requests: new Counter({
      name: 'webhook_http_requests_total',
      help: 'Requests answered, by the template of their route',
      labelNames: ['method', 'route', 'status'],
      registers,
    }),
    requestDuration: new Histogram({
      name: 'webhook_http_request_duration_seconds',
      help: 'From the headers of a request to the end of its answer',
      labelNames: ['route'],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    }),
    calls: new Counter({
      name: 'webhook_grpc_requests_total',
      help: 'gRPC calls answered, by their status code',
      labelNames: ['method', 'code'],
      registers,
    }),
    callDuration: new Histogram({
      name: 'webhook_grpc_request_duration_seconds',
      help: 'From the metadata of a gRPC call to the end of its answer',
      labelNames: ['method'],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    }),
    rateLimited: fromZero(
      new Counter({
        name: 'webhook_gateway_rate_limited_total',
        help: 'Requests refused by a rate limit: anonymous, key, login or tenant',
        labelNames: ['limit'],
        registers,
      }),
      'limit',
      ['anonymous', 'key', 'login', 'tenant'],
    ),
    limitsAway: new Counter({
      name: 'webhook_gateway_limits_unavailable_total',
      help: 'Calls that the store of the rate limits did not answer, so that this gateway counted by itself',
      registers,
    }),
    upstreamFailures: fromZero(
      new Counter({
        name: 'webhook_gateway_upstream_failures_total',
        help: 'Requests that a service behind the gateway did not answer',
        labelNames: ['upstream'],
        registers,
      }),
      'upstream',
      ['ingestion', 'observability'],
    ),
    streams: new Gauge({
      name: 'webhook_gateway_streams',
      help: 'Clients of the live feed, by server-sent events, WebSocket or gRPC',
      registers,
    }),
    streamsEnded: fromZero(
      new Counter({
        name: 'webhook_gateway_streams_ended_total',
        help: 'Streams of the live feed that were ended from here, by the reason',
        labelNames: ['reason'],
        registers,
      }),
      'reason',
      END_REASONS,
    ),
    forwarding: new Gauge({
      name: 'webhook_gateway_forwarding',
      help: 'Requests handed to a service and not answered yet',
      labelNames: ['upstream'],
      registers,
    }),
  };
}
