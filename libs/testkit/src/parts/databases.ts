import { Client } from 'pg';
import { uniqueName } from './unique-name.ts';

/**
 * A new database on the server of `serverUrl`, cloned from `template` (by default the empty `template0`).
 * Returns its url.
 */
export async function createDatabase(serverUrl: string, template = 'template0'): Promise<string> {
  const name = uniqueName('test').replaceAll('-', '_');
  await withClient(serverUrl, (client) => client.query(`CREATE DATABASE ${quote(name)} TEMPLATE ${quote(template)}`));
  return urlOf(serverUrl, name);
}

/** Drops a database that `createDatabase` made, whoever is still connected to it. */
export async function dropDatabase(url: string): Promise<void> {
  const name = new URL(url).pathname.slice(1);
  await withClient(urlOf(url, 'postgres'), (client) =>
    client.query(`DROP DATABASE IF EXISTS ${quote(name)} WITH (FORCE)`),
  );
}

/**
 * Makes sure that the database `name` exists, filled by `fill` (migrations, say), to be cloned by `createDatabase(url, name)`. Of several
 * processes that want it at once one fills it and the others wait; half-filled it never gets that name. `fill` must close its connections.
 */
export async function ensureTemplate(
  serverUrl: string,
  name: string,
  fill: (url: string) => Promise<void>,
): Promise<void> {
  await withClient(serverUrl, async (client) => {
    await client.query('SELECT pg_advisory_lock(hashtext($1))', [name]);
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (rowCount !== 0) return;
    const unfinished = await createDatabase(serverUrl);
    try {
      await fill(unfinished);
      await client.query(`ALTER DATABASE ${quote(new URL(unfinished).pathname.slice(1))} RENAME TO ${quote(name)}`);
    } catch (error) {
      await dropDatabase(unfinished);
      throw error;
    }
  });
}

/** Closing the connection also gives back its lock. */
async function withClient(url: string, use: (client: Client) => Promise<unknown>): Promise<void> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    await use(client);
  } finally {
    await client.end();
  }
}

function urlOf(serverUrl: string, database: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  return url.href;
}

function quote(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`;
}
