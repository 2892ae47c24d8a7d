import { z } from 'zod';
import { answeredTime } from './fields.ts';
import { pageOf } from './lists.ts';

const side = z.record(z.string(), z.unknown()).nullable();

/** One change, as the audit log tells of it. */
export const auditEntry = z
  .strictObject({
    id: z.string(),
    at: answeredTime,
    actor: z.strictObject({
      subject: z.string().meta({ description: '`hookline`: the platform itself.' }),
      via: z.string().meta({ description: 'How that was proved: `login`, `api_key`, …' }),
      credential: z.string().nullable().meta({ description: 'By which session or key.' }),
    }),
    action: z.string().meta({ example: 'webhook.update' }),
    target: z.strictObject({ type: z.string(), id: z.string() }),
    before: side.meta({ description: 'Of a change, what it changed; without secrets. null: there was nothing.' }),
    after: side.meta({ description: 'The same afterwards, or what was asked for. null: there is nothing any more.' }),
    address: z.string().nullable().meta({ description: 'From where.' }),
    request_id: z.string().nullable(),
    trace_id: z.string().nullable(),
  })
  .meta({ id: 'AuditEntry' });

export const auditPage = pageOf(auditEntry, 'The latest first.');
