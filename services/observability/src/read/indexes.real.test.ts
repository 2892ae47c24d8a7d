import { migrate, openDatabase, type Database } from '@hookline/database';
import { useRealParts } from '@hookline/testkit';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { MIGRATIONS } from '../testing/scene.ts';
import { createRecoveries } from '../commands/recoveries.ts';
import { auditLog } from './audit-log.ts';
import { createQueries } from './queries.ts';
import type { PageRequest } from './page-request.ts';
import type { Reader } from './reader.ts';
import { createCountEvents, createReadStats } from './stats.ts';

const parts = useRealParts({ postgres: true });

const DAY_MS = 86_400_000;
/** Yesterday's noon: soon after midnight the day of the test has so few rows that reading all of them is right. */
const NOW = Math.floor(Date.now() / DAY_MS) * DAY_MS - DAY_MS / 2;
const DAYS = 3;
const EVENTS = 30_000;
const PAGE: PageRequest = {
  limit: 50,
  cursor: null,
  filters: {},
  afterMs: null,
  beforeMs: null,
  metadata: {},
};
const LATER: PageRequest = { ...PAGE, cursor: { atMs: NOW - 3_600_000, id: 'dlv_5' } };

/** Sixty of a hundred events are of one tenant, the others of 999. */
const SEED = `
  INSERT INTO events (tenant, id, accepted_at, type, source, time, content_type, metadata, size_bytes)
  SELECT CASE WHEN n % 5 < 3 THEN 'big' ELSE 'tenant-' || n % 999 END, 'evt_' || n, at(n), 'type.' || n % 50, '/s', 't', 'j',
    CASE WHEN n % 2 = 0 THEN jsonb_build_object('k', (n % 100)::text) END, 10
  FROM generate_series(1, ${EVENTS}) AS n;
  INSERT INTO event_metadata SELECT tenant, hashtext(metadata ->> 'k'), accepted_at, id FROM events WHERE metadata IS NOT NULL;
  INSERT INTO deliveries (id, tenant, webhook_id, accepted_at, event_id, event_type, attempt_count, first_attempt_at, state, state_rank, state_at)
  SELECT 'dlv_' || id, tenant, 'wh_' || tenant || right(id, 1), accepted_at, id, type, 1, accepted_at,
    CASE WHEN right(id, 2) = '07' THEN 'dead' ELSE 'succeeded' END, 3, accepted_at FROM events;
  INSERT INTO attempts SELECT id, 'att_' || id, accepted_at, 1, 'automatic', NULL, 200, accepted_at, 5, '{}' FROM deliveries;
  UPDATE deliveries SET once_id = 'att_once_' || id, once_status = 200, once_started_at = accepted_at, once_duration_ms = 5, once_detail = '{}'
  WHERE state = 'succeeded';
  INSERT INTO dead_letters (id, tenant, webhook_id, event_id, event_type, event_source, event_time, accepted_at, content_type, reason, attempts,
    first_attempt_at, dead_at)
  SELECT id, tenant, webhook_id, event_id, event_type, '/s', 't', accepted_at, 'j', 'gone', 1, accepted_at, accepted_at
  FROM deliveries;
  INSERT INTO recoveries (id, tenant, trigger, since, until, rate, state, total, created_at, created_by)
  SELECT 'rec_' || id, tenant, 'recovery', accepted_at, accepted_at, 1, 'completed', 0, accepted_at, 'u' FROM events;
  INSERT INTO audit_log (id, tenant, at, actor, via, action, target_type, target_id)
  SELECT 'aud_' || id, tenant, accepted_at, 'usr_' || right(id, 1), 'login', 'action.' || right(id, 2), 'webhook', 'wh_' || tenant || right(id, 1)
  FROM events;
`;

describe('every list', () => {
  let database: Database;
  let plans: string[];

  beforeAll(async () => {
    database = await openDatabase({ url: await parts.createDatabase() });
    await migrate(database, MIGRATIONS);
    for (let day = 0; day <= DAYS; day++) {
      const date = new Date(NOW - day * DAY_MS).toISOString().slice(0, 10);
      await database.query('SELECT observability_make_day($1::date)', [date]);
    }
    const step = Math.floor((DAYS * DAY_MS) / EVENTS);
    await database.query(`CREATE FUNCTION at(n integer) RETURNS timestamptz LANGUAGE sql AS
      $$ SELECT to_timestamp((${NOW} - n::bigint * ${step}) / 1000.0) $$`);
    for (const statement of SEED.split(';\n')) if (statement.trim() !== '') await database.query(statement);
    await database.query('VACUUM ANALYZE');
  }, 120_000);
  afterAll(() => database?.close());

  /** Answers nothing, and keeps how the database would find it. */
  const explaining: Reader = {
    async all(sql, parameters) {
      // Those that are in their delivery's row would be missing.
      if (/(FROM|JOIN) attempts\b/.test(sql)) expect(sql).toContain('once_id IS NOT NULL');
      const { rows } = await database.query<Record<string, string>>(`EXPLAIN ${sql}`, parameters);
      plans.push(rows.map((row) => row['QUERY PLAN']).join('\n'));
      return [];
    },
    async one(sql, parameters) {
      await explaining.all(sql, parameters);
      return null;
    },
  };
  const queries = createQueries(explaining);
  const recoveries = createRecoveries({} as Database, explaining, Date.now);
  const delivery = { id: 'dlv_1', accepted_at: new Date(NOW - 5_000) } as Parameters<typeof queries.attempts>[0];

  const withFilters = (page: PageRequest, filters: Record<string, string>) => ({ ...page, filters });
  const pages = [
    ['first', PAGE],
    ['later', LATER],
    ['of a time', { ...PAGE, afterMs: NOW - 7_200_000, beforeMs: NOW - 3_600_000 }],
  ] as const;
  const lists: [string, (page: PageRequest, tenant: string) => Promise<unknown>][] = [
    ['events', (page, tenant) => queries.events(tenant, page)],
    ['events by type', (page, tenant) => queries.events(tenant, withFilters(page, { type: 'type.7' }))],
    ['events by id', (page, tenant) => queries.events(tenant, withFilters(page, { id: 'evt_5' }))],
    ['events by source', (page, tenant) => queries.events(tenant, withFilters(page, { source: '/x' }))],
    ['events by metadata', (page, tenant) => queries.events(tenant, { ...page, metadata: { k: '5' } })],
    [
      'events by metadata and type',
      (page, tenant) =>
        queries.events(tenant, { ...withFilters(page, { type: 'type.7' }), metadata: { k: '5', other: 'x' } }),
    ],
    ['deliveries', (page, tenant) => queries.deliveries(tenant, page)],
    ...(['webhook', 'event', 'type', 'status_class', 'class'] as const).map(
      (name): [string, (page: PageRequest, tenant: string) => Promise<unknown>] => [
        `deliveries by ${name}`,
        (page, tenant) => {
          const value = { webhook: `wh_${tenant}5`, event: 'evt_5', type: 'type.7', status_class: '5xx', class: 'dns' }[
            name
          ];
          return queries.deliveries(tenant, withFilters(page, { [name]: value }));
        },
      ],
    ),
    ['dead deliveries', (page, tenant) => queries.deliveries(tenant, withFilters(page, { state: 'dead' }))],
    ['successes', (page, tenant) => queries.deliveries(tenant, withFilters(page, { state: 'succeeded' }))],
    [
      'dead deliveries of a webhook',
      (page, tenant) => queries.deliveries(tenant, withFilters(page, { state: 'dead', webhook: `wh_${tenant}7` })),
    ],
    ['attempts of all deliveries', (page, tenant) => queries.listAttempts(tenant, page)],
    ...(['webhook', 'event', 'type', 'outcome', 'class', 'status_class', 'trigger'] as const).map(
      (name): [string, (page: PageRequest, tenant: string) => Promise<unknown>] => [
        `attempts of all deliveries by ${name}`,
        (page, tenant) => {
          const of = { webhook: `wh_${tenant}5`, event: 'evt_5', type: 'type.7' };
          const value = { ...of, outcome: 'failed', class: 'dns', status_class: '5xx', trigger: 'manual' }[name];
          return queries.listAttempts(tenant, withFilters(page, { [name]: value }));
        },
      ],
    ),
    ['dead letters', (page, tenant) => queries.deadLetters(tenant, page)],
    [
      'dead letters by webhook',
      (page, tenant) => queries.deadLetters(tenant, withFilters(page, { webhook: 'wh_big7' })),
    ],
    ['dead letters by event', (page, tenant) => queries.deadLetters(tenant, withFilters(page, { event: 'evt_7' }))],
    ['dead letters by reason', (page, tenant) => queries.deadLetters(tenant, withFilters(page, { reason: 'x' }))],
    ['the audit log', (page, tenant) => auditLog(explaining, tenant, page)],
    ...(['target', 'actor', 'action'] as const).map(
      (name): [string, (page: PageRequest, tenant: string) => Promise<unknown>] => [
        `the audit log by ${name}`,
        (page, tenant) => {
          const value = { target: `wh_${tenant}5`, actor: 'usr_5', action: 'action.07' }[name];
          return auditLog(explaining, tenant, withFilters(page, { [name]: value }));
        },
      ],
    ),
    ['recoveries', (page, tenant) => recoveries.list(tenant, page)],
    ['stats', (_page, tenant) => createReadStats(explaining)(tenant, null, NOW, 24)],
    ['stats of a webhook', (_page, tenant) => createReadStats(explaining)(tenant, `wh_${tenant}5`, NOW, 24)],
    ['the number of events', (_page, tenant) => createCountEvents(explaining)(tenant, NOW - 3_600_000)],
    ['an event', (_page, tenant) => queries.event(tenant, 'evt_5')],
    ['a delivery', (_page, tenant) => queries.delivery(tenant, 'dlv_5')],
    ['an event’s deliveries', (_page, tenant) => queries.deliveriesOfEvent(tenant, { ...delivery, id: 'evt_5' })],
    ['attempts', () => queries.attempts(delivery)],
    ['latest attempts', () => queries.latestAttempts([delivery, { ...delivery, id: 'dlv_2' }])],
  ];
  const cases = lists.flatMap(([list, ask]) =>
    pages.flatMap(([page, request]) =>
      ['big', 'tenant-7'].map((tenant) => [list, page, tenant, ask, request] as const),
    ),
  );

  test.each(cases)('%s, %s page, of %s is found by an index', async (_list, _page, tenant, ask, request) => {
    plans = [];
    await ask(request, tenant);
    expect(plans.length).toBeGreaterThan(0);
    for (const plan of plans) {
      expect(plan).toMatch(/Index/);
      expect(plan).not.toMatch(/Seq Scan/);
    }
  });
});
