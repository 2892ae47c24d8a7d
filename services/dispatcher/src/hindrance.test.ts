import { createPolicies, policyOf, type Event } from '@hookline/domain';
import { describe, expect, test } from '@jest/globals';
import { hindranceOf, type Circumstances, type Hindrance } from './hindrance.ts';
import type { DeliveryJob } from './job.ts';

const NOW_MS = 1_800_000_000_000;
const MINUTE_MS = 60_000;
const { quick } = createPolicies();

const EVENT: Event = {
  tenant: 'acme',
  id: 'e1',
  type: 'order.created',
  source: 'shop',
  time: '2027-01-15T08:00:00Z',
  data: Buffer.from('{}'),
  contentType: 'application/json',
  acceptedAtMs: NOW_MS - 1_000,
};

interface Case {
  trigger?: DeliveryJob['trigger'];
  event?: Partial<Event>;
  firstAttemptAtMs?: number;
  at?: Partial<Circumstances>;
}

function hindrance({ trigger = 'automatic', event, firstAttemptAtMs, at }: Case): Hindrance | null {
  return hindranceOf(
    { trigger, event: { ...EVENT, ...event, payloads: null }, firstAttemptAtMs: firstAttemptAtMs ?? null, order: null },
    { cancelled: null, unreadable: false, webhook: { status: 'enabled' }, policy: quick, nowMs: NOW_MS, ...at },
  );
}

const PAUSED: Hindrance = { kind: 'defer', reason: 'paused', dueAtMs: NOW_MS + 1_000 };
const EXPIRED: Hindrance = { kind: 'end', state: 'expired', reason: 'ttl' };
const TOO_OLD: Hindrance = { kind: 'dead', reason: 'max_age' };
const CANCELLED: Hindrance = { kind: 'end', state: 'cancelled', reason: 'cancelled' };
const ERASED: Hindrance = { kind: 'end', state: 'cancelled', reason: 'erased' };

describe('what stands in the way of a request', () => {
  test.each<[string, Hindrance | null, Case]>([
    ['nothing', null, {}],
    ['it was cancelled', CANCELLED, { at: { cancelled: 'cancelled' } }],
    ['its event was erased', ERASED, { at: { cancelled: 'erased', webhook: undefined } }],
    ['the webhook can’t be read', { kind: 'defer', reason: 'webhook_unreadable', dueAtMs: NOW_MS + MINUTE_MS }, { at: { unreadable: true, webhook: undefined } }], // prettier-ignore
    ['the webhook is gone', { kind: 'end', state: 'discarded', reason: 'webhook_deleted' }, { at: { webhook: undefined } }], // prettier-ignore
    ['the webhook is disabled', { kind: 'dead', reason: 'webhook_disabled' }, { at: { webhook: { status: 'disabled' } } }], // prettier-ignore
    ['the webhook is paused', PAUSED, { at: { webhook: { status: 'paused' } } }],
    ['it is too early', { kind: 'defer', reason: 'scheduled', dueAtMs: NOW_MS + 1 }, { event: { deliverAtMs: NOW_MS + 1 } }], // prettier-ignore
    ['it was too early, and is not', null, { event: { deliverAtMs: NOW_MS } }],
    ['it has expired', EXPIRED, { event: { expiresAtMs: NOW_MS - 1 } }],
    ['it is about to expire', null, { event: { expiresAtMs: NOW_MS } }],
    ['it has expired for this webhook', EXPIRED, { at: { policy: policyOf(quick, { ttlMs: 999 }) } }],
    ['it is too old', TOO_OLD, { firstAttemptAtMs: NOW_MS - quick.maxAgeMs - 1 }],
    ['it is old', null, { firstAttemptAtMs: NOW_MS - quick.maxAgeMs }],
    ['it was accepted long ago, and never waited', null, { event: { acceptedAtMs: 0 } }],
    ['it is too old for a webhook that is paused', TOO_OLD, { firstAttemptAtMs: 0, at: { webhook: { status: 'paused' } } }], // prettier-ignore
  ])('%s', (_what, expected, given) => {
    expect(hindrance(given)).toEqual(expected);
  });

  test.each<[DeliveryJob['trigger'], string, Hindrance | null, Case]>([
    ['manual', 'cancelled', null, { at: { cancelled: 'cancelled' } }],
    ['manual', 'erased', ERASED, { at: { cancelled: 'erased' } }],
    ['manual', 'expired', null, { event: { expiresAtMs: 1 } }],
    ['manual', 'old', null, { firstAttemptAtMs: 0 }],
    ['manual', 'early', null, { event: { deliverAtMs: NOW_MS + 1 } }],
    ['manual', 'paused', null, { at: { webhook: { status: 'paused' } } }],
    ['manual', 'disabled', { kind: 'dead', reason: 'webhook_disabled' }, { at: { webhook: { status: 'disabled' } } }],
    ['replay', 'cancelled', null, { at: { cancelled: 'cancelled' } }],
    ['replay', 'expired', null, { event: { expiresAtMs: 1 } }],
    ['replay', 'paused', PAUSED, { at: { webhook: { status: 'paused' } } }],
    ['recovery', 'old', null, { firstAttemptAtMs: 0 }],
    ['recovery', 'paused', PAUSED, { at: { webhook: { status: 'paused' } } }],
  ])('an attempt asked for by %s that is %s', (trigger, _what, expected, given) => {
    expect(hindrance({ trigger, ...given })).toEqual(expected);
  });
});
