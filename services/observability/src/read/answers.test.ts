import { describe, expect, test } from '@jest/globals';
import { eventAnswer } from './answers.ts';

function answerOf(contentType: string, data: string | Buffer): string {
  const accepted_at = new Date(0);
  const attributes = { id: 'o-1', type: 'a', source: 'b', time: 't', accepted_at, partition_key: null };
  const rest = { subject: null, metadata: null, size_bytes: 1, content_deleted_at: null };
  return eventAnswer(
    { ...attributes, ...rest, content_type: contentType, data: Buffer.from(data as string) },
    [],
    false,
  ).toString();
}

describe('the data of an event', () => {
  test.each(['{"b":1.0, "a":12345678901234567890}', '[ ]', '"\\u00e9"', 'null', '-0'])(
    'is in the answer as it was: %s',
    (data) => {
      const answer = answerOf('application/json', data);
      expect(answer).toContain(`"data":${data},"deliveries":[]`);
      expect(JSON.parse(answer)).toMatchObject({ id: 'o-1', deliveries_complete: true });
    },
  );

  test.each<[string, string | Buffer]>([
    ['application/json', '{"broken":'],
    ['application/json', ''],
    ['application/json', '1,"deliveries":2'],
    ['application/json', Buffer.from([0x22, 0xc3, 0x22])],
    ['text/plain', '1'],
    ['application/jsonish', '1'],
  ])('that is no JSON (%s, %j) is in base64', (contentType, data) => {
    const answer = JSON.parse(answerOf(contentType, data)) as Record<string, unknown>;
    expect(Buffer.from(String(answer['data_base64']), 'base64')).toEqual(Buffer.from(data as string));
    expect(Object.keys(answer)).not.toContain('data');
  });

  test('of a type that is JSON too is in the answer', () => {
    expect(answerOf('application/vnd.acme+json; charset=utf-8', '1')).toContain('"data":1');
  });
});
