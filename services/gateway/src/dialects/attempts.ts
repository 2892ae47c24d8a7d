import { InvalidInput } from '@hookline/domain';
import { sendJson } from '@hookline/service-kit';
import { z } from 'zod';
import { askJson } from '../ask-json.ts';
import type { Upstream } from '../forward.ts';
import { invalidQuery, readQuery } from '../http/query.ts';
import type { Call, Route } from '../http/route.ts';
import type { AttemptJson, DeliveryJson, DeliveryPageJson } from './log-json.ts';

const THEIRS = ['event_id', 'subscriber_id', 'status'] as const;
const STATUSES = ['success', 'failed'] as const;
const MOST = 200;
/** Pages of deliveries that are read for one answer: attempts that ended otherwise may lie between. */
const MAX_PAGES = 10;

export const attemptList = z
  .array(
    z.strictObject({
      id: z.string(),
      event_id: z.string(),
      subscriber_id: z.string(),
      attempt_number: z.int().min(0),
      status: z.enum(STATUSES),
      http_status_code: z.int().nullable(),
      response_time_ms: z.number().min(0),
      error_message: z.string().nullable(),
      next_retry_at: z.string().nullable(),
      created_at: z.string(),
    }),
  )
  .meta({
    id: 'DeliveryAttempts',
    description: 'Where `event_id`, `subscriber_id` or `status` is asked for: attempts.',
  });

const text = (description: string) => z.string().min(1).max(256).optional().meta({ description });
export const attemptQuery = {
  event_id: text('As another system calls it: the answer is a list of attempts.'),
  subscriber_id: text('The same, of a webhook.'),
  status: z.enum(STATUSES).optional().meta({ description: 'The same, of attempts that ended so.' }),
};

/** A list of deliveries that is asked for in the words of another system is answered in them. */
export function withAttempts(route: Route, observability: Upstream): Route {
  return {
    ...route,
    tokenless: true,
    handle: (call) => (isTheirs(call) ? list(call, observability) : route.handle(call)),
  };
}

function isTheirs({ request: { url } }: Pick<Call, 'request'>): boolean {
  const at = url.indexOf('?');
  if (at < 0) return false;
  const query = new URLSearchParams(url.slice(at));
  return THEIRS.some((name) => query.has(name));
}

async function list({ request, response, passed }: Call, observability: Upstream): Promise<void> {
  const { event_id: event, subscriber_id: webhook, status, limit = '50' } = readQuery(request, [...THEIRS, 'limit']);
  if (!/^\d{1,6}$/.test(limit) || Number(limit) < 1) {
    throw invalidQuery([{ pointer: '?limit', detail: 'must be a whole number from 1' }]);
  }
  if (status !== undefined && !(STATUSES as readonly string[]).includes(status)) {
    throw invalidQuery([{ pointer: '?status', detail: `must be one of ${STATUSES.join(', ')}` }]);
  }
  const most = Math.min(Number(limit), MOST);
  // Of one status there may be few among many.
  const query = new URLSearchParams({ limit: String(status === undefined ? most : MOST) });
  if (event !== undefined) query.set('event', event);
  if (webhook !== undefined) query.set('webhook', webhook);
  const found: ReturnType<typeof attemptJson>[] = [];
  for (let page = 0; page < MAX_PAGES && found.length < most; page++) {
    const what = { method: 'GET', path: `/api/v1/deliveries?${query.toString()}`, passed } as const;
    const { json } = await askJson<DeliveryPageJson>(observability, what).catch(inTheirQuery);
    const attempts = json.data.flatMap((delivery) =>
      delivery.attempts.map((attempt) => attemptJson(delivery, attempt)),
    );
    found.push(...attempts.filter((attempt) => status === undefined || attempt.status === status));
    if (json.next_cursor === null) break;
    query.set('cursor', json.next_cursor);
  }
  sendJson(response, 200, found.slice(0, Number(limit)));
}

function inTheirQuery(error: unknown): never {
  if (!(error instanceof InvalidInput)) throw error;
  const named = error.problems.map(({ pointer, detail }) => ({
    pointer: pointer.replace(/^\?event$/, '?event_id').replace(/^\?webhook$/, '?subscriber_id'),
    detail,
  }));
  throw invalidQuery(named);
}

function attemptJson(delivery: DeliveryJson, attempt: AttemptJson) {
  const isLast = attempt.number === delivery.attempt_count;
  return {
    id: attempt.id,
    event_id: delivery.event_id,
    subscriber_id: delivery.webhook_id,
    attempt_number: attempt.number,
    status: attempt.outcome === 'succeeded' ? 'success' : 'failed',
    http_status_code: attempt.status,
    response_time_ms: attempt.duration_ms,
    error_message: attempt.class,
    next_retry_at: isLast ? delivery.next_attempt_at : null,
    created_at: attempt.started_at,
  };
}
