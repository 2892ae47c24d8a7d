import type { PushEventMessage, RefusedEventMessage, WebhookServiceHandlers } from '@hookline/contracts/grpc';
import { HooklineError, RateLimited, Unavailable } from '@hookline/domain';
import { within, type Admission, type ProblemBody } from '@hookline/service-kit';
import { askJson, errorOfProblem } from '../ask-json.ts';
import type { Upstream } from '../forward.ts';
import type { Passed } from '../http/route.ts';
import type { RegistryClient } from '../registry-client.ts';
import type { Caller, Calls } from './calls.ts';
import { fieldOf, messageOf } from './errors.ts';
import { eventBody } from './event-body.ts';
import { typeOf } from './event-type.ts';

export interface PushCallsDependencies {
  registry: RegistryClient;
  ingestion: Upstream;
  /** Calls under way, and the bytes of their events. */
  admission: Admission;
}

/** An event waits no longer than that for the number of webhooks that it triggers. */
const COUNT_WITHIN_MS = 500;
/** Questions to the registry at once; the events beyond are told no number. */
const MAX_COUNTS = 64;

/** Of a stream, published at once. Ingestion takes 1,000 and 4 MiB. */
const MAX_BATCH_EVENTS = 200;
const MAX_BATCH_BYTES = 1024 * 1024;
const MAX_REFUSALS = 1_000;
/** A stream on which nothing comes for so long is ended. */
const IDLE_STREAM_MS = 5 * 60_000;

interface Accepted {
  id: string;
  accepted_at: string;
}

interface BatchAnswer {
  events: ({ id: string | null } & (
    { status: 'accepted' | 'duplicate'; accepted_at: string } | { status: 'rejected' | 'failed'; problem: ProblemBody }
  ))[];
}

export function pushCalls(
  { registry, ingestion, admission }: PushCallsDependencies,
  { unary, clientStream }: Calls,
): Pick<WebhookServiceHandlers, 'PushEvent' | 'PushEvents'> {
  let counts = 0;

  /** null: the registry is away, or busy. */
  async function triggeredBy(eventType: string, passed: Passed): Promise<number | null> {
    if (counts >= MAX_COUNTS) return null;
    counts++;
    try {
      const counted = registry.countWebhooks({ eventType }, passed);
      return (await within(COUNT_WITHIN_MS, 'the registry', counted)).count;
    } catch {
      return null;
    } finally {
      counts--;
    }
  }

  async function admitted<T>(bytes: number, work: () => Promise<T>): Promise<T> {
    if (!admission.enter(bytes)) throw new Unavailable('Too many requests are under way.', { code: 'overloaded' });
    try {
      return await work();
    } finally {
      admission.leave(bytes);
    }
  }

  function publish<T>(path: string, body: Buffer, passed: Passed) {
    return admitted(body.length, () => askJson<T>(ingestion, { method: 'POST', path, body, passed }));
  }

  async function publishBatch(events: readonly string[], passed: Passed): Promise<BatchAnswer['events']> {
    const body = Buffer.from(`{"events":[${events.join(',')}]}`, 'utf8');
    return (await publish<BatchAnswer>('/api/v1/events:batch', body, passed)).json.events;
  }

  return {
    PushEvent: unary('PushEvent', 'events:publish', async (request, { passed }) => {
      const body = Buffer.from(eventBody(request), 'utf8');
      const [{ headers, json }, triggered] = await Promise.all([
        publish<Accepted>('/api/v1/events', body, passed),
        triggeredBy(typeOf(request), passed),
      ]);
      return {
        eventId: json.id,
        acceptedAt: json.accepted_at,
        duplicate: headers['hookline-duplicate'] === 'true',
        ...(triggered === null ? {} : { webhooksTriggered: triggered }),
      };
    }),

    PushEvents: clientStream('PushEvents', 'events:publish', async (requests, { passed }: Caller) => {
      const tally = createTally();
      let waiting: { index: number; event: string }[] = [];
      let waitingBytes = 0;
      let index = 0;

      async function flush(): Promise<void> {
        const batch = waiting;
        [waiting, waitingBytes] = [[], 0];
        if (batch.length === 0) return;
        const answers = await publishBatch(
          batch.map(({ event }) => event),
          passed,
        ).catch((error: unknown) => {
          throw tally.interrupted(error, batch[0]!.index);
        });
        for (const [at, answer] of answers.entries()) {
          if ('problem' in answer) tally.refused(batch[at]!.index, answer.id ?? '', errorOfProblem(answer.problem));
          else tally.accepted(answer.status === 'duplicate');
        }
      }

      const idle = setTimeout(() => requests.destroy(idleStream()), IDLE_STREAM_MS);
      requests.once('close', () => clearTimeout(idle));
      for await (const request of requests as AsyncIterable<PushEventMessage>) {
        idle.refresh();
        try {
          const event = eventBody(request);
          waiting.push({ index, event });
          waitingBytes += Buffer.byteLength(event);
        } catch (error) {
          tally.refused(index, request.id, error);
        }
        index++;
        // What has come meanwhile goes together; nothing waits for what may never come.
        const isFull = waiting.length >= MAX_BATCH_EVENTS || waitingBytes >= MAX_BATCH_BYTES;
        if (isFull || requests.readableLength === 0) await flush();
      }
      await flush();
      return tally.answer();
    }),
  };
}

function idleStream(): Unavailable {
  return new Unavailable('Nothing came on the stream for five minutes: open another one.', { code: 'stream_idle' });
}

/** What became of the events of one stream. */
function createTally() {
  const refusals: RefusedEventMessage[] = [];
  let accepted = 0;
  let duplicates = 0;
  let refused = 0;
  return {
    accepted(again: boolean) {
      accepted++;
      if (again) duplicates++;
    },
    refused(index: number, eventId: string, error: unknown) {
      if (!(error instanceof HooklineError)) throw error;
      refused++;
      if (refusals.length >= MAX_REFUSALS) return;
      const field = fieldOf(error.problems[0]?.pointer ?? '');
      refusals.push({ index, eventId, code: error.code, message: messageOf(error), field });
    },
    /** The stream ends with it; its client learns where to go on. */
    interrupted(error: unknown, index: number): unknown {
      if (!(error instanceof Unavailable || error instanceof RateLimited)) return error;
      const { message, code, retryAfterMs } = error;
      const where = `The events before number ${index} of the stream are answered for: ${accepted} accepted, ${refused} refused.`;
      const Same = error instanceof Unavailable ? Unavailable : RateLimited;
      return new Same(`${message} ${where}`, {
        code,
        cause: error,
        ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
      });
    },
    answer: () => ({ accepted, duplicates, refused, refusals }),
  };
}
