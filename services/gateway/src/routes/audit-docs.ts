import { auditPage, FILTERS, timedPage } from '@hookline/contracts/api';
import type { Operation } from '../openapi/operation.ts';

const filters = Object.fromEntries(Object.entries(FILTERS.auditLog).map(([name, schema]) => [name, schema.optional()]));

export const AUDIT_DOC: Operation = {
  id: 'listAuditLog',
  tag: 'audit',
  summary: 'See who changed what',
  details:
    'Every change of webhooks, event types, users, keys and quotas, and every command to deliveries, the latest first. With `format=ndjson` one entry a line, of all pages; the last line has the `next_cursor` to go on from, null at the end.',
  query: { ...timedPage, ...filters },
  answers: { 200: { description: 'A page.', schema: auditPage, textAs: 'application/x-ndjson' } },
  problems: { 503: ['search_too_slow'] },
};
