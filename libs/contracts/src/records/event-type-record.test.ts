import { expect, test } from '@jest/globals';
import { decodeEventType, encodeEventType, eventTypeKey, type EventTypeRule } from './event-type-record.ts';
import type { IncomingRecord } from './record.ts';

const RULE: EventTypeRule = { schema: '{"type":"object"}', onMismatch: 'reject' };
const KEY = eventTypeKey('default', 'order.created');

function read(record: Partial<IncomingRecord>) {
  return decodeEventType({ ...(encodeEventType(KEY, 7, RULE) as IncomingRecord), ...record });
}

test('a rule is read as it was written, and so is its end', () => {
  expect(read({})).toEqual({ kind: 'rule', key: KEY, version: 7, rule: RULE });
  expect(decodeEventType(encodeEventType(KEY, 8, null) as IncomingRecord)).toEqual({
    kind: 'none',
    key: KEY,
    version: 8,
  });
  const more = Buffer.from(JSON.stringify({ ...RULE, later: 1 }));
  expect(read({ value: more })).toMatchObject({ kind: 'rule', rule: RULE });
});

test.each<[string, Partial<IncomingRecord>]>([
  ['another version', { headers: { hl_v: '2', hl_revision: '7' } }],
  ['no revision', { headers: { hl_v: '1' } }],
  ['no key', { key: null }],
  ['no JSON', { value: Buffer.from('{') }],
  ['null', { value: Buffer.from('null') }],
  ['no schema', { value: Buffer.from('{"onMismatch":"tag"}') }],
  ['nothing to do', { value: Buffer.from('{"schema":"{}","onMismatch":"none"}') }],
  ['something unknown to do', { value: Buffer.from('{"schema":"{}","onMismatch":"drop"}') }],
])('%s is unreadable', (_what, record) => {
  expect(read(record)).toMatchObject({ kind: 'unreadable' });
});
