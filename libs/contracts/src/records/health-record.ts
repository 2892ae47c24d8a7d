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
 * `webhook.health`: how one dispatcher's requests to a webhook go, told when that changes and from time to time while it doesn't. Keyed by webhook; the
 * value is JSON. `disable`: the receiver asked to be sent nothing more, and no dead letter says so, since its answer was a success or the event has
 * been erased.
 */
export type HealthReport = { tenant: string; webhookId: string; atMs: number } & (
  | { kind: 'succeeded' }
  /** Nothing but failures since then, as far as that dispatcher knows. */
  | { kind: 'failing'; sinceMs: number }
  /** Why; without a reason by the answer's header `webhook-delivery`. */
  | { kind: 'disable'; reason?: 'gone' }
);

export function encodeHealth(report: HealthReport): OutgoingRecord {
  return {
    topic: TOPIC.health,
    key: report.webhookId,
    value: Buffer.from(JSON.stringify(report), 'utf8'),
    headers: { hl_v: RECORD_VERSION },
  };
}

export type DecodedHealth = { kind: 'health'; report: HealthReport } | Unreadable;

const KINDS: readonly unknown[] = ['succeeded', 'failing', 'disable'] satisfies HealthReport['kind'][];

export function decodeHealth(record: IncomingRecord): DecodedHealth {
  const wrongVersion = versionProblem(record.headers);
  if (wrongVersion !== null) return unreadable(wrongVersion);
  let report: Partial<Extract<HealthReport, { kind: 'failing' }>>;
  try {
    report = JSON.parse(record.value?.toString('utf8') ?? '') as typeof report;
  } catch {
    return unreadable('the value is not JSON');
  }
  for (const name of ['tenant', 'webhookId'] as const) {
    if (typeof report?.[name] !== 'string') return unreadable(`${name} must be a string`);
  }
  if (!KINDS.includes(report.kind)) return unreadable(`kind must be one of ${KINDS.join(', ')}`);
  if (!Number.isFinite(report.atMs)) return unreadable('atMs must be a number');
  if (report.kind === 'failing' && !Number.isFinite(report.sinceMs)) return unreadable('sinceMs must be a number');
  return { kind: 'health', report: report as HealthReport };
}
