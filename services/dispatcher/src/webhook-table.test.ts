import { describe, expect, test } from '@jest/globals';
import type { WebhookChange } from '@hookline/contracts';
import { createWebhookTable } from './webhook-table.ts';

describe('webhook table', () => {
  test.each([
    ['order.created', ['exact', 'prefix', 'all', 'several']],
    ['order.line.added', ['prefix', 'all', 'several']],
    ['order', ['all']],
    ['orderXcreated', ['all']],
    ['order_created', ['all']],
    ['user.created', ['all', 'several']],
  ])('%p goes to %p, once each', (type, expected) => {
    const table = createWebhookTable();
    table.change('exact', 1, webhook({ eventTypes: ['order.created'] }));
    table.change('prefix', 2, webhook({ eventTypes: ['order.*'] }));
    table.change('all', 3, webhook({ eventTypes: ['*'] }));
    table.change('several', 4, webhook({ eventTypes: ['order.*', 'order.created', 'user.created', 'order.created'] }));
    table.change('disabled', 5, webhook({ eventTypes: ['*'], status: 'disabled' }));
    table.change('foreign', 6, webhook({ eventTypes: ['*'], tenant: 'other' }));
    const matched = table.match('default', type).map(({ id }) => id);
    expect(matched.toSorted()).toEqual(expected.toSorted());
  });

  test('a change replaces what was there, wherever it matched', () => {
    const table = createWebhookTable();
    table.change('a', 1, webhook({ eventTypes: ['order.*', 'user.*'] }));
    table.change('a', 2, webhook({ eventTypes: ['user.*'], url: 'https://new.example' }));
    expect(table.match('default', 'order.created')).toEqual([]);
    expect(table.match('default', 'user.created')).toMatchObject([{ url: 'https://new.example', revision: 2 }]);
    table.change('a', 3, webhook({ eventTypes: ['user.*'], status: 'disabled' }));
    expect(table.match('default', 'user.created')).toEqual([]);
    expect(table.get('a')).toMatchObject({ status: 'disabled' });
    table.change('a', 4, null);
    expect([table.get('a'), table.count()]).toEqual([undefined, 0]);
  });

  test('an older revision never replaces a newer one, also after a deletion', () => {
    const table = createWebhookTable();
    table.change('a', 5, webhook({ url: 'https://five.example' }));
    table.change('a', 4, webhook({ url: 'https://four.example' }));
    table.change('a', 5, webhook({ url: 'https://five-again.example' }));
    table.change('a', 3, null);
    expect(table.get('a')?.url).toBe('https://five.example');
    table.change('a', 7, null);
    table.change('a', 6, webhook());
    expect(table.get('a')).toBeUndefined();
    expect(table.match('default', 'order.created')).toEqual([]);
    table.change('a', 8, webhook());
    expect(table.get('a')?.revision).toBe(8);
  });

  test('a webhook whose latest change can’t be read is so until a newer one can, and goes on being matched', () => {
    const table = createWebhookTable();
    table.change('a', 5, webhook());
    table.unreadable('a', 4);
    expect(table.isUnreadable('a')).toBe(false);
    table.unreadable('a', 7);
    table.unreadable('new', null);
    expect([table.isUnreadable('a'), table.isUnreadable('new'), table.unreadableCount()]).toEqual([true, true, 2]);
    table.change('a', 6, webhook());
    expect(table.isUnreadable('a')).toBe(true);
    expect(table.match('default', 'order.created')).toMatchObject([{ revision: 6 }]);
    table.change('a', 8, webhook());
    table.change('new', 9, null);
    expect([table.isUnreadable('a'), table.isUnreadable('new'), table.unreadableCount()]).toEqual([false, false, 0]);
    table.unreadable('a', null);
    expect(table.isUnreadable('a')).toBe(true);
  });

  test('100,000 webhooks load in seconds, and match as fast as ten', () => {
    const table = createWebhookTable();
    const started = performance.now();
    for (let index = 0; index < 100_000; index++) {
      table.change(`wh_${index}`, index, webhook({ id: `wh_${index}`, eventTypes: [`type${index}.*`] }));
    }
    expect(performance.now() - started).toBeLessThan(3_000);
    const few = createWebhookTable();
    for (let index = 0; index < 10; index++)
      few.change(`wh_${index}`, index, webhook({ eventTypes: [`type${index}.*`] }));
    // Both must do the same 50,000 matches; noise of the machine is far below the factor that a scan would cost.
    expect(fastest(table)).toBeLessThan(fastest(few) * 10 + 50);
  });
});

/** Of three: a machine that does something else for a moment doesn't do so each time. */
function fastest(table: ReturnType<typeof createWebhookTable>): number {
  return Math.min(time(table), time(table), time(table));
}

function time(table: ReturnType<typeof createWebhookTable>): number {
  const started = performance.now();
  for (let round = 0; round < 50_000; round++) {
    if (table.match('default', `type${round % 10}.created`).length !== 1) throw new Error('not matched');
  }
  return performance.now() - started;
}

function webhook(parts: Partial<WebhookChange> = {}): WebhookChange {
  return {
    id: 'a',
    tenant: 'default',
    url: 'https://user.example/hooks',
    eventTypes: ['order.*'],
    sealedHeaders: '',
    sealedSecrets: '',
    status: 'enabled',
    policy: 'quick',
    ...parts,
  };
}
