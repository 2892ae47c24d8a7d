import { encodeEventType, eventTypeKey, type EventTypeRule } from '@hookline/contracts';
import type { EventLog, LogRecord } from '@hookline/event-log';
import { createLog, createMetrics } from '@hookline/service-kit';
import { expect, test } from '@jest/globals';
import { createEventTypes } from './event-types.ts';
import { createIngestionMetrics } from './metrics.ts';
import { parseEvent } from './read/native-event.ts';

const REFUSING: EventTypeRule = { schema: '{"not":{}}', onMismatch: 'reject' };

async function open() {
  let received: (records: LogRecord[]) => Promise<void> = async () => {};
  const follow: EventLog['follow'] = async (options) => {
    received = options.received;
    return { position: () => [0], close: async () => {} };
  };
  const eventTypes = createEventTypes({
    eventLog: { follow, endOffsets: async () => [0] },
    log: createLog('ingestion', 'silent'),
    metrics: createIngestionMetrics(createMetrics('ingestion'), () => 0),
    fail() {},
  });
  await eventTypes.start();
  return {
    read: async (...rules: readonly (readonly [type: string, version: number, rule: EventTypeRule | null])[]) =>
      received(
        rules.map(([type, version, rule]) => encodeEventType(eventTypeKey('acme', type), version, rule) as LogRecord),
      ),
    isRefused: (type: string): boolean => {
      const body = Buffer.from(JSON.stringify({ id: 'e', type, source: '/s', data: 1 }));
      try {
        eventTypes.checked(parseEvent(body, { tenant: 'acme', acceptedAtMs: 1, traceparent: undefined }));
        return false;
      } catch {
        return true;
      }
    },
  };
}

test('a type that asks for nothing any more stays so, though an older rule comes late', async () => {
  const { read, isRefused } = await open();
  await read(['a.b', 5, REFUSING]);
  expect(isRefused('a.b')).toBe(true);
  await read(['a.b', 6, null], ['a.b', 5, REFUSING]);
  expect(isRefused('a.b')).toBe(false);
  await read(['a.b', 7, REFUSING]);
  expect(isRefused('a.b')).toBe(true);
});

test('of types that are gone only the latest 10,000 are remembered', async () => {
  const { read, isRefused } = await open();
  await read(['first.gone', 2, null]);
  await read(...Array.from({ length: 10_000 }, (_, index) => [`gone.n${index}`, 2, null] as const));
  await read(['first.gone', 1, REFUSING], ['gone.n0', 1, REFUSING]);
  expect([isRefused('first.gone'), isRefused('gone.n0')]).toEqual([true, false]);
});
