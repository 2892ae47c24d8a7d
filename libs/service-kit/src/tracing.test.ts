import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, test } from '@jest/globals';
import { createLog } from './log.ts';
import { createTracer, noTracer, openTracing, traceIdOf, type Parent, type Span, type Tracing } from './tracing.ts';

const IDS = '4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7';
const SAMPLED = `00-${IDS}-01`;
const UNSAMPLED = `00-${IDS}-00`;

test.each([
  [SAMPLED, IDS.slice(0, 32)],
  [undefined, undefined],
  ['', undefined],
  [`${SAMPLED}-more`, undefined],
  [[SAMPLED, SAMPLED], undefined],
])('what logs say of the traceparent %s is %s', (traceparent, traceId) => {
  expect(traceIdOf(traceparent)).toBe(traceId);
});

describe('what is recorded', () => {
  /** The parents of the spans that were started. */
  function scene(sampleRatio: number, drawn = 0.5) {
    const parents: (Parent | null)[] = [];
    const span: Span = { traceparent: '', end: () => undefined };
    const startSpan = (_name: string, parent: Parent | null) => (parents.push(parent), span);
    return { parents, span, tracer: createTracer(sampleRatio, startSpan, () => drawn) };
  }

  test.each([SAMPLED, `00-${IDS}-03`])('a sampled parent (%s) is continued, whatever the ratio', (traceparent) => {
    const { tracer, parents, span } = scene(0);
    expect(tracer.begin('event.publish', traceparent)).toBe(span);
    expect(tracer.follow('delivery.attempt', traceparent)).toBe(span);
    const [traceId, spanId] = IDS.split('-');
    expect(parents).toMatchObject([
      { traceId, spanId },
      { traceId, spanId },
    ]);
  });

  test.each([UNSAMPLED, `00-${IDS}-02`])('an unsampled parent (%s) is not, whatever the ratio', (traceparent) => {
    const { tracer, parents } = scene(1);
    expect([tracer.begin('event.publish', traceparent), tracer.follow('event.accept', traceparent)]).toEqual([
      null,
      null,
    ]);
    expect(parents).toEqual([]);
  });

  test.each([
    undefined,
    '',
    `01-${IDS}-01`,
    `00-${IDS}-01-x`,
    `00-${IDS.toUpperCase()}-01`,
    `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`,
    `00-4bf92f3577b34da6a3ce929d0e0e4736-${'0'.repeat(16)}-01`,
    `${SAMPLED}\n`,
  ])('without a parent that is one (%p) a trace begins, in that share of cases and only where traces begin', (none) => {
    const drawn = scene(0.5, 0.49);
    expect(drawn.tracer.begin('event.publish', none)).toBe(drawn.span);
    expect(drawn.parents).toEqual([null]);
    expect(drawn.tracer.follow('event.accept', none)).toBeNull();
    expect(scene(0.5, 0.5).tracer.begin('event.publish', none)).toBeNull();
    expect(scene(0, 0).tracer.begin('event.publish', none)).toBeNull();
  });
});

describe('tracing', () => {
  const open: (() => unknown)[] = [];
  afterEach(async () => {
    for (const close of open.splice(0).toReversed()) await close();
  });

  async function start(endpoint: string | undefined, log: string[] = []): Promise<Tracing> {
    const config = { endpoint, sample_ratio: 1 };
    const tracing = await openTracing('tests', config, createLog('tests', 'info', { write: (line) => log.push(line) }));
    open.push(() => tracing.close(Date.now()));
    return tracing;
  }

  test('without an endpoint there is none', async () => {
    const tracing = await start(undefined);
    expect(tracing.tracer('gateway')).toBe(noTracer);
    expect(noTracer.begin('event.publish', SAMPLED)).toBeNull();
  });

  test('closing sends what there is, below the endpoint’s own path', async () => {
    const received: [string | undefined, string][] = [];
    const server = createServer((request, response) => {
      void text(request).then((body) => {
        received.push([request.url, body]);
        response.end('{}');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    open.push(() => server.close());
    const tracing = await start(`http://127.0.0.1:${(server.address() as AddressInfo).port}/otlp/`);
    const span = tracing.tracer('dispatcher').follow('delivery.attempt', SAMPLED) as Span;
    expect(span.traceparent).toMatch(/^00-4bf92f3577b34da6a3ce929d0e0e4736-(?!00f067aa0ba902b7)[0-9a-f]{16}-01$/);
    span.end({ 'hookline.attempt.number': 2 }, 'timeout');
    await tracing.close(Date.now() + 5_000);
    await tracing.close(Date.now() + 5_000);
    expect(received).toHaveLength(1);
    const [path, body] = received[0] as [string, string];
    expect(path).toBe('/otlp/v1/traces');
    for (const part of [span.traceparent.split('-')[2], 'hookline.attempt.number', 'timeout', '"dispatcher"']) {
      expect(body).toContain(part);
    }
  });

  test('spans that nobody takes are told of, and closing keeps to its deadline', async () => {
    const log: string[] = [];
    const tracing = await start('http://127.0.0.1:9', log);
    const end = () => tracing.tracer('gateway').begin('event.publish', undefined)?.end({});
    // Two batches.
    for (let n = 0; n < 1_000; n++) end();
    const startedAt = performance.now();
    await tracing.close(Date.now() + 200);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    // The library goes on trying for a moment.
    while (log.length === 0 && performance.now() - startedAt < 10_000)
      await new Promise((next) => setTimeout(next, 50));
    expect(log.map((line) => JSON.parse(line) as object)).toMatchObject([{ event: 'traces.lost', level: 'warn' }]);
  });
});
