import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { TOPIC } from '@hookline/contracts';
import { eventually, useRealParts } from '@hookline/testkit';
import { SERVICE_NAMES } from '../../tools/platform/services.ts';
import { finds, readLogQuery } from '../deploy/logql.ts';
import { spansOf } from '../otlp.ts';
import { append } from './load.ts';
import { allQueries, logQueries, NO_LOKI, NOTHING, type Query } from './queries.ts';
import { openWatchedScene, type WatchedScene } from './scene.ts';

const START_MS = 300_000;
/** Until then every query must have found something. */
const DATA_MS = 60_000;

const parts = useRealParts({ kafka: true, redis: true, postgres: true });
const queries = allQueries();
const found = new Set<string>();
let scene: WatchedScene;

interface Answer {
  result: { value: [number, string] }[];
}

/** A number at last: a share of nothing is none. */
async function hasData({ expr }: Query): Promise<boolean> {
  const { result } = await scene.ask<Answer>(`query?query=${encodeURIComponent(expr)}`);
  return result.some(({ value: [, text] }) => !Number.isNaN(Number(text)));
}

beforeAll(async () => {
  scene = await openWatchedScene(parts);
  const deadlineAtMs = Date.now() + DATA_MS;
  let missing = queries;
  while (missing.some(({ name }) => NOTHING[name] === undefined) && Date.now() < deadlineAtMs) {
    await scene.round();
    for (const query of missing) if (await hasData(query)) found.add(query.name);
    missing = missing.filter(({ name }) => !found.has(name));
  }
}, START_MS + DATA_MS);

afterAll(async () => {
  await scene?.close();
}, START_MS);

describe('Prometheus, watching six services at work', () => {
  test.each(queries.filter(({ name }) => NOTHING[name] === undefined).map(({ name, expr }) => [name, expr]))(
    '%s has data',
    (name, _expr) => {
      expect(found).toContain(name);
    },
  );

  test.each(Object.entries(NOTHING))('%s has none: it %s', (name) => {
    expect(queries.map((query) => query.name)).toContain(name);
    expect(found).not.toContain(name);
  });

  test('evaluates every rule without a fault, and no alert goes off that speaks of the platform', async () => {
    interface Rules {
      groups: { rules: { name: string; health: string; lastError?: string; state?: string }[] }[];
    }
    const { groups } = await scene.ask<Rules>('rules');
    const rules = groups.flatMap((group) => group.rules);
    expect(rules.filter(({ health }) => health !== 'ok')).toEqual([]);
    expect(rules.filter(({ state }) => state === 'firing')).toEqual([]);
  });

  test('reaches every service', async () => {
    const { result } = await scene.ask<Answer>('query?query=up');
    expect(result.map(({ value: [, up] }) => up)).toEqual(Array(6).fill('1'));
  });
});

describe(`the queries of Loki (${NO_LOKI})`, () => {
  test.each(logQueries().map(({ name, expr }) => [name, expr]))('%s finds lines of the services', (_name, expr) => {
    const query = readLogQuery(expr);
    const found = SERVICE_NAMES.flatMap((service) => scene.lines(service)).filter((line) => finds(query, line));
    expect(found.length).toBeGreaterThan(0);
  });
});

describe('an event that is delivered by the second attempt', () => {
  const EVENT = 'traced-event';
  let webhookId: string;

  beforeAll(async () => {
    ({ id: webhookId } = await scene.api.createWebhook({
      url: `${scene.receiver.url}/flaky`,
      event_types: ['traced'],
    }));
    await scene.api.publish(EVENT, 'traced', '{"secret":"payload"}');
  });

  const attemptSpans = () =>
    spansOf(scene.collector)
      .filter(({ name, values }) => name === 'delivery.attempt' && values['hookline.event.id'] === EVENT)
      .toSorted((a, b) => Number(a.values['hookline.attempt.number']) - Number(b.values['hookline.attempt.number']));

  test('is one trace over three processes, Kafka and the retry schedule, to the receiver', async () => {
    await eventually(() => expect(attemptSpans()).toHaveLength(2), { timeoutMs: 40_000 });
    const attempts = attemptSpans();
    const { traceId } = attempts[0]!;
    const trace = await eventually(
      () => {
        const spans = spansOf(scene.collector).filter((span) => span.traceId === traceId);
        expect(spans).toHaveLength(4);
        return spans;
      },
      { timeoutMs: 40_000 },
    );
    const published = trace.find(({ name }) => name === 'event.publish')!;
    const accepted = trace.find(({ name }) => name === 'event.accept')!;
    expect(published).toMatchObject({ process: 'gateway', kind: 2, failed: false });
    expect(published.parentSpanId ?? '').toBe('');
    expect(accepted).toMatchObject({ process: 'ingestion', kind: 2, parentSpanId: published.spanId });
    expect(attempts).toMatchObject(
      [500, 200].map((status, index) => ({
        process: 'dispatcher',
        kind: 3,
        parentSpanId: accepted.spanId,
        failed: status === 500,
        values: {
          'hookline.webhook.id': webhookId,
          'hookline.attempt.number': index + 1,
          'http.response.status_code': status,
        },
      })),
    );
    const received = scene.receiver.requests.filter(({ body }) => body.includes(EVENT));
    expect(received.map(({ headers }) => headers['traceparent'])).toEqual(
      attempts.map(({ spanId }) => `00-${traceId}-${spanId}-01`),
    );
  });

  test('of a Kafka producer goes on in that producer’s trace', async () => {
    const [traceId, spanId] = ['4bf92f3577b34da6a3ce929d0e0e4736', '00f067aa0ba902b7'];
    await append(parts.kafkaBrokers, {
      topic: TOPIC.events,
      value: Buffer.from('{}'),
      headers: {
        ce_id: 'produced',
        ce_type: 'traced',
        ce_source: 'producer',
        traceparent: `00-${traceId}-${spanId}-01`,
      },
    });
    const spans = await eventually(
      () => {
        const own = spansOf(scene.collector).filter((span) => span.traceId === traceId);
        expect(own).toHaveLength(2);
        return own;
      },
      { timeoutMs: 40_000 },
    );
    for (const span of spans) {
      expect(span).toMatchObject({ name: 'delivery.attempt', process: 'dispatcher', parentSpanId: spanId });
    }
  });

  test('has one line in the log for each attempt, which names the trace, and nothing of its data', async () => {
    await eventually(() => expect(attemptSpans()).toHaveLength(2), { timeoutMs: 40_000 });
    const { traceId } = attemptSpans()[0]!;
    const lines = await eventually(() => {
      const finished = scene
        .lines('dispatcher')
        .filter(({ event, eventId }) => event === 'attempt.finished' && eventId === EVENT);
      expect(finished).toHaveLength(2);
      return finished;
    });
    expect(lines).toMatchObject([
      {
        level: 'info',
        service: 'dispatcher',
        webhookId,
        number: 1,
        outcome: 'failed',
        class: 'server_error',
        status: 500,
        traceId,
      },
      {
        level: 'info',
        service: 'dispatcher',
        webhookId,
        number: 2,
        outcome: 'succeeded',
        status: 200,
        state: 'succeeded',
        traceId,
      },
    ]);
    expect(JSON.stringify(scene.lines('dispatcher'))).not.toContain('payload');
  });

  test('every line of every service is JSON with a time, a level, its service and an event', () => {
    for (const service of SERVICE_NAMES) {
      const lines = scene.lines(service);
      expect(lines.length).toBeGreaterThan(0);
      for (const line of lines) {
        expect(line).toMatchObject({
          time: expect.stringMatching(/^\d{4}-.*Z$/),
          level: expect.stringMatching(/^(debug|info|warn|error|fatal)$/),
          service,
          event: expect.any(String),
        });
      }
    }
  });
});
