import { openDatabase, type Database } from '@hookline/database';
import { createAddressGuard, systemClock, Unavailable } from '@hookline/domain';
import type { EventLog } from '@hookline/event-log';
import { createPostgresEventLog } from '@hookline/event-log-postgres';
import { createLog, createMetrics, createSealing } from '@hookline/service-kit';
import { createTempDir, eventually, useRealParts, type TempDir } from '@hookline/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { join } from 'node:path';
import { createRegistryMetrics } from '../metrics.ts';
import { changesOf, prepare, settings } from '../testing/scene.ts';
import { createWebhooks } from '../webhooks/webhooks.ts';
import { createRelay } from './relay.ts';

const parts = useRealParts({ postgres: true });
const log = createLog('registry', 'silent');
/** Longer than a test takes from giving up an append to letting it land, also on a busy machine. */
const LANDED_WITHIN_MS = 6_000;
const SOON = { timeoutMs: 40_000 };
let folder: TempDir;

beforeAll(async () => {
  folder = await createTempDir('relay');
});
afterAll(() => folder?.remove());

/** Closed after each test, the last first. */
const opened: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).toReversed()) await close();
});

let folders = 0;
async function openStore(kind: 'postgres' | 'pglite') {
  const database = await openDatabase(
    kind === 'pglite' ? { dataDir: join(folder.path, String(++folders)) } : { url: await parts.createDatabase() },
  );
  opened.push(() => database.close());
  const eventLog = await prepare(database, (on) => createPostgresEventLog({ database: on, log }));
  opened.push(() => eventLog.close());
  return { database, eventLog };
}

/** What a registry does with webhooks and the relay of their changes; `stop` it before another one takes over. */
function startRelay(database: Database, eventLog: EventLog, landedWithinMs = LANDED_WITHIN_MS) {
  const relay = createRelay({
    database,
    eventLog,
    log,
    metrics: createRegistryMetrics(createMetrics('registry')),
    patienceMs: 30_000,
    landedWithinMs,
    checkEveryMs: 500,
  });
  const sealing = createSealing(Buffer.alloc(32, 7).toString('base64'));
  const webhooks = createWebhooks({
    database,
    sealing,
    relay,
    guard: createAddressGuard([]),
    handshake: async () => undefined,
    quotas: { admitWebhook: async () => false },
    platformEvents: { publishSoon: () => undefined },
    clock: systemClock,
  });
  relay.start();
  const stop = () => relay.close(Date.now() + 2_000);
  opened.push(stop);
  return {
    stop,
    remove: (id: string) => webhooks.remove('default', id, []),
    async create(url = 'https://example.com/hook') {
      const { webhook } = await webhooks.create('default', settings({ url }));
      return webhook.id;
    },
  };
}

/** What a dispatcher that starts now knows: the last record of each webhook. */
async function knownBy(eventLog: EventLog): Promise<string[]> {
  const known = new Map<string, boolean>();
  for (const change of await changesOf(eventLog)) {
    if (change.kind === 'changed') known.set(change.webhook.id, true);
    if (change.kind === 'deleted') known.set(change.webhookId, false);
  }
  return [...known].flatMap(([id, exists]) => (exists ? [id] : [])).toSorted();
}

/** Refuses appends by their deadline while it is `late`; they land when `land` is called. */
function createLateLog(eventLog: EventLog) {
  const sent: (() => Promise<unknown>)[] = [];
  let late = false;
  return {
    sent,
    beLate: (yes: boolean) => void (late = yes),
    async land() {
      for (const send of sent.splice(0)) await send();
    },
    eventLog: {
      ...eventLog,
      append(records, options) {
        if (!late) return eventLog.append(records, options);
        sent.push(() => eventLog.append(records));
        return Promise.reject(new Unavailable('the records could not be appended in time'));
      },
    } satisfies EventLog,
  };
}

describe.each(['postgres', 'pglite'] as const)('the relay on %s', (kind) => {
  test('fills a log that lacks what was relayed to another one; what was deleted does not come back', async () => {
    const { database, eventLog } = await openStore(kind);
    const first = startRelay(database, eventLog);
    const ids = await Promise.all(Array.from({ length: 55 }, (_, n) => first.create(`https://example.com/${n}`)));
    await first.remove(ids.shift()!);
    await first.stop();

    const another = (await openStore(kind)).eventLog;
    startRelay(database, another);
    await eventually(async () => expect(await knownBy(another)).toEqual(ids.toSorted()), SOON);
    expect(await knownBy(eventLog)).toEqual(ids.toSorted());
    const count = (await changesOf(another)).length;
    expect(count).toBe(ids.length);
  }, 120_000);

  test('fills a log that was made anew under it, also when a change comes first', async () => {
    const { database, eventLog } = await openStore(kind);
    const relay = startRelay(database, eventLog);
    const ids = [await relay.create(), await relay.create(), await relay.create()];
    await relay.stop();
    const another = (await openStore(kind)).eventLog;
    // The first look at the ends sees the log as it was: only the append shows that it is another one.
    let looks = 0;
    const recreated: EventLog = {
      ...another,
      endOffsets: (topic) => (looks++ === 0 ? eventLog : another).endOffsets(topic),
    };
    const second = startRelay(database, recreated);
    ids.push(await second.create());
    await eventually(async () => expect(await knownBy(another)).toEqual(ids.toSorted()), SOON);
  }, 120_000);

  test('leaves a log alone that has everything', async () => {
    const { database, eventLog } = await openStore(kind);
    const first = startRelay(database, eventLog);
    await first.create();
    await first.remove(await first.create());
    await first.stop();
    const before = await changesOf(eventLog);
    const second = startRelay(database, eventLog, 500);
    await second.create();
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect(await changesOf(eventLog)).toHaveLength(before.length + 1);
  }, 120_000);

  test('has webhooks relayed again whose append was given up and may land behind newer changes', async () => {
    const { database, eventLog } = await openStore(kind);
    const late = createLateLog(eventLog);
    const relay = startRelay(database, late.eventLog);
    const kept = await relay.create();
    late.beLate(true);
    const creating = relay.create();
    await eventually(() => expect(late.sent.length).toBeGreaterThan(0), SOON);
    late.beLate(false);
    const removed = await creating;
    await relay.remove(removed);
    expect(await knownBy(eventLog)).toEqual([kept]);
    await late.land();
    expect(await knownBy(eventLog)).toEqual([kept, removed].toSorted());
    await eventually(async () => expect(await knownBy(eventLog)).toEqual([kept]), SOON);
  }, 120_000);

  test('also those of a copy that ended while it was appending', async () => {
    const { database, eventLog } = await openStore(kind);
    const begun = Promise.withResolvers<void>();
    const end = Promise.withResolvers<never>();
    let land: () => Promise<unknown> = async () => {};
    const doomed = startRelay(database, {
      ...eventLog,
      append(records) {
        land = () => eventLog.append(records);
        begun.resolve();
        return end.promise;
      },
    });
    const creating = doomed.create().catch((error: unknown) => error);
    await begun.promise;
    const { rows } = await database.query<{ id: string }>('SELECT id FROM webhooks');
    const id = rows[0]!.id;
    const note = 'SELECT relayed_revision, webhook_ids, appends FROM registry_appends';
    const left = (await database.query(note)).rows;
    expect(left).toEqual([{ relayed_revision: 0, webhook_ids: [id], appends: 1 }]);
    const stopped = doomed.stop();
    end.reject(new Unavailable('gone'));
    await stopped;
    expect(await creating).toBeInstanceOf(Unavailable);
    // It would not have noted that it gave up.
    await database.query('UPDATE registry_appends SET appends = 1');

    const next = startRelay(database, eventLog);
    await next.remove(id);
    expect(await knownBy(eventLog)).toEqual([]);
    await land();
    expect(await knownBy(eventLog)).toEqual([id]);
    await eventually(async () => expect(await knownBy(eventLog)).toEqual([]), SOON);
    await eventually(async () => expect((await database.query(note)).rows).toEqual([]), SOON);
  }, 120_000);
});
