import { expect, test } from '@jest/globals';
import type { AttemptCommand, Retry } from '@hookline/contracts';
import type { Event } from '@hookline/domain';
import { createCommandJob, createEventJob, createFirstInOrder, createHandOverJob } from './job.ts';

const EVENT: Event = {
  tenant: 'acme',
  id: 'e1',
  type: 'order.created',
  source: 'shop',
  time: '2027-01-15T08:00:00Z',
  data: Buffer.alloc(1_000),
  contentType: 'application/json',
  acceptedAtMs: 0,
  metadata: { region: 'x'.repeat(994), ['k'.repeat(100)]: 'y'.repeat(900) },
};
const RECORD = {
  batch: { done: () => {} },
  position: { topic: 't', partition: 0, offset: 0 },
  lost: () => false,
  open: 1,
};
const SHARED = { ...EVENT, payloads: null };
const RETRY: Retry = {
  deliveryId: 'd1',
  webhookId: 'wh_1',
  event: EVENT,
  attempt: 2,
  dueAtMs: 0,
  firstAttemptAtMs: 0,
  deferred: false,
};
const COMMAND: AttemptCommand = {
  kind: 'attempt',
  deliveryId: 'd1',
  webhookId: 'wh_1',
  event: EVENT,
  trigger: 'manual',
  attempt: 2,
  firstAttemptAtMs: 0,
};

test('a job weighs as much as the data and the metadata of its event, and 1 KiB', () => {
  const weight = 3_000 + 1_024;
  expect(createEventJob(SHARED, 'wh_1', RECORD).sizeBytes).toBe(weight);
  expect(createHandOverJob(RETRY, RECORD).sizeBytes).toBe(weight);
  expect(createCommandJob(COMMAND, RECORD).sizeBytes).toBe(weight);
  expect(createEventJob({ ...SHARED, metadata: {} }, 'wh_1', RECORD).sizeBytes).toBe(1_000 + 1_024);
});

test('those that share an event in sequences share its weight', () => {
  const first = createFirstInOrder(SHARED, 'wh_1', RECORD, { key: 'k', writtenAtMs: 0, sharers: 3 });
  expect(first.sizeBytes).toBe(1_000 + 1_024);
});
