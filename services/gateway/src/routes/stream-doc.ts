import { z } from 'zod';
import type { Operation } from '../openapi/operation.ts';

const repeated = (text: string) =>
  z
    .union([z.string(), z.array(z.string())])
    .optional()
    .meta({ description: text });

export const STREAM_DOC: Operation = {
  id: 'streamDeliveries',
  tag: 'deliveries',
  summary: 'See attempts as they are made',
  details:
    'Server-sent events without an end, or, where a WebSocket is asked for, the same as messages: docs/stream.md.',
  query: {
    webhook: repeated('Only of this webhook (id or uid); may be repeated.'),
    type: repeated('Only of events of this type (`order.created`, `order.*`); may be repeated.'),
    outcome: z.enum(['succeeded', 'failed']).optional().meta({ description: 'Only such attempts.' }),
    cursor: z.string().optional().meta({ description: 'Goes on from there.' }),
  },
  headers: {
    'Last-Event-ID': z.string().optional().meta({ description: 'The same as `cursor`, and wins over it.' }),
  },
  answers: {
    200: {
      description: 'Events `open`, `gap`, `entries` and `end`.',
      schema: z.string(),
      mediaType: 'text/event-stream',
    },
  },
  problems: { 404: ['unknown_webhook'], 429: ['too_many_streams'] },
};
