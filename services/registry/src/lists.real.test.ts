import { migrate, openDatabase, type Database } from '@hookline/database';
import { useRealParts } from '@hookline/testkit';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { join } from 'node:path';
import { listApiKeys } from './access/api-key-store.ts';
import { createTenants } from './access/tenants.ts';
import { listEventTypes } from './event-types/store.ts';
import { createAccounts, type AccountsDependencies } from './users/accounts.ts';
import { listWebhooks } from './webhooks/store.ts';

const parts = useRealParts({ postgres: true });
const ROWS = 20_000;
const ALL = { patterns: null, patternPrefix: null, activeOnly: false };
const OF_A = { ...ALL, patterns: ['a'], activeOnly: true };

/** Sixty of a hundred rows are one tenant's, the others of 999. */
const TENANT = `CASE WHEN n % 5 < 3 THEN 'big' ELSE 'tenant-' || n % 999 END`;
const of = `FROM generate_series(1, ${ROWS}) AS n`;
const SEED = [
  `INSERT INTO tenants (id) SELECT 'tenant-' || n FROM generate_series(0, 998) AS n UNION SELECT 'big'`,
  `INSERT INTO webhooks (id, tenant, url, event_types, sealed_headers, sealed_secrets, policy, status, revision, created_at, updated_at)
   SELECT 'wh_' || lpad(n::text, 32, '0'), ${TENANT}, 'http://x', '{a}', '', '', 'quick', 'enabled', n, now(), now() ${of}`,
  `INSERT INTO event_types (tenant, name, on_mismatch, version, created_at, updated_at)
   SELECT ${TENANT}, 'type.' || n, 'none', n, now(), now() ${of}`,
  `INSERT INTO users (id, tenant, username, password_hash) SELECT 'usr_' || lpad(n::text, 32, '0'), ${TENANT}, 'u' || n, '' ${of}`,
  `INSERT INTO api_keys (id, tenant, name, scopes, created_by, created_at)
   SELECT 'key_' || lpad(n::text, 32, '0'), ${TENANT}, 'k', '{}', 'u', now() ${of}`,
  `INSERT INTO api_key_secrets (hash, key_id, ending, created_at) SELECT id, id, 'e', created_at FROM api_keys`,
  'VACUUM ANALYZE',
];

describe('every list', () => {
  let database: Database;
  let plans: string[];
  const explaining = {
    /** Answers what the database would; keeps how it would find it. */
    async query(sql: string, parameters?: Parameters<Database['query']>[1]) {
      if (sql.startsWith('SET ')) return { rows: [] };
      const { rows } = await database.query<Record<string, string>>(`EXPLAIN ${sql}`, parameters);
      plans.push(rows.map((row) => row['QUERY PLAN']).join('\n'));
      return database.query(sql, parameters);
    },
    transaction: <T>(work: (tx: Database) => Promise<T>) => work(explaining),
  } as unknown as Database;

  beforeAll(async () => {
    database = await openDatabase({ url: await parts.createDatabase() });
    await migrate(database, join(import.meta.dirname, '../../../migrations'));
    for (const statement of SEED) await database.query(statement);
  }, 120_000);
  afterAll(() => database?.close());

  const later = `${'0'.repeat(27)}${ROWS / 2}`;
  const accounts = createAccounts({ database: explaining } as AccountsDependencies);
  const limit = 51;
  const lists: [string, (tenant: string) => Promise<readonly unknown[]>][] = [
    ['webhooks', (tenant) => listWebhooks(explaining, tenant, { limit, before: null, filter: ALL })],
    [
      'webhooks, a later page',
      (tenant) => listWebhooks(explaining, tenant, { limit, before: `wh_${later}`, filter: ALL }),
    ],
    ['webhooks of a type', (tenant) => listWebhooks(explaining, tenant, { limit, before: null, filter: OF_A })],
    ['event types', (tenant) => listEventTypes(explaining, tenant, { limit, after: '' })],
    ['event types, a later page', (tenant) => listEventTypes(explaining, tenant, { limit, after: 'type.3' })],
    ['API keys', (tenant) => listApiKeys(explaining, tenant, { limit, before: null, createdBy: null })],
    [
      'API keys of a maker, a later page',
      (tenant) => listApiKeys(explaining, tenant, { limit, before: `key_${later}`, createdBy: 'u' }),
    ],
    ['users', (tenant) => accounts.list(tenant, { limit, before: null })],
    ['users, a later page', (tenant) => accounts.list(tenant, { limit, before: `usr_${later}` })],
    ['users of all tenants', () => accounts.list('', { limit, before: null })],
    ['users of all tenants, a later page', () => accounts.list('', { limit, before: `usr_${later}` })],
    ['tenants', () => createTenants(explaining).list({ limit, after: '' })],
    ['tenants, a later page', () => createTenants(explaining).list({ limit, after: 'tenant-5' })],
  ];

  test.each(lists.flatMap(([list, ask]) => ['big', 'tenant-7'].map((tenant) => [list, tenant, ask] as const)))(
    '%s of %s is found by an index',
    async (_list, tenant, ask) => {
      plans = [];
      expect((await ask(tenant)).length).toBeGreaterThan(0);
      expect(plans.length).toBeGreaterThan(0);
      for (const plan of plans) {
        expect(plan).toMatch(/Index/);
        expect(plan).not.toMatch(/Seq Scan/);
      }
    },
  );
});
