import { describe, expect, test } from '@jest/globals';
import type { Event } from '@hookline/domain';
import { decodeEvent, encodeEvent } from './event-record.ts';

const EVENT: Event = {
  tenant: 'default',
  id: 'evt_1',
  type: 'order.created',
  source: '/shop',
  time: '2026-01-02T03:04:05Z',
  data: Buffer.from('{}'),
  contentType: 'application/json',
  acceptedAtMs: 1_767_323_045_000,
};

const OPTIONS: Partial<Event> = {
  subject: 'order/7',
  metadata: { region: 'eu', größe: 'x' },
  deliverAtMs: 1_767_323_100_000,
  expiresAtMs: 1_767_323_200_000,
  retryScheduleMs: [0, 5_000, 120_000],
  maxRetries: 0,
};

describe('what a producer says beside the attributes', () => {
  test('is carried', () => {
    expect(decoded(encodeEvent({ ...EVENT, ...OPTIONS }).headers)).toEqual({
      kind: 'event',
      event: { ...EVENT, ...OPTIONS },
    });
  });

  test.each([
    ['hl_metadata', '{', /hl_metadata must be a JSON object/],
    ['hl_metadata', '["a"]', /hl_metadata must be a JSON object/],
    ['hl_metadata', '{"n":1}', /hl_metadata must be a JSON object/],
    ['hl_metadata', '{"":"x"}', /hl_metadata must be a JSON object/],
    ['hl_metadata', JSON.stringify({ k: 'x'.repeat(1_025) }), /hl_metadata must be a JSON object/],
    ['hl_retry_schedule', '', /hl_retry_schedule must be 1 to 100 delays/],
    ['hl_retry_schedule', '5,x', /hl_retry_schedule must be 1 to 100 delays/],
    [
      'hl_retry_schedule',
      Array.from({ length: 101 }, () => '1').join(','),
      /hl_retry_schedule must be 1 to 100 delays/,
    ],
    ['hl_retry_schedule', '604800001', /hl_retry_schedule must be 1 to 100 delays/],
    ['hl_deliver_at', 'tomorrow', /hl_deliver_at must be a non-negative integer/],
    ['hl_expires', '-1', /hl_expires must be a non-negative integer/],
    ['hl_max_retries', '101', /hl_max_retries must be at most 100/],
    ['ce_subject', 'x'.repeat(1_025), /ce_subject must be 1 to 1024 characters/],
  ])('%s %j is refused', (name, value, reason) => {
    expect(decoded({ ...encodeEvent(EVENT).headers, [name]: value })).toEqual({
      kind: 'unreadable',
      reason: expect.stringMatching(reason),
    });
  });
});

function decoded(headers: Record<string, string>) {
  return decodeEvent({
    topic: 'webhook.events',
    partition: 0,
    offset: 0,
    key: null,
    value: EVENT.data,
    headers,
    timestampMs: EVENT.acceptedAtMs,
  });
}
