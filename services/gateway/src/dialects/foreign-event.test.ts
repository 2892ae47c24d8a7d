import { expect, test } from '@jest/globals';
import { mayBeForeign, translateEvent } from './foreign-event.ts';

const translate = (text: string) => {
  const event = translateEvent(Buffer.from(text));
  return event === null ? null : { type: event.type, body: event.body.toString() };
};

test('its payload stays as it was written', () => {
  expect(translate('{"event_type": "order.created", "payload": {"b": 1.0, "a": [ ]}}')).toEqual({
    type: 'order.created',
    body: '{"type":"order.created","source":"/api/v1/events","data":{"b": 1.0, "a": [ ]}}',
  });
  expect(translate('{"payload":null,"source":"a\\"b","event_type":"x"}')?.body).toBe(
    '{"type":"x","source":"a\\"b","data":null}',
  );
});

test.each([
  ['our own event', '{"type":"a.b","source":"s","data":{"event_type":"x","payload":1}}'],
  ['both', '{"type":"a.b","event_type":"x","payload":1}'],
  ['no payload', '{"event_type":"x"}'],
  ['a type that is none', '{"event_type":1,"payload":1}'],
  ['no JSON', '{"event_type":"x","payload":'],
  ['a list', '[{"event_type":"x","payload":1}]'],
  ['text', '"\\"event_type\\""'],
])('%s is none', (_name, text) => {
  expect(translate(text)).toBeNull();
});

test('what is no UTF-8 is none: it is refused as what it is', () => {
  expect(translateEvent(Buffer.from('{"event_type":"a.b","payload":"\xff"}', 'latin1'))).toBeNull();
});

test.each([
  [{ 'content-type': 'application/json' }, true],
  [{ 'content-type': 'application/JSON; charset=utf-8' }, true],
  [{ 'content-type': 'text/plain' }, false],
  [{}, false],
  [{ 'content-type': 'application/json', 'ce-type': 'a.b' }, false],
  [{ 'content-type': 'application/json', 'ce-tenant': 'acme' }, false],
])('a request with %j may have one: %s', (headers, expected) => {
  expect(mayBeForeign(headers)).toBe(expected);
});
