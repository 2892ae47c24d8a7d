import { encodeAttempt, type Attempt } from '@hookline/contracts';
import type { EventLog } from '@hookline/event-log';

let made = 0;

/** Appends attempts as a dispatcher does, successful ones unless `more` says otherwise; resolves with the ids of their deliveries. */
export async function appendAttempts(
  eventLog: Pick<EventLog, 'append'>,
  tenant: string,
  count: number,
  more: Partial<Attempt> = {},
): Promise<string[]> {
  const attempts = Array.from({ length: count }, (): Attempt => ({
    id: `att_${++made}`,
    tenant,
    deliveryId: `dlv_${made}`,
    eventId: `evt_${made}`,
    eventType: 'order.created',
    webhookId: 'wh_x',
    acceptedAtMs: Date.now(),
    number: 1,
    trigger: 'automatic',
    url: 'https://example.com/',
    state: 'succeeded',
    nextAttemptAtMs: null,
    deadReason: null,
    failure: null,
    status: 200,
    retryAfterMs: null,
    startedAtMs: Date.now(),
    durationMs: 5,
    error: null,
    responseBody: null,
    ...more,
  }));
  await eventLog.append(attempts.map(encodeAttempt));
  return attempts.map(({ deliveryId }) => deliveryId);
}
