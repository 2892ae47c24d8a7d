import { z } from 'zod';
import type { Described } from '../http/route.ts';

const health = z
  .strictObject({
    status: z.enum(['ok', 'unavailable']),
    live: z.literal(true),
    ready: z.boolean(),
    state: z.enum(['starting', 'ready', 'draining', 'closed']),
    checks: z.record(z.string(), z.string()).meta({ description: '`ok`, or what is wrong.' }),
  })
  .meta({ id: 'Health' });

const get = { method: 'GET', access: 'public' } as const;
const ready = {
  200: { description: 'It is ready.', schema: health },
  503: { description: 'It is not.', schema: health },
};

/** What every service answers about itself (service-kit), at the gateway. */
export const OPERATIONS: readonly Described[] = [
  {
    ...get,
    path: '/health',
    doc: { id: 'getHealth', tag: 'operations', summary: 'Get whether it is ready', answers: ready },
  },
  {
    ...get,
    path: '/health/ready',
    doc: { id: 'getReadiness', tag: 'operations', summary: 'Get whether it is ready', answers: ready },
  },
  {
    ...get,
    path: '/health/live',
    doc: {
      id: 'getLiveness',
      tag: 'operations',
      summary: 'Get whether it is alive',
      answers: {
        200: {
          description: 'It is.',
          schema: z.strictObject({ status: z.literal('ok'), live: z.literal(true) }).meta({ id: 'Liveness' }),
        },
      },
    },
  },
  {
    ...get,
    path: '/metrics',
    doc: {
      id: 'getMetrics',
      tag: 'operations',
      summary: 'Get metrics for Prometheus',
      answers: { 200: { description: 'Its text format.', schema: z.string(), mediaType: 'text/plain' } },
    },
  },
];
