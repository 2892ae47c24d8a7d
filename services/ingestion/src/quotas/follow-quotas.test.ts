import { Unavailable, type QuotaOverrides } from '@hookline/domain';
import { createLog, type QuotaChanges, type QuotaSource } from '@hookline/service-kit';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { followQuotas, type FollowedQuotas } from './follow-quotas.ts';

const DEFAULTS = { webhooks: 0, events_per_day: 100, payload_bytes: 0 };

describe('quotas that are followed', () => {
  let answers: (Partial<QuotaChanges> | 'away')[] = [];
  let cursors: string[] = [];
  const source: QuotaSource = {
    async quotaChanges(cursor) {
      cursors.push(cursor);
      const next = answers.shift() ?? {};
      if (next === 'away') throw new Unavailable('away');
      return { changes: [], cursor, more: false, fromStart: false, ...next };
    },
  };
  const set = (tenant: string, overrides: QuotaOverrides) => ({ tenant, overrides });
  const opened: FollowedQuotas[] = [];

  async function follow(...first: typeof answers): Promise<FollowedQuotas> {
    answers = first;
    const followed = followQuotas({ source, defaults: DEFAULTS, log: createLog('test', 'silent'), maxTenants: 3 });
    opened.push(followed);
    await followed.start();
    return followed;
  }
  const asked = () => jest.advanceTimersByTimeAsync(2_100);

  beforeEach(() => {
    jest.useFakeTimers();
    cursors = [];
  });
  afterEach(() => {
    for (const followed of opened.splice(0)) followed.close();
    jest.useRealTimers();
  });

  test('are the defaults but for what was set, from the start', async () => {
    const followed = await follow(
      { changes: [set('acme', { events_per_day: 5 })], cursor: '1', more: true, fromStart: true },
      { changes: [set('globex', { payload_bytes: 9 })], cursor: '2' },
    );
    expect(followed.of('acme')).toEqual({ ...DEFAULTS, events_per_day: 5 });
    expect(followed.of('globex')).toEqual({ ...DEFAULTS, payload_bytes: 9 });
    expect(followed.of('initech')).toEqual(DEFAULTS);
    expect(cursors).toEqual(['', '1']);
  });

  test('follow what is changed and taken back', async () => {
    const followed = await follow({ changes: [set('acme', { events_per_day: 5 })], cursor: '1', fromStart: true });
    answers = [{ changes: [set('acme', { events_per_day: 0, webhooks: 3 })], cursor: '2' }];
    await asked();
    expect(followed.of('acme')).toEqual({ ...DEFAULTS, events_per_day: 0, webhooks: 3 });
    answers = [{ changes: [set('acme', {})], cursor: '3' }];
    await asked();
    expect(followed.of('acme')).toEqual(DEFAULTS);
    expect(cursors).toEqual(['', '1', '2']);
  });

  test('hold while the registry is away, and it is asked on where it was', async () => {
    const followed = await follow({ changes: [set('acme', { events_per_day: 5 })], cursor: '1', fromStart: true });
    answers = ['away', 'away', { changes: [set('acme', { events_per_day: 6 })], cursor: '2' }];
    await asked();
    await asked();
    expect(followed.of('acme').events_per_day).toBe(5);
    await asked();
    expect(followed.of('acme').events_per_day).toBe(6);
    expect(cursors).toEqual(['', '1', '1', '1']);
  });

  test('begin anew where the registry does', async () => {
    const followed = await follow({ changes: [set('acme', { events_per_day: 5 })], cursor: '7', fromStart: true });
    answers = [{ changes: [set('globex', { events_per_day: 6 })], cursor: '3', fromStart: true }];
    await asked();
    expect([followed.of('acme'), followed.of('globex').events_per_day]).toEqual([DEFAULTS, 6]);
  });

  test('are kept of so many tenants; those that are known can still be changed', async () => {
    const tenants = ['a', 'b', 'c', 'd'].map((tenant) => set(tenant, { events_per_day: 5 }));
    const followed = await follow({ changes: tenants, cursor: '4', fromStart: true });
    expect(['c', 'd'].map((tenant) => followed.of(tenant).events_per_day)).toEqual([5, 100]);
    answers = [{ changes: [set('c', { events_per_day: 8 })] }];
    await asked();
    expect(followed.of('c').events_per_day).toBe(8);
  });

  test('are asked for by nobody once this is closed', async () => {
    const followed = await follow();
    followed.close();
    await asked();
    expect(cursors).toEqual(['']);
  });
});
