import { buildRequest, type Sender } from '@hookline/delivery';
import {
  compileFilter,
  createId,
  deliveryId,
  InvalidInput,
  isEventType,
  matches,
  Unavailable,
  type AttemptResult,
  type Clock,
  type Event,
  type Problem,
} from '@hookline/domain';
import { destinationOf } from './destination.ts';
import type { OpenWebhook, Secrets } from './seals.ts';

/** What is sent. */
export interface Sample {
  type: string;
  /** JSON. */
  data: string;
}

export interface Tested {
  event: Event;
  /** Whether the webhook would get such an event. */
  matches: boolean;
  result: AttemptResult;
}

export interface TestSendDependencies {
  /** Guarded like the dispatcher's. */
  sender: Pick<Sender, 'send'>;
  userAgent: string;
  clock: Clock;
}

/** Shorter than the caller waits. */
const TIMEOUT_MS = 8_000;
const MAX_UNDER_WAY = 32;
const SOURCE = 'hookline:test';
const MAX_DATA = 65_536;

/** Sends one event to a webhook, as a delivery of it is sent, and tells what came of it. @throws Unavailable if many are under way */
export function createTestSend({ sender, userAgent, clock }: TestSendDependencies) {
  let underWay = 0;

  return async (webhook: OpenWebhook, secrets: Secrets, { type, data }: Sample): Promise<Tested> => {
    const nowMs = clock.now();
    const event: Event = {
      tenant: webhook.tenant,
      id: createId('evt'),
      type,
      source: SOURCE,
      time: new Date(nowMs).toISOString(),
      data: Buffer.from(data),
      contentType: 'application/json',
      acceptedAtMs: nowMs,
    };
    const { timeoutMs = TIMEOUT_MS } = webhook.delivery;
    const request = buildRequest({
      destination: destinationOf(webhook, secrets),
      deliveryId: deliveryId(event.tenant, event.id, webhook.id),
      event: { ...event, payloads: null },
      traceparent: undefined,
      userAgent,
      nowMs,
      timeoutMs: Math.min(timeoutMs, TIMEOUT_MS),
    });
    if (underWay >= MAX_UNDER_WAY) throw new Unavailable('Too many tests are under way.', { code: 'overloaded' });
    underWay++;
    const result = await new Promise<AttemptResult>((resolve) => {
      sender.send({ ...request, keepHeaders: true }, resolve);
    }).finally(() => underWay--);
    return { event, matches: isMatch(webhook, event, data), result };
  };
}

/** A type that the webhook's first pattern matches. */
export function sampleType({ eventTypes }: Pick<OpenWebhook, 'eventTypes'>): string {
  const [pattern = '*'] = eventTypes;
  if (pattern === '*') return 'webhook.test';
  return pattern.endsWith('.*') ? `${pattern.slice(0, -1)}test` : pattern;
}

/** What is sent where neither the caller nor the catalogue has an example. */
export const STAND_IN = '{"test":true}';

/** @throws InvalidInput */
export function checkSample({ type, data }: { type: string; data?: string }): void {
  const problems: Problem[] = [];
  if (type !== '' && !isEventType(type)) {
    problems.push({ pointer: '/type', detail: 'must be an event type such as order.created' });
  }
  if (data !== undefined && data.length > MAX_DATA) {
    problems.push({ pointer: '/data', detail: `has at most ${MAX_DATA} characters` });
  }
  if (problems.length > 0) throw new InvalidInput('Such an event can not be sent.', { problems });
}

function isMatch({ eventTypes, delivery }: OpenWebhook, event: Event, data: string): boolean {
  if (!eventTypes.some((pattern) => matches(pattern, event.type))) return false;
  if (delivery.filter === undefined) return true;
  const compiled = compileFilter(delivery.filter);
  if (compiled.kind === 'invalid') return true;
  const { type, source } = event;
  return compiled.filter({ type, source, data: JSON.parse(data) as unknown });
}
