import { afterEach, describe, expect, test } from '@jest/globals';
import { createReceiver, createTempDir, type Receiver, type ReceiverOptions } from '@hookline/testkit';
import { readSettings } from '../../apps/standalone/src/config.ts';
import { startPlatform } from '../../apps/standalone/src/platform.ts';
import { logIn } from '../api.ts';
import { spansOf } from '../otlp.ts';

const PASSWORD = 'a-long-passphrase';
const CLIENTS = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-';
const UNSAMPLED = `${CLIENTS}00`;
const SAMPLED = `${CLIENTS}01`;

const open: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close();
});

async function startReceiver(options: ReceiverOptions = {}): Promise<Receiver> {
  const receiver = await createReceiver(options);
  open.push(() => receiver.close());
  return receiver;
}

const GRACE_MS = 10_000;

interface Scene {
  /** A webhook of one event type; the first request to it fails. */
  receiver: Receiver;
  webhookId: string;
  token: string;
  /** Publishes an event of that type. */
  publish: (through: 'gateway' | 'ingestion', event?: object, headers?: Record<string, string>) => Promise<string>;
  /** In milliseconds. */
  close: () => Promise<number>;
}

/** All six services in this process, on free ports. */
async function start(tracing: Record<string, string>): Promise<Scene> {
  const folder = await createTempDir('hookline-tracing');
  open.push(() => folder.remove());
  const ports = ['GATEWAY_PORT', 'REGISTRY_PORT', 'REGISTRY_GRPC_PORT', 'INGESTION_PORT', 'DISPATCHER_PORT']
    .concat('GATEWAY_GRPC_PORT', 'GATEWAY_DIALECT_PORT', 'RETRY_MANAGER_PORT', 'OBSERVABILITY_PORT')
    .map((name) => [name, '0'] as const);
  const env = {
    ...tracing,
    ...Object.fromEntries(ports),
    LOG_LEVEL: 'silent',
    HOOKLINE_DATA: folder.path,
    SECURITY_ADMIN_PASSWORD: PASSWORD,
    RETRY_MANAGER_INITIAL_DELAY: '10ms',
  };
  const platform = await startPlatform(readSettings({ env }), (error) => {
    throw error;
  });
  let closing: Promise<number> | undefined;
  const close = () => (closing ??= timed(() => platform.close(Date.now() + GRACE_MS)));
  open.push(close);
  const receiver = await startReceiver({ respond: (_request, count) => ({ status: count === 1 ? 500 : 200 }) });
  const api = await logIn(`http://127.0.0.1:${platform.gatewayPort}`, PASSWORD);
  const webhook = await api.createWebhook({ url: receiver.url, event_types: ['trace.me'] });
  const urls = {
    gateway: `http://127.0.0.1:${platform.gatewayPort}/api/v1/events?q=hidden`,
    ingestion: `http://127.0.0.1:${platform.ingestionPort}/events`,
  };
  return {
    receiver,
    webhookId: webhook.id,
    token: api.token,
    publish(through, event = {}, headers = {}) {
      const authorization = through === 'gateway' ? { authorization: `Bearer ${api.token}` } : {};
      return post(urls[through], { type: 'trace.me', ...event }, { ...authorization, ...headers });
    },
    close,
  };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

async function post(url: string, event: object, headers: Record<string, string> = {}): Promise<string> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ source: 'test', data: { secret: 'payload' }, ...event }),
  });
  expect(answer.status).toBe(202);
  return ((await answer.json()) as { id: string }).id;
}

const traceparents = (receiver: Receiver) => receiver.requests.map(({ headers }) => headers['traceparent']);

describe('with a receiver of traces', () => {
  test('an event is one trace: published, accepted, attempted twice, received', async () => {
    const collector = await startReceiver();
    const scene = await start({ TRACING_ENDPOINT: collector.url, TRACING_SAMPLE_RATIO: '1' });
    const { receiver, webhookId, publish } = scene;
    const eventId = await publish('gateway');
    await receiver.waitFor(2);
    await publish('gateway', {}, { traceparent: UNSAMPLED });
    await publish('gateway', {}, { traceparent: SAMPLED });
    await publish('ingestion', { id: 'by-the-public-door' });
    await receiver.waitFor(5);
    await scene.close();

    const spans = spansOf(collector);
    const [published] = spans.filter(({ name, parentSpanId }) => name === 'event.publish' && !parentSpanId);
    const { traceId } = published!;
    const trace = spans.filter((span) => span.traceId === traceId);
    expect(trace).toHaveLength(4);
    const accepted = trace.find(({ name }) => name === 'event.accept')!;
    const attempts = trace
      .filter(({ name }) => name === 'delivery.attempt')
      .toSorted((a, b) => Number(a.values['hookline.attempt.number']) - Number(b.values['hookline.attempt.number']));
    expect(published).toMatchObject({
      process: 'hookline',
      service: 'gateway',
      kind: 2,
      values: { 'http.response.status_code': 202 },
    });
    expect(accepted).toMatchObject({
      service: 'ingestion',
      parentSpanId: published!.spanId,
      values: { 'hookline.event.id': eventId, 'hookline.event.type': 'trace.me' },
    });
    expect(attempts).toMatchObject(
      [500, 200].map((status, index) => ({
        service: 'dispatcher',
        kind: 3,
        parentSpanId: accepted.spanId,
        failed: status === 500,
        values: {
          'hookline.attempt.number': index + 1,
          'hookline.event.id': eventId,
          'hookline.webhook.id': webhookId,
          'http.response.status_code': status,
        },
      })),
    );
    const received = traceparents(receiver);
    expect(received.slice(0, 2)).toEqual(attempts.map(({ spanId }) => `00-${traceId}-${spanId}-01`));
    expect(received).toContain(UNSAMPLED);

    const [ownTraceId, ownSpanId] = SAMPLED.split('-').slice(1);
    const own = spans.filter((span) => span.traceId === ownTraceId);
    expect(own.map(({ name }) => name).toSorted()).toEqual(['delivery.attempt', 'event.accept', 'event.publish']);
    expect(own.find(({ name }) => name === 'event.publish')?.parentSpanId).toBe(ownSpanId);

    const atTheDoor = spans.find(({ values }) => values['hookline.event.id'] === 'by-the-public-door')!;
    const byTheDoor = spans.filter((span) => span.traceId === atTheDoor.traceId);
    expect(byTheDoor.map(({ name }) => name).toSorted()).toEqual(['delivery.attempt', 'event.accept']);

    const sent = collector.requests.map(({ body }) => body.toString()).join();
    expect(collector.requests[0]?.path).toBe('/v1/traces');
    for (const secret of ['payload', 'hidden', scene.token]) expect(sent).not.toContain(secret);
  });

  test.each(['refuses', 'hangs'])('one that %s disturbs nothing', async (how) => {
    const collector = await startReceiver({ respond: () => 'hang' });
    if (how === 'refuses') await collector.close();
    const scene = await start({ TRACING_ENDPOINT: `${collector.url}/`, TRACING_SAMPLE_RATIO: '1' });
    // Several batches, and more spans than the queue holds.
    await Promise.all(Array.from({ length: 1_500 }, () => scene.publish('ingestion')));
    const requests = await scene.receiver.waitFor(1_501, 50_000);
    expect(new Set(requests.map(({ headers }) => headers['webhook-id'])).size).toBe(1_500);
    expect(collector.requests.length > 0).toBe(how === 'hangs');
    expect(await scene.close()).toBeLessThan(GRACE_MS);
  });
});

describe('without one', () => {
  test('a client’s own traceparent goes on to the receiver, in retries too', async () => {
    const { receiver, publish } = await start({});
    await publish('gateway', {}, { traceparent: SAMPLED });
    await receiver.waitFor(2);
    await publish('gateway');
    await receiver.waitFor(3);
    expect(traceparents(receiver)).toEqual([SAMPLED, SAMPLED, undefined]);
  });
});
