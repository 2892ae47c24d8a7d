import { describe, expect, test } from '@jest/globals';
import { decodeEvent, TOPIC } from '@hookline/contracts';
import { codeBlocks, readDoc, section } from './markdown.ts';

const straight = section(readDoc('events.md'), '## Straight to Kafka');

function decode(headers: Record<string, string>, value: string) {
  return decodeEvent({
    topic: TOPIC.events,
    partition: 0,
    offset: 0,
    key: null,
    value: Buffer.from(value),
    headers,
    timestampMs: Date.UTC(2026, 10, 22, 10, 15),
  });
}

const accepted = (id: string, data: string) => ({
  kind: 'event',
  event: {
    tenant: 'default',
    id,
    type: 'order.created',
    source: 'shop',
    time: '2026-11-22T10:15:00Z',
    contentType: 'application/json',
    data: Buffer.from(data),
    acceptedAtMs: Date.UTC(2026, 10, 22, 10, 15),
  },
});

interface Sent {
  topic: string;
  acks: number;
  messages: { headers: Record<string, string>; value: string }[];
}

describe('docs/events.md: what the examples produce can be read', () => {
  test('kafkajs', async () => {
    const [example = ''] = codeBlocks(straight, 'js');
    const sent: Sent[] = [];
    const producer = {
      connect: async () => {},
      disconnect: async () => {},
      send: async (what: Sent) => sent.push(what),
    };
    const kafkajs = {
      Kafka: class {
        producer = () => producer;
      },
    };
    const body = example.replace(/^import kafkajs from 'kafkajs';$/m, '');
    expect(body).not.toContain('import');
    const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor as new (
      ...source: string[]
    ) => (given: unknown) => Promise<void>;
    await new AsyncFunction('kafkajs', body)(kafkajs);
    expect(sent).toMatchObject([{ topic: TOPIC.events, acks: -1 }]);
    const [message] = sent[0]!.messages;
    expect(decode(message!.headers, message!.value)).toEqual(accepted('order-1', '{"total":19.9}'));
  });

  test('the console producer', () => {
    const [line = ''] = codeBlocks(straight, 'text');
    const [headers = '', value = ''] = line.trimEnd().split('\t');
    // As kafka-console-producer splits them: at each comma, then at the first colon.
    const pairs = headers
      .split(',')
      .map((pair) => [pair.slice(0, pair.indexOf(':')), pair.slice(pair.indexOf(':') + 1)]);
    expect(decode(Object.fromEntries(pairs) as Record<string, string>, value)).toEqual(
      accepted('order-2', '{"total":19.90}'),
    );
  });

  test('structured mode', () => {
    const [value = ''] = codeBlocks(straight, 'json');
    expect(decode({ 'content-type': 'application/cloudevents+json' }, value)).toEqual(
      accepted('order-3', '{ "total": 19.9 }'),
    );
  });
});
