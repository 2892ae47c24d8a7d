import type { Event } from '@hookline/domain';
import { describe, expect, test } from '@jest/globals';
import { decodeAttempt } from './attempt-record.ts';
import { decodeCancellation, encodeCancellation, type Cancellation } from './cancellation-record.ts';
import {
  decodeDelivery,
  encodeCommand,
  type AttemptCommand,
  type CancelCommand,
  type Command,
} from './command-record.ts';
import type { IncomingRecord, OutgoingRecord } from './record.ts';
import { encodeRetry, encodeSettled, type Retry } from './retry-record.ts';
import { decodeState, encodeState, type StateChange } from './state-record.ts';

const EVENT: Event = {
  tenant: 'acme',
  id: 'evt_1',
  type: 'order.created',
  source: '/shop',
  time: '2026-11-22T10:00:00Z',
  data: Buffer.from([0, 255, 10]),
  contentType: 'application/octet-stream',
  acceptedAtMs: 1_800_000_000_000,
};

const ATTEMPT: AttemptCommand = {
  kind: 'attempt',
  deliveryId: 'dlv_1',
  webhookId: 'wh_1',
  event: EVENT,
  trigger: 'manual',
  attempt: 3,
  firstAttemptAtMs: 1_800_000_001_000,
};

const CANCEL: CancelCommand = {
  kind: 'cancel',
  deliveryId: 'dlv_1',
  tenant: 'acme',
  eventId: 'evt_1',
  eventType: 'order.created',
  webhookId: 'wh_1',
  acceptedAtMs: 1_700_000_000_000,
  attempts: 2,
  reason: 'cancelled',
};

const STATE: StateChange = {
  tenant: 'acme',
  deliveryId: 'dlv_1',
  eventId: 'evt_1',
  eventType: 'order.created',
  webhookId: 'wh_1',
  acceptedAtMs: 1_700_000_000_000,
  state: 'deferred',
  reason: 'overflow',
  attempts: 0,
  nextAttemptAtMs: 1_800_000_005_000,
  atMs: 1_800_000_000_500,
};

const CANCELLATION: Cancellation = {
  tenant: 'acme',
  eventId: 'evt_1',
  webhookId: null,
  reason: 'erased',
  atMs: 1_800_000_000_500,
};

const RETRY: Retry = {
  deliveryId: 'dlv_1',
  webhookId: 'wh_1',
  event: EVENT,
  attempt: 4,
  dueAtMs: 1_800_000_005_000,
  firstAttemptAtMs: 1_800_000_001_000,
  deferred: false,
};

function read({ topic, key, value, headers }: OutgoingRecord, changed: Record<string, string> = {}): IncomingRecord {
  const all = { ...headers, ...changed };
  return { topic, partition: 3, offset: 42, key: key ?? null, value, headers: all, timestampMs: 1_700_000_000_000 };
}

function without(record: IncomingRecord, name: string): IncomingRecord {
  const { [name]: _removed, ...headers } = record.headers;
  return { ...record, headers };
}

/** The value without a member, or with another one in its place. */
function withMember(record: OutgoingRecord, name: string, value?: unknown): IncomingRecord {
  const members = JSON.parse(record.value!.toString()) as Record<string, unknown>;
  return { ...read(record), value: Buffer.from(JSON.stringify({ ...members, [name]: value })) };
}

function unreadable(named: string) {
  return { kind: 'unreadable', reason: expect.stringContaining(named) };
}

describe('webhook.deliveries', () => {
  test.each<[string, Command]>([
    ['to attempt', ATTEMPT],
    ['to attempt what never was', { ...ATTEMPT, attempt: 1, firstAttemptAtMs: null, trigger: 'replay' }],
    ['to cancel', CANCEL],
    ['to erase', { ...CANCEL, reason: 'erased' }],
    ['to bury', { kind: 'bury', retry: RETRY, reason: 'backlog_full' }],
  ])('a command %s comes back', (_what, command) => {
    const record = encodeCommand(command);
    expect([record.topic, record.key]).toEqual(['webhook.deliveries', 'dlv_1']);
    expect(decodeDelivery(read(record))).toEqual({ kind: 'command', command });
  });

  test('a hand-over is a retry, also of a schedule that began anew', () => {
    expect(decodeDelivery(read(encodeRetry(RETRY)))).toEqual({ kind: 'retry', retry: RETRY });
    const anew: Retry = { ...RETRY, scheduleFrom: 3, trigger: 'manual' };
    expect(decodeDelivery(read(encodeRetry(anew)))).toEqual({ kind: 'retry', retry: anew });
  });

  test('to bury needs a retry, and a reason', () => {
    const record = read(encodeCommand({ kind: 'bury', retry: RETRY, reason: 'backlog_full' }));
    expect(decodeDelivery({ ...record, value: null })).toEqual(unreadable('no value'));
    expect(decodeDelivery(without(record, 'hl_reason'))).toEqual(unreadable('hl_reason'));
    expect(decodeDelivery(without(record, 'hl_attempt'))).toEqual(unreadable('hl_attempt'));
  });

  test('what hands nothing over and commands nothing is unreadable', () => {
    expect(decodeDelivery(read(encodeSettled('dlv_1')))).toEqual(unreadable('no value'));
    expect(decodeDelivery(read(encodeRetry(RETRY), { hl_kind: 'dance' }))).toEqual(unreadable('hl_kind'));
    expect(decodeDelivery(read(encodeCommand(CANCEL), { hl_command: 'dance' }))).toEqual(unreadable('hl_command'));
    expect(decodeDelivery(without(read(encodeCommand(CANCEL)), 'hl_command'))).toEqual(unreadable('hl_command'));
    expect(decodeDelivery(read(encodeCommand(CANCEL), { hl_v: '2' }))).toEqual(unreadable('hl_v'));
    expect(decodeDelivery({ ...read(encodeCommand(CANCEL)), key: null })).toEqual(unreadable('key'));
  });

  test.each([
    ['hl_webhook', ''],
    ['hl_trigger', 'automatic'],
    ['hl_attempt', '0'],
    ['ce_id', ''],
  ])('a command to attempt with %s %j is unreadable', (header, value) => {
    expect(decodeDelivery(read(encodeCommand(ATTEMPT), { [header]: value }))).toEqual(unreadable(header));
  });

  test.each<[string, unknown]>([
    ['tenant', undefined],
    ['eventId', 7],
    ['eventType', null],
    ['webhookId', undefined],
    ['attempts', '2'],
    ['reason', 'mood'],
  ])('a command to cancel with %s %j is unreadable', (name, value) => {
    expect(decodeDelivery(withMember(encodeCommand(CANCEL), name, value))).toEqual(unreadable(name));
  });

  test.each(['', '{', 'null', '7'])('a command to cancel whose value is %j is unreadable', (text) => {
    expect(decodeDelivery({ ...read(encodeCommand(CANCEL)), value: Buffer.from(text) }).kind).toBe('unreadable');
  });
});

describe('a state', () => {
  test('comes back among the attempts', () => {
    const record = encodeState(STATE);
    expect([record.topic, record.key]).toEqual(['webhook.attempts', undefined]);
    expect(decodeAttempt(read(record))).toEqual({ kind: 'state', change: STATE });
    expect(decodeState(withMember(record, 'nextAttemptAtMs'))).toEqual({
      kind: 'state',
      change: { ...STATE, nextAttemptAtMs: null },
    });
  });

  test('of another kind or version is unreadable', () => {
    expect(decodeAttempt(read(encodeState(STATE), { hl_kind: 'mood' }))).toEqual(unreadable('hl_kind'));
    expect(decodeState(without(read(encodeState(STATE)), 'hl_kind'))).toEqual(unreadable('hl_kind'));
    expect(decodeState(read(encodeState(STATE), { hl_v: '2' }))).toEqual(unreadable('hl_v'));
  });

  test.each<[string, unknown]>([
    ['tenant', undefined],
    ['deliveryId', 1],
    ['eventId', undefined],
    ['eventType', undefined],
    ['webhookId', null],
    ['state', undefined],
    ['reason', undefined],
    ['attempts', '1'],
    ['atMs', null],
    ['nextAttemptAtMs', 'soon'],
  ])('with %s %j is unreadable', (name, value) => {
    expect(decodeState(withMember(encodeState(STATE), name, value))).toEqual(unreadable(name));
  });

  test.each(['', '{', 'null', '[]'])('whose value is %j is unreadable', (text) => {
    expect(decodeState({ ...read(encodeState(STATE)), value: Buffer.from(text) }).kind).toBe('unreadable');
  });
});

describe('a cancellation', () => {
  test.each<[string, Cancellation]>([
    ['of an event', CANCELLATION],
    ['of a delivery', { ...CANCELLATION, webhookId: 'wh_1', reason: 'cancelled' }],
  ])('%s comes back', (_what, cancellation) => {
    const record = encodeCancellation(cancellation);
    expect([record.topic, record.key]).toEqual(['webhook.cancellations', 'acme/evt_1']);
    expect(decodeCancellation(read(record))).toEqual({ kind: 'cancellation', cancellation });
  });

  test.each<[string, unknown]>([
    ['tenant', undefined],
    ['eventId', 5],
    ['webhookId', undefined],
    ['reason', 'mood'],
    ['atMs', 'now'],
  ])('with %s %j is unreadable', (name, value) => {
    expect(decodeCancellation(withMember(encodeCancellation(CANCELLATION), name, value))).toEqual(unreadable(name));
  });

  test('of another version or without JSON is unreadable', () => {
    expect(decodeCancellation(read(encodeCancellation(CANCELLATION), { hl_v: '2' }))).toEqual(unreadable('hl_v'));
    for (const text of ['', '{', 'null']) {
      const record = { ...read(encodeCancellation(CANCELLATION)), value: Buffer.from(text) };
      expect(decodeCancellation(record).kind).toBe('unreadable');
    }
  });
});
