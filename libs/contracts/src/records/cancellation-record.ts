import type { EndReason } from '@hookline/domain';
import { TOPIC } from '../topics.ts';
import {
  RECORD_VERSION,
  unreadable,
  versionProblem,
  type IncomingRecord,
  type OutgoingRecord,
  type Unreadable,
} from './record.ts';

/**
 * `webhook.cancellations`: an event is not to be sent any more, to one webhook or to any. Every dispatcher keeps them, so it does not matter where a delivery
 * is: not matched yet, queued, under way, or handed over. What waits in the retry schedule goes when it is due; a cancel command for each
 * delivery that is known to wait there (command-record.ts), appended in the same call, takes it out at once. The value is JSON.
 */
export interface Cancellation {
  tenant: string;
  eventId: string;
  /** null: every webhook. */
  webhookId: string | null;
  reason: Extract<EndReason, 'cancelled' | 'erased'>;
  atMs: number;
}

export function encodeCancellation(cancellation: Cancellation): OutgoingRecord {
  return {
    topic: TOPIC.cancellations,
    key: `${cancellation.tenant}/${cancellation.eventId}`,
    value: Buffer.from(JSON.stringify(cancellation), 'utf8'),
    headers: { hl_v: RECORD_VERSION },
  };
}

export type DecodedCancellation = { kind: 'cancellation'; cancellation: Cancellation } | Unreadable;

export function decodeCancellation(record: IncomingRecord): DecodedCancellation {
  const wrongVersion = versionProblem(record.headers);
  if (wrongVersion !== null) return unreadable(wrongVersion);
  let cancellation: Partial<Cancellation>;
  try {
    cancellation = JSON.parse(record.value?.toString('utf8') ?? '') as Partial<Cancellation>;
  } catch {
    return unreadable('the value is not JSON');
  }
  for (const name of ['tenant', 'eventId'] as const) {
    if (typeof cancellation?.[name] !== 'string') return unreadable(`${name} must be a string`);
  }
  if (cancellation.webhookId !== null && typeof cancellation.webhookId !== 'string') {
    return unreadable('webhookId must be a string or null');
  }
  if (cancellation.reason !== 'cancelled' && cancellation.reason !== 'erased') {
    return unreadable('reason must be cancelled or erased');
  }
  if (!Number.isFinite(cancellation.atMs)) return unreadable('atMs must be a number');
  return { kind: 'cancellation', cancellation: cancellation as Cancellation };
}
