import { expect, test } from '@jest/globals';
import { createCancellations } from './cancellations.ts';

test('an event that is cancelled goes to no webhook, a delivery that is not to that one', () => {
  const cancellations = createCancellations();
  expect(cancellations.reasonFor('acme', 'e1', 'wh_1')).toBeNull();
  cancellations.add({ tenant: 'acme', eventId: 'e1', webhookId: null, reason: 'erased' });
  cancellations.add({ tenant: 'acme', eventId: 'e2', webhookId: 'wh_1', reason: 'cancelled' });
  expect(cancellations.reasonFor('acme', 'e1', 'wh_1')).toBe('erased');
  expect(cancellations.reasonFor('acme', 'e2', 'wh_1')).toBe('cancelled');
  expect(cancellations.reasonFor('acme', 'e2', 'wh_2')).toBeNull();
  expect(cancellations.reasonFor('other', 'e1', 'wh_1')).toBeNull();
  cancellations.add({ tenant: 'acme', eventId: 'e2', webhookId: null, reason: 'erased' });
  expect(cancellations.reasonFor('acme', 'e2', 'wh_2')).toBe('erased');
  expect(cancellations.count()).toBe(3);
});

test('what is erased stays so, whatever else is said of it before or afterwards', () => {
  const cancellations = createCancellations();
  const event = { tenant: 'acme', eventId: 'e1' };
  cancellations.add({ ...event, webhookId: 'wh_1', reason: 'cancelled' });
  cancellations.add({ ...event, webhookId: null, reason: 'erased' });
  cancellations.add({ ...event, webhookId: null, reason: 'cancelled' });
  cancellations.add({ ...event, webhookId: 'wh_2', reason: 'cancelled' });
  expect(['wh_1', 'wh_2', 'wh_3'].map((id) => cancellations.reasonFor('acme', 'e1', id))).toEqual([
    'erased',
    'erased',
    'erased',
  ]);
});

test('those of single deliveries are bounded, too', () => {
  const cancellations = createCancellations(3);
  for (const eventId of ['e1', 'e2']) {
    for (const webhookId of ['wh_1', 'wh_2', 'wh_2']) {
      cancellations.add({ tenant: 'acme', eventId, webhookId, reason: 'cancelled' });
    }
  }
  expect(cancellations.reasonFor('acme', 'e1', 'wh_2')).toBeNull();
  expect(cancellations.reasonFor('acme', 'e2', 'wh_1')).toBe('cancelled');
  expect(cancellations.count()).toBe(2);
});

test('the oldest are forgotten', () => {
  const cancellations = createCancellations(2);
  for (const eventId of ['e1', 'e2', 'e3']) {
    cancellations.add({ tenant: 'acme', eventId, webhookId: null, reason: 'cancelled' });
  }
  expect(['e1', 'e2', 'e3'].map((eventId) => cancellations.reasonFor('acme', eventId, 'wh_1'))).toEqual([
    null,
    'cancelled',
    'cancelled',
  ]);
});
