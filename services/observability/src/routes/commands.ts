import { FILTERS, noBody, resolution } from '@hookline/contracts/api';
import { deadLetterItem } from '../read/answers.ts';
import type { DeadLetterCommands } from '../commands/dead-letters.ts';
import type { DeliveryCommands } from '../commands/deliveries.ts';
import type { createEraseContent } from '../commands/erase-content.ts';
import type { createFindEvent } from '../read/find-event.ts';
import { readPageRequest } from '../read/page-request.ts';
import type { Queries } from '../read/queries.ts';
import { InvalidInput } from '@hookline/domain';
import { readFields } from './body.ts';
import { json, type Call, type Route } from './route.ts';

export interface CommandRoutesDeps {
  queries: Queries;
  findEvent: ReturnType<typeof createFindEvent>;
  deliveries: DeliveryCommands;
  deadLetters: DeadLetterCommands;
  eraseContent: ReturnType<typeof createEraseContent>;
}

const COMMAND = { method: 'POST', scope: 'deliveries:retry', status: 202 } as const;

/** 202: the dispatcher will do it; what came of it is seen in the delivery. */
export function commandRoutes({
  queries,
  findEvent,
  deliveries,
  deadLetters,
  eraseContent,
}: CommandRoutesDeps): Route[] {
  return [
    {
      ...COMMAND,
      path: '/api/v1/deliveries/{id}/retry',
      async answer({ tenant, id, body, audits }) {
        readFields(body, noBody);
        const audited = audits('delivery.retry', { type: 'delivery', id });
        return json({
          delivery_id: id,
          attempt: await deliveries.retry(tenant, id, 'manual', audited),
          trigger: 'manual',
        });
      },
    },
    {
      ...COMMAND,
      path: '/api/v1/deliveries/{id}/cancel',
      async answer({ tenant, id, body, audits }) {
        readFields(body, noBody);
        await deliveries.cancel(tenant, id, audits('delivery.cancel', { type: 'delivery', id }));
        return json({ delivery_id: id });
      },
    },
    {
      ...COMMAND,
      path: '/api/v1/events/{id}/cancel',
      async answer({ tenant, id, body, audits }) {
        readFields(body, noBody);
        const event = await findEvent(tenant, id);
        await audits('event.cancel', { type: 'event', id: event.id })();
        const waiting = await deliveries.cancelEvent(tenant, event.id, event.accepted_at, 'cancelled');
        return json({ event_id: event.id, deliveries_waiting: waiting });
      },
    },
    {
      method: 'DELETE',
      scope: 'deliveries:retry',
      path: '/api/v1/events/{id}/content',
      async answer({ tenant, id, audits }) {
        const event = await findEvent(tenant, id);
        await audits('event.erase_content', { type: 'event', id: event.id })();
        const { atMs, cancelled, goneFromLogByMs } = await eraseContent(tenant, event);
        return json({
          event_id: event.id,
          content_deleted_at: new Date(atMs).toISOString(),
          deliveries_cancelled: cancelled,
          // The topics can't be changed in the middle: what they hold goes when it is as old as they keep it.
          gone_from_log_by: new Date(goneFromLogByMs).toISOString(),
        });
      },
    },
    {
      ...COMMAND,
      path: '/api/v1/dead-letters/{id}/replay',
      async answer({ tenant, subject, id, body, audits }) {
        readFields(body, noBody);
        const audited = audits('dead_letter.replay', { type: 'delivery', id });
        const attempt = await deadLetters.replay(tenant, id, subject, audited);
        return json({ delivery_id: id, attempt, trigger: 'replay' });
      },
    },
    {
      ...COMMAND,
      status: 200,
      path: '/api/v1/dead-letters/{id}/resolve',
      async answer({ tenant, subject, id, body, audits }) {
        const { reason } = readFields(body, resolution);
        const audited = audits('dead_letter.resolve', { type: 'delivery', id }, { reason });
        await deadLetters.resolve(tenant, id, subject, reason, audited);
        const letter = await queries.deadLetter(tenant, id);
        return json(letter === null ? {} : deadLetterItem(letter));
      },
    },
    {
      method: 'DELETE',
      scope: 'deliveries:retry',
      path: '/api/v1/dead-letters',
      answer: (call) => purge(call, deadLetters),
    },
  ];
}

async function purge({ tenant, query, audits }: Call, deadLetters: DeadLetterCommands): Promise<Buffer> {
  const { beforeMs, filters } = readPageRequest(query, { filters: FILTERS.purge });
  if (beforeMs === null) {
    const problems = [{ pointer: '?before', detail: 'is required: those that died before are deleted' }];
    throw new InvalidInput('The query is not valid: before.', { problems });
  }
  const [before, webhookId] = [new Date(beforeMs), filters['webhook'] ?? null];
  const asked = { before: before.toISOString(), webhook_id: webhookId };
  await audits('dead_letter.purge', { type: 'tenant', id: tenant }, asked)();
  return json(await deadLetters.purge(tenant, before, webhookId));
}
