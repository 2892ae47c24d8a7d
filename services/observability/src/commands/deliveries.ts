import {
  encodeCancellation,
  encodeCommand,
  type AttemptCommand,
  type CancelCommand,
  type OutgoingRecord,
} from '@hookline/contracts';
import type { Database } from '@hookline/database';
import { Conflict, NotFound, type Trigger } from '@hookline/domain';
import type { EventLog } from '@hookline/event-log';
import type { Note } from '../audit.ts';
import type { DeliveryFound } from '../read/found.ts';
import type { Queries } from '../read/queries.ts';
import type { Reader } from '../read/reader.ts';
import { contentOf } from './content.ts';

export interface DeliveryCommandsDeps {
  database: Database;
  eventLog: Pick<EventLog, 'append'>;
  queries: Queries;
  reader: Reader;
  now: () => number;
}

/** What is to become of deliveries: records for the dispatcher, which carries them out. Each resolves when they are durable. */
export interface DeliveryCommands {
  /** One more attempt now. Resolves with its number. @throws NotFound, Conflict when there is nothing to send */
  retry(tenant: string, id: string, trigger: Exclude<Trigger, 'automatic'>, audited: Note): Promise<number>;
  /** @throws NotFound */
  cancel(tenant: string, id: string, audited: Note): Promise<void>;
  /** Nothing of the event is sent any more, to nobody. Resolves with how many of its deliveries are known to wait. */
  cancelEvent(tenant: string, eventId: string, acceptedAt: Date, reason: CancelCommand['reason']): Promise<number>;
}

const APPEND_DEADLINE_MS = 8_000;
/** Commands of one append. */
const MOST_AT_ONCE = 1_000;
const MOST_WAITING = 100_000;

export function createDeliveryCommands(deps: DeliveryCommandsDeps): DeliveryCommands {
  const { database, eventLog, queries, reader, now } = deps;

  async function append(records: readonly OutgoingRecord[]): Promise<void> {
    await eventLog.append(records, { deadlineMs: APPEND_DEADLINE_MS });
  }

  async function find(tenant: string, id: string): Promise<DeliveryFound> {
    const delivery = await queries.delivery(tenant, id);
    if (delivery === null) throw new NotFound(`There is no delivery ${id.slice(0, 300)}.`);
    return delivery;
  }

  /** The one that it has: since a replay, that one's. */
  async function scheduleOf(delivery: DeliveryFound): Promise<Schedule> {
    const anew = await reader.one<{ number: number; started_at: Date }>(
      `SELECT number, started_at FROM attempts WHERE delivery_id = $1 AND accepted_at = $2 AND trigger IN ('replay', 'recovery')
       ORDER BY number DESC, started_at LIMIT 1`,
      [delivery.id, delivery.accepted_at],
    );
    if (anew === null) return beginningOf(delivery);
    return { firstAttemptAtMs: anew.started_at.getTime(), scheduleFrom: anew.number };
  }

  /** First: what comes to be known of it later is cancelled by whoever writes that (write/uphold.ts). */
  async function note(
    tenant: string,
    eventId: string,
    webhookId: string | null,
    reason: CancelCommand['reason'],
  ): Promise<void> {
    await database.query(
      `INSERT INTO cancelled_events (tenant, event_id, webhook_id, reason, cancelled_at) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (tenant, event_id, webhook_id) DO UPDATE SET reason = excluded.reason, cancelled_at = excluded.cancelled_at`,
      [tenant, eventId, webhookId ?? '', reason, new Date(now())],
    );
  }

  return {
    async retry(tenant, id, trigger, audited) {
      const delivery = await find(tenant, id);
      const event = await contentOf(reader, tenant, delivery);
      if (event === null) throw contentNotKept();
      const attempt = delivery.attempt_count + 1;
      const { webhook_id: webhookId } = delivery;
      const schedule = trigger === 'manual' ? await scheduleOf(delivery) : beginningOf(delivery);
      await audited();
      await append([
        encodeCommand({ kind: 'attempt', deliveryId: id, webhookId, event, trigger, attempt, ...schedule }),
      ]);
      return attempt;
    },

    async cancel(tenant, id, audited) {
      const delivery = await find(tenant, id);
      const { event_id: eventId, webhook_id: webhookId } = delivery;
      await audited();
      await note(tenant, eventId, webhookId, 'cancelled');
      await append([
        encodeCancellation({ tenant, eventId, webhookId, reason: 'cancelled', atMs: now() }),
        cancelCommand(tenant, delivery, 'cancelled'),
      ]);
    },

    async cancelEvent(tenant, eventId, acceptedAt, reason) {
      await note(tenant, eventId, null, reason);
      await append([encodeCancellation({ tenant, eventId, webhookId: null, reason, atMs: now() })]);
      const waiting = await reader.all<DeliveryFound>(
        `SELECT id, event_id, event_type, webhook_id, accepted_at, attempt_count FROM deliveries
         WHERE tenant = $1 AND accepted_at = $2 AND event_id = $3 AND state IN ('pending', 'retrying', 'deferred')
         LIMIT ${MOST_WAITING}`,
        [tenant, acceptedAt, eventId],
      );
      for (let at = 0; at < waiting.length; at += MOST_AT_ONCE) {
        const some = waiting.slice(at, at + MOST_AT_ONCE);
        await append(some.map((delivery) => cancelCommand(tenant, delivery, reason)));
      }
      return waiting.length;
    },
  };
}

type Schedule = Pick<AttemptCommand, 'firstAttemptAtMs' | 'scheduleFrom'>;

function beginningOf({ first_attempt_at }: DeliveryFound): Schedule {
  return { firstAttemptAtMs: first_attempt_at?.getTime() ?? null };
}

export function contentNotKept(): Conflict {
  return new Conflict('The content of the event is not kept, so there is nothing to send.', {
    code: 'content_not_kept',
  });
}

function cancelCommand(tenant: string, delivery: DeliveryFound, reason: CancelCommand['reason']): OutgoingRecord {
  return encodeCommand({
    kind: 'cancel',
    deliveryId: delivery.id,
    tenant,
    eventId: delivery.event_id,
    eventType: delivery.event_type,
    webhookId: delivery.webhook_id,
    acceptedAtMs: delivery.accepted_at.getTime(),
    attempts: delivery.attempt_count,
    reason,
  });
}
