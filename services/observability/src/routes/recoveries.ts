import { FILTERS, newRecovery } from '@hookline/contracts/api';
import type { NewRecovery, Recoveries, RecoveryFound, RecoveryState } from '../commands/recoveries.ts';
import { readPageRequest } from '../read/page-request.ts';
import { readFields } from './body.ts';
import { json, list, type Route } from './route.ts';

const PATH = '/api/v1/recoveries';

export interface RecoveryRoutesDeps {
  recoveries: Recoveries;
  /** There is something to do. */
  wake: () => void;
  now: () => number;
}

/** Jobs that send again what is dead. */
export function recoveryRoutes({ recoveries, wake, now }: RecoveryRoutesDeps): Route[] {
  const turn = (name: string, state: Exclude<RecoveryState, 'completed'>): Route => ({
    method: 'POST',
    path: `${PATH}/{id}/${name}`,
    scope: 'deliveries:retry',
    async answer({ tenant, id, audits }) {
      const audited = audits(`recovery.${name}`, { type: 'recovery', id });
      const found = await recoveries.turn(tenant, id, state, audited);
      wake();
      return json(recoveryAnswer(found));
    },
  });

  return [
    {
      method: 'POST',
      path: PATH,
      scope: 'deliveries:retry',
      status: 202,
      async answer({ tenant, subject, body, audits }) {
        const fields = readFields(body, newRecovery);
        // Not in the future: what is sent again and dies again must not be taken again.
        const until = new Date(Math.min(fields.until?.getTime() ?? Infinity, now()));
        const recovery: NewRecovery = {
          tenant,
          trigger: fields.trigger,
          webhookId: fields.webhook_id ?? null,
          eventType: fields.type ?? null,
          reason: fields.reason ?? null,
          since: fields.since,
          until,
          rate: fields.rate,
          by: subject,
        };
        if (fields.dry_run) return json(estimateAnswer(await recoveries.estimate(tenant, recovery), recovery));
        const { by: _by, tenant: _tenant, ...asked } = recovery;
        const created = await recoveries.create(recovery, (id) =>
          audits('recovery.create', { type: 'recovery', id }, asked),
        );
        wake();
        return json(recoveryAnswer(created));
      },
    },
    {
      method: 'GET',
      path: PATH,
      scope: 'deliveries:read',
      async answer({ tenant, query }) {
        const page = await recoveries.list(tenant, readPageRequest(query, { filters: FILTERS.recoveries }));
        return list(page, page.rows.map(recoveryAnswer));
      },
    },
    {
      method: 'GET',
      path: `${PATH}/{id}`,
      scope: 'deliveries:read',
      answer: async ({ tenant, id }) => json(recoveryAnswer(await recoveries.get(tenant, id))),
    },
    turn('pause', 'paused'),
    turn('resume', 'running'),
    turn('cancel', 'cancelled'),
  ];
}

function estimateAnswer(deadLetters: number, { rate, since, until }: NewRecovery): object {
  return {
    dry_run: true,
    total: deadLetters,
    seconds: Math.ceil(deadLetters / rate),
    rate,
    since: since.toISOString(),
    until: until.toISOString(),
  };
}

function recoveryAnswer(found: RecoveryFound): object {
  return {
    id: found.id,
    trigger: found.trigger,
    webhook_id: found.webhook_id,
    type: found.event_type,
    reason: found.reason,
    since: found.since.toISOString(),
    until: found.until.toISOString(),
    rate: found.rate,
    state: found.state,
    total: found.total,
    done: found.done,
    // Their content was not kept.
    skipped: found.skipped,
    created_at: found.created_at.toISOString(),
    created_by: found.created_by,
    finished_at: found.finished_at?.toISOString() ?? null,
  };
}
