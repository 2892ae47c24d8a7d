import type { ApiDeliveryMessage, ApiEventMessage, WebhookServiceHandlers } from '@hookline/contracts/grpc';
import { askJson } from '../ask-json.ts';
import type { Upstream } from '../forward.ts';
import type { Passed } from '../http/route.ts';
import type { RegistryClient } from '../registry-client.ts';
import type { Calls } from './calls.ts';
import { invalidField } from './errors.ts';
import { apiWebhook } from './webhook-calls.ts';

/** As observability answers. */
export interface DeliveryJson {
  id: string;
  event_id: string;
  event_type: string;
  webhook_id: string;
  accepted_at: string;
  state: string;
  reason: string | null;
  attempt_count: number;
  last_status: number | null;
  last_class: string | null;
  first_attempt_at: string | null;
  last_attempt_at: string | null;
  next_attempt_at: string | null;
}

interface EventJson {
  id: string;
  type: string;
  source: string;
  time: string;
  accepted_at: string;
  deliveries: DeliveryJson[];
  deliveries_complete: boolean;
}

interface PageJson {
  data: DeliveryJson[];
  next_cursor: string | null;
}

const MAX_LIMIT = 200;
const DEFAULT_LIMIT = 50;

/** What became of events. */
export function statusCalls(
  { registry, observability }: { registry: RegistryClient; observability: Upstream },
  { unary }: Calls,
): Pick<WebhookServiceHandlers, 'GetWebhookStatus'> {
  async function ofWebhook(name: string, limit: number, passed: Passed) {
    const webhook = await registry.getWebhook({ id: name }, passed);
    const path = `/api/v1/webhooks/${encodeURIComponent(webhook.id)}/deliveries?limit=${limit}`;
    const { json } = await askJson<PageJson>(observability, { method: 'GET', path, passed });
    const deliveries = json.data.map(apiDelivery);
    return { webhook: apiWebhook(webhook), deliveries, complete: json.next_cursor === null };
  }

  async function ofEvent(id: string, passed: Passed) {
    const path = `/api/v1/events/${encodeURIComponent(id)}`;
    const { json } = await askJson<EventJson>(observability, { method: 'GET', path, passed });
    const deliveries = json.deliveries.map(apiDelivery);
    return { event: apiEvent(json), deliveries, complete: json.deliveries_complete };
  }

  return {
    GetWebhookStatus: unary('GetWebhookStatus', 'deliveries:read', async (request, { passed }) => {
      const { webhookId = '', eventId = '' } = request;
      const limit = checkedLimit(request.limit);
      if (webhookId !== '') return ofWebhook(webhookId, limit, passed);
      if (eventId !== '') return ofEvent(eventId, passed);
      throw invalidField('webhook_id', 'or event_id is required');
    }),
  };
}

function checkedLimit(limit: number): number {
  if (limit === 0) return DEFAULT_LIMIT;
  if (limit >= 1 && limit <= MAX_LIMIT) return limit;
  throw invalidField('limit', `must be from 1 to ${MAX_LIMIT}; 0 is ${DEFAULT_LIMIT}`);
}

function apiEvent({ id, type, source, time, accepted_at: acceptedAt }: EventJson): ApiEventMessage {
  return { eventId: id, eventType: type, source, time, acceptedAt };
}

export function apiDelivery(delivery: DeliveryJson): ApiDeliveryMessage {
  return {
    deliveryId: delivery.id,
    eventId: delivery.event_id,
    eventType: delivery.event_type,
    webhookId: delivery.webhook_id,
    state: delivery.state,
    reason: delivery.reason ?? '',
    attemptCount: delivery.attempt_count,
    acceptedAt: delivery.accepted_at,
    firstAttemptAt: delivery.first_attempt_at ?? '',
    lastAttemptAt: delivery.last_attempt_at ?? '',
    nextAttemptAt: delivery.next_attempt_at ?? '',
    responseCode: delivery.last_status ?? 0,
    failure: delivery.last_class ?? '',
  };
}
