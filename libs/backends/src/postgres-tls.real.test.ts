import { openDatabase, type Database } from '@hookline/database';
import { InvalidInput, Unavailable } from '@hookline/domain';
import { createLog, databaseSection, hooklineSection, kafkaSection, redisSection } from '@hookline/service-kit';
import { createAuthority, createTempDir, startPostgres, type PostgresPart } from '@hookline/testkit';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createBackends } from './backends.ts';

let folder: Awaited<ReturnType<typeof createTempDir>>;
let server: PostgresPart;
let own: string;
let strange: string;
const databases: Database[] = [];

function file(name: string, text: string): string {
  const path = join(folder.path, name);
  writeFileSync(path, text);
  return path;
}

beforeAll(async () => {
  folder = await createTempDir('postgres-tls');
  const [authority, other] = [await createAuthority(), await createAuthority()];
  server = await startPostgres({
    tls: { ...(await authority.issue('db.internal')), authority: authority.certificate },
  });
  const client = await authority.issue('certified');
  own = `sslmode=verify-full&sslrootcert=${file('ca.pem', authority.certificate)}`;
  strange = `sslmode=verify-full&sslrootcert=${file('other.pem', other.certificate)}`;
  file('client.pem', client.certificate);
  file('client.key', client.privateKey);
  const database = await open(url(own));
  await database.query('CREATE ROLE certified LOGIN');
}, 60_000);

afterAll(async () => {
  await Promise.all(databases.map((database) => database.close()));
  await server?.stop();
  await folder?.remove();
}, 60_000);

function url(parameters: string, { user = 'postgres', host = '127.0.0.1' } = {}): string {
  return `postgres://${user}@${host}:${server.port}/postgres?${parameters}`;
}

async function open(of: string): Promise<Database> {
  const database = await openDatabase({ url: of });
  databases.push(database);
  return database;
}

const certificate = () => `sslcert=${join(folder.path, 'client.pem')}&sslkey=${join(folder.path, 'client.key')}`;

describe('a PostgreSQL with TLS', () => {
  test('is spoken to when its certificate is of the authority that is named', async () => {
    const database = await open(url(own));
    const { rows } = await database.query('SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()');
    expect(rows).toEqual([{ ssl: true }]);
  });

  test('lets in by a certificate, for a lock as well', async () => {
    const database = await open(url(`${own}&${certificate()}`, { user: 'certified' }));
    const who = () => database.query('SELECT current_user AS name');
    expect((await database.exclusively('name', 5_000, who)).rows).toEqual([{ name: 'certified' }]);
  });

  test.each([
    ['another authority', () => url(strange), /self.signed certificate/],
    ['the system’s authorities', () => url('sslmode=verify-full'), /self.signed certificate|unable to verify/],
    ['a name that is not in its certificate', () => url(own, { host: '127.1' }), /altnames/],
    ['no TLS', () => url('sslmode=disable'), /no encryption/],
    ['no certificate of our own', () => url(own, { user: 'certified' }), /certificate/],
  ])('is refused, or refuses, with %s, and says why', async (_what, of, why) => {
    const refusal = (await open(of())).query('SELECT 1').catch((error: unknown) => error);
    expect(await refusal).toBeInstanceOf(Unavailable);
    expect(String(await refusal)).toMatch(why);
  });

  test('whose certificate is not trusted ends a start at once, by naming the setting', async () => {
    const backends = createBackends(
      {
        hookline: hooklineSection.parse({}),
        database: databaseSection.parse({ url: url(strange) }),
        kafka: kafkaSection.parse({}),
        redis: redisSection.parse({}),
      },
      { service: 'test', log: createLog('test', 'silent') },
    );
    try {
      const refusal = backends.migrations();
      await expect(refusal).rejects.toThrow(InvalidInput);
      await expect(refusal).rejects.toThrow(/self.signed certificate.*sslrootcert=FILE in DATABASE_URL/);
    } finally {
      await backends.close();
    }
  });
});

describe('a URL that cannot work names the parameter, and keeps its password to itself', () => {
  test.each([
    ['sslmode=verify_full', 'sslmode must be one of'],
    ['sslmode=verify-full&sslrootcert=/nowhere.pem', 'sslrootcert cannot be read'],
    ['sslmode=verify-full&sslcert=/nowhere.pem', 'sslcert and sslkey'],
    ['sslmode=verify-full&sslcert=/nowhere.pem&sslkey=/nowhere.key', 'sslcert cannot be read'],
  ])('%s', async (parameters, named) => {
    const refusal = openDatabase({ url: `postgres://u:secret@db/hookline?${parameters}` });
    await expect(refusal).rejects.toThrow(named);
    await expect(refusal).rejects.not.toThrow('secret');
  });
});
