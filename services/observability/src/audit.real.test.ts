import { addAuditEntry, type AuditActor, type AuditEntry } from '@hookline/database';
import { encodeEvent } from '@hookline/contracts';
import { useRealParts } from '@hookline/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { carryOut } from './retention/carry-out.ts';
import { planRetention } from './retention/plan.ts';
import {
  ask,
  closeAfterEach,
  deathOf,
  get,
  newEvent,
  openOnPglite,
  openOnPostgres,
  settled,
  startOn,
  type Stores,
} from './testing/scene.ts';

const DAY_MS = 86_400_000;
const parts = useRealParts({ postgres: true });
closeAfterEach();

const ACTOR: AuditActor = {
  subject: 'usr_1',
  via: 'login',
  credential: 'ses_1',
  address: '192.0.2.1',
  requestId: 'request-1',
  traceId: null,
};

describe.each([
  { name: 'PostgreSQL', open: async () => openOnPostgres(await parts.createDatabase()) },
  { name: 'PGlite', open: openOnPglite },
])('the audit log on $name', ({ open }) => {
  let stores: Stores;
  let base: string;
  beforeAll(async () => {
    stores = await open();
  }, 120_000);
  afterAll(() => stores?.close(), 60_000);
  beforeEach(async () => {
    ({ base } = await startOn(stores));
  });

  async function add(tenant: string, action: string, more: Partial<AuditEntry> = {}): Promise<void> {
    const target = { type: 'webhook', id: `wh_of_${tenant}` };
    const sides = { before: null, after: null };
    await addAuditEntry(stores.database, {
      tenant,
      actor: ACTOR,
      action,
      target,
      ...sides,
      at: new Date(),
      ...more,
    });
  }

  const actionsOf = async (query: string, tenant: string) => {
    const { status, body } = await get(base, `/api/v1/audit-log${query}`, tenant);
    expect(status).toBe(200);
    return body.data.map(({ action }) => action);
  };

  test('tells what was asked of deliveries: by whom, and from where; and nothing of what was refused', async () => {
    const event = newEvent({ tenant: 'commands' });
    const { id, records } = deathOf(event, 'wh_1');
    await stores.eventLog.append([encodeEvent(event), ...records]);
    await settled(stores.eventLog);
    const call = (method: string, path: string, body?: object) =>
      ask(base, method, `/api/v1${path}`, { tenant: 'commands', ...(body && { body }) });
    expect((await call('POST', '/deliveries/dlv_unknown/retry')).status).toBe(404);
    expect((await call('POST', `/deliveries/${id}/retry`)).status).toBe(202);
    expect((await call('POST', `/dead-letters/${id}/resolve`, { reason: 'left' })).status).toBe(200);
    expect((await call('DELETE', '/dead-letters?before=2020-01-01')).status).toBe(200);
    const recovery = await call('POST', '/recoveries', { since: '2026-01-01T00:00:00Z', type: 'a.b' });
    const recoveryId = String(recovery.body['id']);
    expect((await call('POST', `/recoveries/${recoveryId}/cancel`)).status).toBeLessThan(410);
    expect((await call('DELETE', `/events/${event.id}/content`)).status).toBe(200);
    const { body } = await get(base, '/api/v1/audit-log', 'commands');
    const done = body.data.toReversed();
    expect(done.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['delivery.retry', 'dead_letter.resolve', 'dead_letter.purge', 'recovery.create']),
    );
    expect(done[0]).toEqual({
      id: expect.stringMatching(/^aud_[0-9a-f]{32}$/),
      at: expect.any(String),
      actor: { subject: 'usr_1', via: 'login', credential: null },
      action: 'delivery.retry',
      target: { type: 'delivery', id },
      before: null,
      after: null,
      address: expect.stringContaining('127.0.0.1'),
      request_id: null,
      trace_id: null,
    });
    expect(done[1]).toMatchObject({ action: 'dead_letter.resolve', after: { reason: 'left' } });
    expect(done.map(({ target }) => target)).toContainEqual({ type: 'recovery', id: recoveryId });
    expect(await actionsOf('', 'acme')).toEqual([]);
  });

  test('is searched by actor, action, target and time, page by page', async () => {
    const other = { actor: { ...ACTOR, subject: 'key_2' } };
    // Those of one millisecond have no order.
    const ago = (ms: number) => new Date(Date.now() - ms);
    await add('search', 'a.one', { at: ago(2_000) });
    await add('search', 'a.two', { ...other, at: ago(1_000) });
    await add('search', 'a.three', { target: { type: 'user', id: 'usr_9' } });
    await add('search', 'a.three', { ...other, at: ago(DAY_MS) });
    expect(await actionsOf('?actor=key_2', 'search')).toEqual(['a.two', 'a.three']);
    expect(await actionsOf('?actor=key_2&action=a.three', 'search')).toEqual(['a.three']);
    expect(await actionsOf('?target=usr_9', 'search')).toEqual(['a.three']);
    const hourAgo = new Date(Date.now() - 3_600_000).toISOString();
    expect(await actionsOf(`?before=${hourAgo}`, 'search')).toEqual(['a.three']);
    const first = await get(base, '/api/v1/audit-log?limit=3', 'search');
    expect(first.body.data.map(({ action }) => action)).toEqual(['a.three', 'a.two', 'a.one']);
    expect(await actionsOf(`?limit=3&cursor=${first.body.next_cursor}`, 'search')).toEqual(['a.three']);
    expect((await get(base, '/api/v1/audit-log', 'search', ['deliveries:read'])).status).toBe(403);
    expect((await get(base, '/api/v1/audit-log?format=xml', 'search')).status).toBe(400);
  });

  test('is exported as lines of JSON, over all pages', async () => {
    for (let entry = 0; entry < 230; entry++) await add('export', `a.${entry}`);
    const { status, headers, text } = await get(base, '/api/v1/audit-log?format=ndjson&limit=100', 'export');
    expect([status, headers.get('content-type')]).toEqual([200, 'application/x-ndjson']);
    const lines = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines).toHaveLength(231);
    expect(new Set(lines.slice(0, -1).map(({ id }) => id)).size).toBe(230);
    expect(lines.at(-1)).toEqual({ next_cursor: null });
  });

  test('is never changed, and retention alone removes what is old', async () => {
    await add('kept', 'a.new');
    await add('kept', 'a.old', { at: new Date(Date.now() - 50 * DAY_MS) });
    for (const sql of [`UPDATE audit_log SET actor = 'x'`, 'DELETE FROM audit_log', 'TRUNCATE audit_log']) {
      await expect(stores.database.query(sql)).rejects.toThrow('append-only');
    }
    expect(await actionsOf('', 'kept')).toEqual(['a.new', 'a.old']);
    const nowMs = Date.now();
    const kept = { retentionMs: 400 * DAY_MS, tenantsMs: new Map<string, number>(), deadLettersMs: 400 * DAY_MS };
    const plan = planRetention([], { ...kept, auditLogMs: 30 * DAY_MS }, nowMs);
    await carryOut(stores.database, { ...plan, make: [] }, nowMs, new AbortController().signal);
    expect(await actionsOf('', 'kept')).toEqual(['a.new']);
    await expect(stores.database.query('DELETE FROM audit_log')).rejects.toThrow('append-only');
  });

  test('keeps of a change what it changed, and nothing that is too large', async () => {
    await add('sides', 'a.change', { before: { a: 1, b: [1], c: 'x' }, after: { a: 2, b: [1], d: 'nul\0' } });
    await add('sides', 'a.large', { after: { text: 'x'.repeat(70_000) } });
    const { body } = await get(base, '/api/v1/audit-log', 'sides');
    expect(body.data.map(({ before, after }) => [before, after])).toEqual([
      [null, { too_large: expect.any(Number) }],
      [
        { a: 1, c: 'x' },
        { a: 2, d: 'nul' },
      ],
    ]);
  });
});
