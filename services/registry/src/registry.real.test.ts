import { decodeRejected, encodeDeadLetter, TOPIC } from '@hookline/contracts';
import { openDatabase, type Database } from '@hookline/database';
import { deliveryId, InvalidInput, systemClock, Unavailable, type DeadReason } from '@hookline/domain';
import type { EventLog } from '@hookline/event-log';
import { createPostgresEventLog } from '@hookline/event-log-postgres';
import { createLog, createMetrics, createSealing } from '@hookline/service-kit';
import { createTempDir, eventually, useRealParts, type TempDir } from '@hookline/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createRegistry } from './service.ts';
import {
  ADMIN_PASSWORD,
  changesOf,
  configWith,
  openScene,
  prepare,
  recordsOf,
  settings,
  TOKEN,
  tokens,
  type Scene,
} from './testing/scene.ts';

const parts = useRealParts({ postgres: true });
const log = createLog('registry', 'silent');
const openLog = (database: Database) => createPostgresEventLog({ database, log });

const letter = (webhookId: string, reason: DeadReason, deadAtMs: number, tenant = 'default') =>
  encodeDeadLetter({
    deliveryId: deliveryId(tenant, `e${deadAtMs}`, webhookId),
    webhookId,
    event: {
      tenant,
      id: `e${deadAtMs}`,
      type: 'order.created',
      source: 'test',
      time: '2026-01-01T00:00:00Z',
      data: Buffer.from('{}'),
      contentType: 'application/json',
      acceptedAtMs: 1,
    },
    reason,
    attempts: 1,
    firstAttemptAtMs: deadAtMs - 1,
    deadAtMs,
  });

describe.each(['postgres', 'pglite'] as const)('the registry on %s', (kind) => {
  let database: Database;
  let second: Database;
  let folder: TempDir | undefined;
  let eventLog: EventLog;
  let scene: Scene;

  beforeAll(async () => {
    if (kind === 'pglite') {
      folder = await createTempDir('registry');
      database = await openDatabase({ dataDir: folder.path });
      second = database;
    } else {
      const url = await parts.createDatabase();
      database = await openDatabase({ url });
      second = await openDatabase({ url });
    }
    eventLog = await prepare(database, openLog);
  }, 60_000);

  afterAll(async () => {
    await eventLog?.close();
    await database?.close();
    if (second !== database) await second?.close();
    await folder?.remove();
  });

  /** Closed after each test, also after one that failed in the middle. */
  const opened: (() => Promise<void>)[] = [];

  async function open(on: Database, appendingTo: EventLog): Promise<Scene> {
    const another = await openScene(on, appendingTo);
    opened.push(() => another.stop());
    return another;
  }

  function openSecondLog(): EventLog {
    const another = openLog(second);
    opened.push(() => another.close());
    return another;
  }

  beforeEach(async () => {
    scene = await open(database, eventLog);
  });

  afterEach(async () => {
    for (const close of opened.splice(0).toReversed()) await close();
  });

  const create = (more: object = {}, token = TOKEN.default) =>
    scene.call('CreateWebhook', { settings: settings(more) }, token);
  const get = (id: string, token = TOKEN.default) => scene.call('GetWebhook', { id }, token);

  describe('webhooks', () => {
    test('are created, shown, replaced and deleted, and each answer finds its change in webhook.changes', async () => {
      const created = await create({ headers: { 'X-Shop': 'a', Authorization: 'Bearer x' }, description: 'ü' });
      expect(created).toMatchObject({
        url: 'https://example.com/hook',
        eventTypes: ['order.*'],
        headers: { 'x-shop': 'a', authorization: '***' },
        policy: 'quick',
        status: 'enabled',
        description: 'ü',
        disabledReason: '',
      });
      expect(created.id).toMatch(/^wh_[0-9a-f]{32}$/);
      expect(created.secret).toMatch(/^whsec_/);
      expect((await changesOf(eventLog)).at(-1)).toMatchObject({
        kind: 'changed',
        webhook: { id: created.id, tenant: 'default' },
      });

      expect(await get(created.id)).toEqual({ ...created, secret: '' });

      const headers = { authorization: '***', 'x-shop': 'b' };
      const replacement = settings({ eventTypes: ['*'], headers, policy: 'standard', status: 'disabled' });
      const replaced = await scene.call('ReplaceWebhook', { id: created.id, settings: replacement }, TOKEN.default);
      expect(replaced).toMatchObject({ policy: 'standard', status: 'disabled', description: '', secret: '' });
      const change = (await changesOf(eventLog)).at(-1);
      if (change?.kind !== 'changed') throw new Error('no change');
      const sealing = createSealing(Buffer.alloc(32, 7).toString('base64'));
      const open = (sealed: string, what: string) =>
        JSON.parse(sealing.open(sealed, `${what}:${created.id}`)) as unknown;
      expect(open(change.webhook.sealedHeaders, 'headers')).toEqual({ authorization: 'Bearer x', 'x-shop': 'b' });
      expect(open(change.webhook.sealedSecrets, 'secrets')).toEqual([created.secret]);
      expect(change.webhook).toMatchObject({ eventTypes: ['*'], policy: 'standard', status: 'disabled' });

      await scene.call('DeleteWebhook', { id: created.id }, TOKEN.default);
      expect((await changesOf(eventLog)).at(-1)).toMatchObject({ kind: 'deleted', webhookId: created.id });
      await expect(get(created.id)).rejects.toMatchObject({ code: 'unknown_webhook', intent: 'not_found' });
    });

    test('that come without a secret get the one that the operator has set, if any', async () => {
      const hmac = 'a secret for all who bring none';
      const shared = await openScene(database, eventLog, { SECURITY_HMAC_SECRET: `${hmac}, of 32 or more` });
      const ask = (more: object) => shared.call('CreateWebhook', { settings: settings(more) }, TOKEN.default);
      expect((await ask({})).secret).toBe(`${hmac}, of 32 or more`);
      expect((await ask({ secret: 'a secret of its own' })).secret).toBe('a secret of its own');
      await shared.stop();
    });

    test('are stored sealed: neither secret nor header value is in the tables or the topic', async () => {
      const secret = 'a-secret-that-is-looked-for';
      await create({ secret, headers: { 'x-api-key': 'a-value-that-is-looked-for' } });
      const { rows } = await database.query<{ text: string }>(
        'SELECT row_to_json(webhooks)::text AS text FROM webhooks',
      );
      const records = await recordsOf(eventLog, TOPIC.changes);
      const everything = rows.map(({ text }) => text).join() + records.map(({ value }) => String(value)).join();
      expect(everything).toContain('example.com/hook');
      expect(everything).not.toContain('looked-for');
    });

    test('are listed newest first, page by page', async () => {
      const ids: string[] = [];
      for (let i = 0; i < 5; i++) ids.unshift((await create({ url: `https://example.com/${i}` })).id);
      const seen: string[] = [];
      let cursor = '';
      do {
        const page = await scene.call('ListWebhooks', { limit: 2, cursor }, TOKEN.default);
        expect(page.webhooks.length).toBeLessThanOrEqual(2);
        seen.push(...page.webhooks.map(({ id }) => id));
        cursor = page.nextCursor;
      } while (cursor !== '');
      expect(seen.slice(0, 5)).toEqual(ids);
      expect(new Set(seen).size).toBe(seen.length);
    });

    test('with several faults are refused with all of them, and nothing is written', async () => {
      const before = await changesOf(eventLog);
      const faulty = settings({ url: 'http://169.254.169.254/', eventTypes: ['order.created', 'a b'], policy: 'slow' });
      const refused = await scene.call('CreateWebhook', { settings: faulty }, TOKEN.default).catch((e: unknown) => e);
      expect(refused).toBeInstanceOf(InvalidInput);
      expect((refused as InvalidInput).problems.map(({ pointer }) => pointer)).toEqual([
        '/url',
        '/event_types/1',
        '/policy',
      ]);
      expect(await changesOf(eventLog)).toHaveLength(before.length);
    });

    test("of another tenant can't be seen, changed, deleted or listed", async () => {
      const { id } = await create();
      const unknown = { intent: 'not_found', code: 'unknown_webhook' };
      await expect(get(id, TOKEN.other)).rejects.toMatchObject(unknown);
      await expect(scene.call('ReplaceWebhook', { id, settings: settings() }, TOKEN.other)).rejects.toMatchObject(
        unknown,
      );
      await expect(scene.call('DeleteWebhook', { id }, TOKEN.other)).rejects.toMatchObject(unknown);
      expect((await scene.call('ListWebhooks', {}, TOKEN.other)).webhooks).toEqual([]);
      expect((await get(id)).id).toBe(id);
    });

    test.each(['', 'wh_1', 'wh_\0', "'; DROP TABLE webhooks", `wh_${'0'.repeat(32)}`])(
      'under the id %j do not exist',
      async (id) => {
        await expect(get(id)).rejects.toMatchObject({ code: 'unknown_webhook' });
      },
    );

    test('have filters that are bounded together', async () => {
      const filter = JSON.stringify({
        'data.sku': { $in: Array.from({ length: 15 }, (_, n) => `${n}`.padEnd(1_000)) },
      });
      const { id } = await create({ delivery: { filter } });
      await database.query(
        `INSERT INTO webhooks (id, tenant, url, event_types, sealed_headers, sealed_secrets, policy, status, revision, created_at, updated_at, delivery)
         SELECT 'wh_filtered_' || n, tenant, url, event_types, sealed_headers, sealed_secrets, policy, status, revision, created_at, updated_at, delivery
         FROM webhooks, generate_series(1, 300) AS n WHERE id = $1`,
        [id],
      );
      try {
        const refused = { problems: [{ pointer: '/filter', detail: expect.stringContaining('4194304') }] };
        const replace = (by: string) =>
          scene.call('ReplaceWebhook', { id, settings: settings({ delivery: { filter: by } }) }, TOKEN.default);
        await expect(create({ delivery: { filter } })).rejects.toMatchObject(refused);
        // Characters are counted, of which each of these is two units of a JavaScript string.
        const shorter = { 'data.sku': { $in: Array.from({ length: 15 }, (_, n) => `${n}${'🐟'.repeat(510)}`) } };
        expect(await replace(JSON.stringify(shorter))).toMatchObject({ id });
        expect(await replace('{"source":"shop"}')).toMatchObject({ id });
        await expect(replace(filter)).rejects.toMatchObject(refused);
        expect(await create()).toMatchObject({ status: 'enabled' });
      } finally {
        await database.query(`DELETE FROM webhooks WHERE id LIKE 'wh_filtered_%'`);
      }
      expect(await create({ delivery: { filter } })).toMatchObject({ status: 'enabled' });
    });

    test('need a token with the scope of the call', async () => {
      await expect(scene.call('ListWebhooks', {})).rejects.toMatchObject({ intent: 'unauthenticated' });
      await expect(scene.call('ListWebhooks', {}, 'x.y.z')).rejects.toMatchObject({ intent: 'unauthenticated' });
      await expect(create({}, TOKEN.reader)).rejects.toMatchObject({ code: 'missing_scope' });
      expect((await scene.call('ListWebhooks', { limit: 1 }, TOKEN.reader)).webhooks.length).toBeLessThanOrEqual(1);
    });
  });

  describe('users', () => {
    test('log in with the right password only', async () => {
      const { token, expiresIn } = await scene.call('LogIn', { username: 'admin', password: ADMIN_PASSWORD });
      expect(expiresIn).toBe(3600);
      expect(tokens.open(token).identity).toMatchObject({ tenant: 'default', via: 'login' });
      expect((await scene.call('ListWebhooks', {}, token)).webhooks).toBeDefined();
      const wrong = { intent: 'unauthenticated', code: 'wrong_credentials' };
      await expect(scene.call('LogIn', { username: 'admin', password: 'x' })).rejects.toMatchObject(wrong);
      await expect(scene.call('LogIn', { username: 'nobody', password: 'x' })).rejects.toMatchObject(wrong);
      await expect(scene.call('LogIn', { username: 'a\0', password: '' })).rejects.toMatchObject(wrong);
    });

    test('change their password', async () => {
      const { token } = await scene.call('LogIn', { username: 'admin', password: ADMIN_PASSWORD });
      const change = (currentPassword: string, newPassword: string) =>
        scene.call('ChangePassword', { currentPassword, newPassword }, token);
      await expect(change('wrong', 'long enough')).rejects.toMatchObject({ code: 'wrong_password' });
      await expect(change(ADMIN_PASSWORD, 'short')).rejects.toMatchObject({ intent: 'invalid_input' });
      await change(ADMIN_PASSWORD, 'another one');
      await expect(scene.call('LogIn', { username: 'admin', password: ADMIN_PASSWORD })).rejects.toThrow('wrong');
      await scene.call('LogIn', { username: 'admin', password: 'another one' });
      await change('another one', ADMIN_PASSWORD);
    });

    test('must have somebody to log in as: the first start without a password is refused', async () => {
      await database.query(`UPDATE users SET username = 'kept-away'`);
      await database.query('CREATE TABLE kept AS SELECT * FROM users');
      await database.query('DELETE FROM users');
      const config = configWith({ SECURITY_ADMIN_PASSWORD: '' });
      const metrics = createMetrics('registry');
      const registry = createRegistry({
        config,
        database,
        eventLog,
        log,
        metrics,
        clock: systemClock,
        fail: log.error.bind(log),
      });
      await expect(registry.start()).rejects.toThrow('SECURITY_ADMIN_PASSWORD');
      await registry.close(Date.now());
      await database.query('INSERT INTO users SELECT * FROM kept');
      await database.query('DROP TABLE kept');
      await database.query(`UPDATE users SET username = 'admin'`);
    });
  });

  describe('changes', () => {
    test('of two registries reach webhook.changes once each, in revision order', async () => {
      const otherLog = openSecondLog();
      const other = await open(second, otherLog);
      const before = (await changesOf(eventLog)).length;
      const made = await Promise.all(
        Array.from({ length: 40 }, async (_, i) => {
          const via = i % 2 === 0 ? scene : other;
          const url = `https://example.com/${i}`;
          const { id } = await via.call('CreateWebhook', { settings: settings({ url }) }, TOKEN.default);
          if (i % 4 < 2) await via.call('DeleteWebhook', { id }, TOKEN.default);
          return id;
        }),
      );
      const changes = await changesOf(eventLog);
      const revisions = changes.map((change) => (change.kind === 'unreadable' ? 0 : change.revision));
      expect(revisions).toHaveLength(before + 60);
      expect(revisions).toEqual(revisions.map((_, index) => (revisions[0] ?? 0) + index));
      expect(made).toHaveLength(40);
      const { rows } = await database.query('SELECT 1 FROM webhook_changes');
      expect(rows).toEqual([]);
    });

    test('that were committed before a crash are relayed by whoever lives', async () => {
      await scene.stop();
      // The log is away for the whole life of this registry, which then ends between commit and relay.
      const away: EventLog = { ...eventLog, append: () => Promise.reject(new Unavailable('away')) };
      const doomed = await open(database, away);
      const refused = doomed.call('CreateWebhook', { settings: settings() }, TOKEN.default).catch((e: unknown) => e);
      await eventually(async () => {
        const { rowCount } = await database.query('SELECT 1 FROM webhook_changes');
        expect(rowCount).toBe(1);
      });
      await doomed.service.close(Date.now());
      expect(await refused).toBeInstanceOf(Unavailable);
      const before = (await changesOf(eventLog)).length;

      await open(database, eventLog);
      await eventually(async () => expect(await changesOf(eventLog)).toHaveLength(before + 1));
    });

    // PGlite has one process, which cannot lose its lock.
    if (kind === 'postgres') {
      test('of a copy that lost its lock and was overtaken are relayed again as they are', async () => {
        const [entered, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
        const otherLog = openSecondLog();
        const stalling: EventLog = {
          ...otherLog,
          async append(records, options) {
            entered.resolve();
            await gate.promise;
            return otherLog.append(records, options);
          },
        };
        const stalled = await open(second, stalling);
        opened.push(async () => gate.resolve());
        const pending = stalled.call('CreateWebhook', { settings: settings() }, TOKEN.default);
        await entered.promise;
        // What a failing network does: the server forgets the session that holds the lock.
        const { rowCount } = await database.query(
          `SELECT pg_terminate_backend(pid) FROM pg_locks
         WHERE locktype = 'advisory' AND granted
           AND (classid::bigint << 32) | objid::bigint = hashtextextended('registry.relay', 0)`,
        );
        expect(rowCount).toBe(1);
        const { webhooks } = await scene.call('ListWebhooks', { limit: 1 }, TOKEN.default);
        const id = webhooks[0]?.id ?? '';
        const url = 'https://example.com/newer';
        await scene.call('ReplaceWebhook', { id, settings: settings({ url }) }, TOKEN.default);
        gate.resolve();
        expect((await pending).id).toBe(id);

        const urlsOf = async () =>
          (await changesOf(eventLog)).flatMap((change) =>
            change.kind === 'changed' && change.webhook.id === id ? [change.webhook.url] : [],
          );
        const older = 'https://example.com/hook';
        await eventually(async () => expect(await urlsOf()).toEqual([older, url, older, url]));
        expect((await get(id)).url).toBe(url);
      });
    }

    test('that take too long are told to be stored, and are', async () => {
      const away: EventLog = { ...eventLog, append: () => Promise.reject(new Unavailable('away')) };
      const late = await open(database, away);
      await scene.stop();
      const url = 'https://example.com/late';
      const refused = await late
        .call('CreateWebhook', { settings: settings({ url }) }, TOKEN.default)
        .catch((error: unknown) => error);
      expect(refused).toMatchObject({ intent: 'unavailable', code: 'change_pending' });
      expect(String(refused)).toContain('is stored');
      const { webhooks } = await late.call('ListWebhooks', {}, TOKEN.default);
      expect(webhooks[0]?.url).toBe(url);
    });
  });

  describe('dead letters', () => {
    test('of a receiver that is gone disable the webhook, those of other reasons do not', async () => {
      const [gone, failing, foreign] = [await create(), await create(), await create()];
      const now = Date.now() + 1;
      await eventLog.append([
        letter(failing.id, 'attempts_exhausted', now),
        letter(foreign.id, 'gone', now, 'other'),
        letter(gone.id, 'gone', now),
        letter(gone.id, 'gone', now + 1),
      ]);
      await eventually(async () => {
        expect(await get(gone.id)).toMatchObject({ status: 'disabled', disabledReason: 'gone' });
      });
      await eventually(async () => {
        const changes = (await changesOf(eventLog)).filter((c) => c.kind === 'changed' && c.webhook.id === gone.id);
        expect(changes.map((c) => (c.kind === 'changed' ? c.webhook.status : ''))).toEqual(['enabled', 'disabled']);
      });
      expect(await get(failing.id)).toMatchObject({ status: 'enabled' });
      expect(await get(foreign.id)).toMatchObject({ status: 'enabled' });
    });

    test('from before the webhook was enabled again leave it enabled', async () => {
      const { id } = await create();
      const [old, marker] = [Date.now() - 60_000, (await create()).id];
      await scene.call('ReplaceWebhook', { id, settings: settings() }, TOKEN.default);
      await eventLog.append([letter(id, 'gone', old)]);
      await eventLog.append([letter(marker, 'gone', Date.now() + 1)]);
      await eventually(async () => expect((await get(marker)).status).toBe('disabled'));
      await eventually(async () => {
        const [committed, ends] = [
          await eventLog.committed('hookline.registry', TOPIC.deadLetters),
          await eventLog.endOffsets(TOPIC.deadLetters),
        ];
        expect(committed.map((offset) => offset ?? 0)).toEqual(ends);
      });
      expect((await get(id)).status).toBe('enabled');
    });

    test('that nobody can read go to webhook.rejected and block nothing', async () => {
      const { id } = await create();
      const { topic, key } = letter(id, 'gone', 1) as { topic: string; key: string };
      const poison = { topic, key, value: Buffer.from('?'), headers: { hl_v: '99' } };
      const good = letter(id, 'gone', Date.now() + 1);
      const [at] = await eventLog.append([poison]);
      await eventLog.append([{ ...good, key, partition: at?.partition ?? 0 }]);
      await eventually(async () => expect((await get(id)).status).toBe('disabled'));
      const rejected = (await recordsOf(eventLog, TOPIC.rejected)).map(decodeRejected);
      expect(rejected.filter((r) => r.kind === 'rejected' && r.original.key === key)).toMatchObject([
        { consumer: 'registry', offset: at?.offset, original: { topic, partition: at?.partition } },
      ]);
    });
  });
});
