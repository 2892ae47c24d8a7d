import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createReceiver, createTempDir, eventually, type Receiver, type TempDir } from '@hookline/testkit';
import { readSettings } from '../../apps/standalone/src/config.ts';
import { startPlatform, type Platform } from '../../apps/standalone/src/platform.ts';
import { logIn } from '../api.ts';

const CLIENTS = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-';
const UNSAMPLED = `${CLIENTS}00`;
const SAMPLED = `${CLIENTS}01`;

/** As OTLP/HTTP has it in JSON, as far as it is looked at here. */
interface ExportRequest {
  resourceSpans: {
    resource: { attributes: Attribute[] };
    scopeSpans: { scope: { name: string }; spans: OtlpSpan[] }[];
  }[];
}

interface Attribute {
  key: string;
  value: { stringValue?: string; intValue?: number; boolValue?: boolean };
}

interface OtlpSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  attributes: Attribute[];
  status: { code: number };
}

function valuesOf(attributes: Attribute[]): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}

/** Every span that a receiver of traces was sent, with whose it is. */
function spansOf(collector: Receiver) {
  return collector.requests.flatMap(({ body }) =>
    (JSON.parse(body.toString()) as ExportRequest).resourceSpans.flatMap(({ resource, scopeSpans }) =>
      scopeSpans.flatMap(({ scope, spans }) =>
        spans.map(({ attributes, status, ...span }) => ({
          ...span,
          process: valuesOf(resource.attributes)['service.name'],
          service: scope.name,
          values: valuesOf(attributes),
          failed: status.code === 2,
        })),
      ),
    ),
  );
}

let folder: TempDir;
let secrets: Record<string, string>;

beforeAll(async () => {
  folder = await createTempDir('hookline-tracing');
  secrets = {
    SECURITY_JWT_SECRET: randomBytes(48).toString('base64'),
    SECURITY_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
  };
});

afterAll(() => folder.remove());

/** All six services in this process, on free ports. */
async function start(tracing: Record<string, string>): Promise<Platform> {
  const ports = ['GATEWAY_PORT', 'REGISTRY_PORT', 'REGISTRY_GRPC_PORT', 'INGESTION_PORT', 'DISPATCHER_PORT']
    .concat('RETRY_MANAGER_PORT', 'OBSERVABILITY_PORT')
    .map((name) => [name, '0'] as const);
  const env = { ...secrets, ...tracing, ...Object.fromEntries(ports), LOG_LEVEL: 'silent' };
  const settings = readSettings({ env: { ...env, HOOKLINE_DATA: folder.path, RETRY_MANAGER_INITIAL_DELAY: '10ms' } });
  return startPlatform(settings, (error) => {
    throw error;
  });
}

async function close(platform: Platform): Promise<number> {
  const startedAt = performance.now();
  await platform.close(Date.now() + 10_000);
  return performance.now() - startedAt;
}

/** A receiver of webhooks of one event type; the first request to it fails. */
async function flaky(platform: Platform, type: string): Promise<Receiver & { webhookId: string; token: string }> {
  const receiver = await createReceiver({ respond: (_request, count) => ({ status: count === 1 ? 500 : 200 }) });
  const api = await logIn(`http://127.0.0.1:${platform.gatewayPort}`, 'password');
  const webhook = await api.createWebhook({ url: receiver.url, event_types: [type] });
  return { ...receiver, webhookId: webhook.id, token: api.token };
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
  let collector: Receiver;
  let platform: Platform;

  beforeAll(async () => {
    collector = await createReceiver();
    platform = await start({ TRACING_ENDPOINT: collector.url, TRACING_SAMPLE_RATIO: '1' });
  });

  afterAll(async () => {
    await platform.close(Date.now() + 10_000);
    await collector.close();
  });

  test('an event is one trace: published, accepted, attempted twice, received', async () => {
    const receiver = await flaky(platform, 'trace.whole');
    const gateway = `http://127.0.0.1:${platform.gatewayPort}/api/v1/events?q=hidden`;
    const ingestion = `http://127.0.0.1:${platform.ingestionPort}/events`;
    const authorization = { authorization: `Bearer ${receiver.token}` };
    const eventId = await post(gateway, { type: 'trace.whole' }, authorization);
    await receiver.waitFor(2);
    await post(gateway, { type: 'trace.whole' }, { ...authorization, traceparent: UNSAMPLED });
    await post(gateway, { type: 'trace.whole' }, { ...authorization, traceparent: SAMPLED });
    await post(ingestion, { type: 'trace.whole', id: 'by-the-public-door' });
    const requests = await receiver.waitFor(5);
    await close(platform);
    await receiver.close();

    const spans = spansOf(collector);
    const [published] = spans.filter(({ name, parentSpanId }) => name === 'event.publish' && !parentSpanId);
    const { traceId } = published!;
    const trace = spans.filter((span) => span.traceId === traceId);
    expect(trace).toHaveLength(4);
    const accepted = trace.find(({ name }) => name === 'event.accept')!;
    const attempts = trace
      .filter(({ name }) => name === 'delivery.attempt')
      .toSorted((a, b) => Number(a.values['hookline.attempt.number']) - Number(b.values['hookline.attempt.number']));
    const tenant = published!.values['hookline.tenant'];
    expect(published).toMatchObject({
      process: 'hookline',
      service: 'gateway',
      kind: 2,
      values: { 'http.response.status_code': 202 },
    });
    expect(accepted).toMatchObject({
      service: 'ingestion',
      parentSpanId: published!.spanId,
      values: { 'hookline.event.id': eventId, 'hookline.event.type': 'trace.whole', 'hookline.tenant': tenant },
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
          'hookline.webhook.id': receiver.webhookId,
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
    for (const secret of ['payload', 'hidden', receiver.token]) expect(sent).not.toContain(secret);
    expect(requests).toHaveLength(5);
  });
});

describe('without traces', () => {
  test('a client’s own traceparent goes on to the receiver, in retries too', async () => {
    const platform = await start({});
    const receiver = await flaky(platform, 'trace.off');
    const ingestion = `http://127.0.0.1:${platform.ingestionPort}/events`;
    await post(ingestion, { type: 'trace.off' }, { traceparent: SAMPLED });
    await receiver.waitFor(2);
    await post(ingestion, { type: 'trace.off' });
    await receiver.waitFor(3);
    expect(traceparents(receiver)).toEqual([SAMPLED, SAMPLED, undefined]);
    await close(platform);
    await receiver.close();
  });

  test.each(['refuses', 'hangs'])('a receiver of traces that %s disturbs nothing', async (how) => {
    const collector = await createReceiver({ respond: () => 'hang' });
    if (how === 'refuses') await collector.close();
    const platform = await start({ TRACING_ENDPOINT: `${collector.url}/`, TRACING_SAMPLE_RATIO: '1' });
    const type = `trace.${how}`;
    const receiver = await flaky(platform, type);
    const ingestion = `http://127.0.0.1:${platform.ingestionPort}/events`;
    // More than a batch, so that one is sent at once, and more spans than the queue holds.
    await Promise.all(Array.from({ length: 1_500 }, () => post(ingestion, { type })));
    const requests = await eventually(
      () => {
        const ids = new Set(receiver.requests.map(({ headers }) => headers['webhook-id']));
        expect(ids.size).toBe(1_500);
        return receiver.requests;
      },
      { timeoutMs: 50_000 },
    );
    expect(requests).toHaveLength(1_501);
    if (how === 'hangs') expect(collector.requests.length).toBeGreaterThan(0);
    expect(await close(platform)).toBeLessThan(6_000);
    await receiver.close();
    await collector.close();
  });
});
