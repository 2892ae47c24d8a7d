import type { DeliveryUpdateMessage, WatchRequestMessage, WebhookServiceHandlers } from '@hookline/contracts/grpc';
import { InvalidInput, Unauthenticated, Unavailable } from '@hookline/domain';
import type { Accept } from '../stream/accept.ts';
import type { Client, Outlet } from '../stream/client.ts';
import type { Caller, Calls, Watch } from './calls.ts';

interface WatchMessage {
  updates: DeliveryUpdateMessage[];
  cursor: string;
  gap: boolean;
}

/** The live feed (stream/), as a stream of the server's. */
export function watchCalls(accept: Accept, { serverStream }: Calls): Pick<WebhookServiceHandlers, 'WatchDeliveries'> {
  return {
    WatchDeliveries: serverStream(
      'WatchDeliveries',
      'deliveries:read',
      async (call: Watch<WatchRequestMessage, WatchMessage>, { identity, passed }: Caller) => {
        const headers = { authorization: passed.authorization };
        const request = { url: `/?${queryOf(call.request)}`, headers };
        const accepted = await accept({ request, identity, passed }).catch(inOurFields);
        try {
          await streamed(call, (outlet) => accepted.begin(outlet));
        } finally {
          accepted.leave();
        }
      },
    ),
  };
}

/** Resolves when the client has ended it, rejects with what ends it from here. */
function streamed(call: Watch<WatchRequestMessage, WatchMessage>, begin: (outlet: Outlet) => Promise<Client>) {
  return new Promise<void>((resolve, reject) => {
    call.once('cancelled', () => resolve());
    if (call.cancelled) return resolve();
    let buffered = 0;
    let client: Client | undefined;
    function send(message: WatchMessage, sizeBytes: number): void {
      buffered += sizeBytes;
      call.write(message, () => {
        buffered -= sizeBytes;
        client?.pump();
      });
    }
    const outlet: Outlet = {
      write({ entries, cursor }) {
        const sizeBytes = entries.reduce((sum, { length }) => sum + length, 0);
        send({ updates: entries.map(updateOf), cursor, gap: false }, sizeBytes);
      },
      tell: (what, cursor) => send({ updates: [], cursor, gap: what === 'gap' }, cursor.length),
      bufferedBytes: () => buffered,
      end: (reason, detail) => reject(reason === 'token_ended' ? new Unauthenticated(detail) : new Unavailable(detail)),
    };
    begin(outlet).then((begun) => {
      client = begun;
      client.pump();
    }, reject);
  });
}

function queryOf({ webhooks, types, outcome, cursor }: WatchRequestMessage): string {
  const query = new URLSearchParams();
  for (const webhook of webhooks) query.append('webhook', webhook);
  for (const type of types) query.append('type', type);
  if (outcome !== '') query.set('outcome', outcome);
  if (cursor !== '') query.set('cursor', cursor);
  return query.toString();
}

/** Fields of the message are called otherwise than the parameters of REST. */
function inOurFields(error: unknown): never {
  if (!(error instanceof InvalidInput)) throw error;
  const { message, code, problems } = error;
  const named = problems.map(({ pointer, detail }) => ({
    pointer: pointer.replace(/^\?(webhook|type)$/, '/$1s').replace('?', '/'),
    detail,
  }));
  throw new InvalidInput(message, { code, problems: named, cause: error });
}

/** As stream/entry.ts writes it. */
interface EntryJson {
  delivery_id: string;
  event_id: string;
  event_type: string;
  webhook_id: string;
  state: string;
  reason: string | null;
  number?: number;
  trigger?: string;
  outcome?: string;
  status?: number | null;
  class?: string | null;
  duration_ms?: number;
  started_at?: string | null;
  at?: string | null;
  next_attempt_at: string | null;
}

function updateOf(json: string): DeliveryUpdateMessage {
  const entry = JSON.parse(json) as EntryJson;
  return {
    deliveryId: entry.delivery_id,
    eventId: entry.event_id,
    eventType: entry.event_type,
    webhookId: entry.webhook_id,
    state: entry.state,
    reason: entry.reason ?? '',
    attemptNumber: entry.number ?? 0,
    trigger: entry.trigger ?? '',
    outcome: entry.outcome ?? '',
    responseCode: entry.status ?? 0,
    failure: entry.class ?? '',
    durationMs: entry.duration_ms ?? 0,
    at: entry.started_at ?? entry.at ?? '',
    nextAttemptAt: entry.next_attempt_at ?? '',
  };
}
