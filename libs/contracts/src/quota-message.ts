import type { QuotaOverrides } from '@hookline/domain';
import type { Quotas__Output as QuotasMessage } from './generated/hookline/v1/Quotas.ts';

/** What was not set is not there. */
export function quotasMessage(quotas: QuotaOverrides): QuotasMessage {
  const { webhooks, events_per_day: eventsPerDay, payload_bytes: payloadBytes } = quotas;
  return {
    ...(webhooks === undefined ? {} : { webhooks }),
    ...(eventsPerDay === undefined ? {} : { eventsPerDay }),
    ...(payloadBytes === undefined ? {} : { payloadBytes }),
  };
}

export function quotasOfMessage(message: QuotasMessage | null): QuotaOverrides {
  const { webhooks, eventsPerDay, payloadBytes } = message ?? {};
  return {
    ...(webhooks === undefined ? {} : { webhooks }),
    ...(eventsPerDay === undefined ? {} : { events_per_day: eventsPerDay }),
    ...(payloadBytes === undefined ? {} : { payload_bytes: payloadBytes }),
  };
}
