import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { decodeEvent, TOPIC } from '@hookline/contracts';
import { migrate, openDatabase, type Database } from '@hookline/database';
import { startSchemaRegistry, useRealParts, type SchemaRegistryPart } from '@hookline/testkit';
import { ROOT } from '../docs/markdown.ts';

const parts = useRealParts({ postgres: true });
const DRAFT = 'https://json-schema.org/draft/2020-12/schema';
const ORDER = { type: 'object', required: ['total'] };
let registry: SchemaRegistryPart;
let database: Database;
let databaseUrl: string;

beforeAll(async () => {
  registry = await startSchemaRegistry();
  databaseUrl = await parts.createDatabase();
  database = await openDatabase({ url: databaseUrl });
  await migrate(database, join(ROOT, 'migrations'));
  await database.query(`INSERT INTO tenants (id) VALUES ('acme')`);
  await put('default', 'order.created', ORDER);
  await put('acme', 'order.created', { type: 'object' });
  await put('default', 'without.schema', null);
}, 300_000);

afterAll(async () => {
  await database?.close();
  await registry?.stop();
});

async function put(tenant: string, name: string, schema: object | null): Promise<void> {
  await database.query(
    `INSERT INTO event_types (tenant, name, schema, on_mismatch, version, created_at, updated_at) VALUES ($1, $2, $3, 'none', 1, now(), now())
     ON CONFLICT (tenant, name) DO UPDATE SET schema = excluded.schema, version = event_types.version + 1`,
    [tenant, name, schema === null ? null : JSON.stringify(schema)],
  );
}

function publishSchemas(url = registry.url) {
  const env = { PATH: process.env['PATH'], DATABASE_URL: databaseUrl };
  return spawnSync(process.execPath, [join(ROOT, 'tools/schemas.ts'), url], { env, encoding: 'utf8' });
}

async function ask<T>(path: string, init: RequestInit = {}): Promise<T> {
  const headers = { 'content-type': 'application/vnd.schemaregistry.v1+json' };
  const answer = await fetch(registry.url + path, { ...init, headers });
  expect([path, answer.status]).toEqual([path, 200]);
  return (await answer.json()) as T;
}

test('the catalogue is in the registry, once however often it is brought, and a changed schema is a new version', async () => {
  for (let round = 0; round < 2; round++) {
    expect(publishSchemas()).toMatchObject({ status: 0, stdout: '2 schemas are registered.\n' });
  }
  expect((await ask<string[]>('/subjects')).toSorted()).toEqual(['acme:order.created', 'order.created']);
  const { version, schema } = await ask<{ version: number; schema: string }>('/subjects/order.created/versions/latest');
  expect([version, JSON.parse(schema)]).toEqual([1, { $schema: DRAFT, ...ORDER }]);
  await put('default', 'order.created', { ...ORDER, description: 'An order' });
  expect(publishSchemas().status).toBe(0);
  expect(await ask('/subjects/order.created/versions')).toEqual([1, 2]);
}, 60_000);

test('what a producer writes with a schema of the registry is read as the JSON in it', async () => {
  const { id } = await ask<{ id: number }>('/subjects/order.created/versions/latest');
  const frame = Buffer.alloc(5);
  frame.writeUInt32BE(id, 1);
  const decoded = decodeEvent({
    topic: TOPIC.events,
    partition: 0,
    offset: 0,
    key: null,
    value: Buffer.concat([frame, Buffer.from('{"total":1.0}')]),
    headers: { ce_id: 'e1', ce_type: 'order.created', ce_source: 'shop' },
    timestampMs: 0,
  });
  expect(decoded.kind === 'event' && decoded.event.data.toString('utf8')).toBe('{"total":1.0}');
});

test('what the registry refuses is named', async () => {
  await ask('/config/order.created', { method: 'PUT', body: JSON.stringify({ compatibility: 'BACKWARD' }) });
  await put('default', 'order.created', { ...ORDER, required: ['total', 'currency'] });
  const { status, stdout, stderr } = publishSchemas();
  expect([status, stdout]).toEqual([1, '1 schemas are registered, 1 are not.\n']);
  // This registry knows no compatibility of the draft, and says so by 500.
  expect(stderr).toMatch(/^order\.created: \d{3} /);
}, 60_000);

test.each([
  ['no URL', 'nowhere', 'must be a URL'],
  ['a registry that is away', 'http://127.0.0.1:1', 'order.created: '],
])('%s is an error', (_what, url, message) => {
  const { status, stderr } = publishSchemas(url);
  expect(status).toBe(1);
  expect(stderr).toContain(message);
});
