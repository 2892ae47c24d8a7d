import { memberSlice } from '@hookline/contracts';
import { anyJson } from '@hookline/contracts/api';
import { within } from '@hookline/service-kit';
import { isUtf8 } from 'node:buffer';
import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';
import { askJson } from '../ask-json.ts';
import type { Upstream } from '../forward.ts';
import type { DirectCall } from '../http/route.ts';
import type { RegistryClient } from '../registry-client.ts';
import { inTheirWords, type Names } from './their-words.ts';

/** `{event_type, payload, source?}`: an event as a system of subscribers takes it. */
export const foreignEvent = z
  .strictObject({ event_type: z.string(), payload: anyJson, source: z.string().optional() })
  .meta({ id: 'ForeignEvent', description: 'As another system has it; answered with 201.' });

export const queuedEvent = z
  .strictObject({
    event_id: z.string(),
    event_type: z.string(),
    deliveries_queued: z
      .int()
      .min(0)
      .optional()
      .meta({ description: 'Webhooks of that type, before their filters; absent while the registry is away.' }),
  })
  .meta({ id: 'QueuedEvent' });

const NAMES: Names = { type: 'event_type', data: 'payload' };
const SOURCE = '/api/v1/events';
const COUNT_WITHIN_MS = 500;
const MARK = Buffer.from('"event_type"');
/** Of what ingestion reads of a request, and tells beside its answer: the same as of an event in our own form. */
const SENT = ['content-type', 'idempotency-key'] as const;
const TOLD = ['ratelimit-policy', 'ratelimit', 'hookline-duplicate', 'hookline-deduplication'] as const;

/** Whether a request may have such an event: JSON that is no CloudEvent's data. */
export function mayBeForeign(headers: IncomingHttpHeaders): boolean {
  if (!headers['content-type']?.toLowerCase().startsWith('application/json')) return false;
  return !Object.keys(headers).some((name) => name.startsWith('ce-'));
}

/** The same event in our own form, or null where it is no such event: our form's own checks tell what it is then. */
export function translateEvent(body: Buffer): { type: string; body: Buffer } | null {
  // Of every body that is published this is asked; nearly none goes further.
  if (!body.includes(MARK) || !isUtf8(body)) return null;
  const text = body.toString('utf8');
  const event = parsed(text);
  if (event === null) return null;
  const { event_type: type, source = SOURCE } = event;
  const head = JSON.stringify({ type, source });
  const data = memberSlice(text, 'payload') ?? 'null';
  return { type, body: Buffer.from(`${head.slice(0, -1)},"data":${data}}`, 'utf8') };
}

function parsed(text: string): z.infer<typeof foreignEvent> | null {
  try {
    const value: unknown = JSON.parse(text);
    // Payload may be anything, but must be there.
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, 'payload')) return null;
    return foreignEvent.safeParse(value).data ?? null;
  } catch {
    return null;
  }
}

/** Publishes it, and says for how many webhooks. How its limits stand is told in the answer's headers, whatever comes of it. */
export async function publishForeign(
  { type, body }: { type: string; body: Buffer },
  { request, response, passed }: Pick<DirectCall, 'request' | 'response' | 'passed'>,
  { registry, ingestion }: { registry: RegistryClient; ingestion: Pick<Upstream, 'ask'> },
): Promise<z.infer<typeof queuedEvent>> {
  const headers = chosen(request.headers, SENT);
  const telling: Pick<Upstream, 'ask'> = {
    async ask(what) {
      const answered = await ingestion.ask(what);
      for (const [name, value] of Object.entries(chosen(answered.headers, TOLD))) response.setHeader(name, value);
      return answered;
    },
  };
  const published = inTheirWords(NAMES, () =>
    askJson<{ id: string }>(telling, { method: 'POST', path: '/api/v1/events', body, passed, headers }),
  );
  const counted = within(COUNT_WITHIN_MS, 'the registry', registry.countWebhooks({ eventType: type }, passed));
  const [{ json }, count] = await Promise.all([published, counted.catch(() => null)]);
  return {
    event_id: json.id,
    event_type: type,
    ...(count === null ? {} : { deliveries_queued: count.count }),
  };
}

function chosen(headers: IncomingHttpHeaders, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = headers[name];
      return typeof value === 'string' ? [[name, value]] : [];
    }),
  );
}
