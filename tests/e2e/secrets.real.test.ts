import { openDatabase } from '@hookline/database';
import { createTempDir, eventually, type TempDir } from '@hookline/testkit';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { startStandalone, type StandaloneProcess } from './standalone-process.ts';

/* Everything that a run writes (logs, rows, refusals) is searched for every secret that it made or was given. */

const PASSWORD = `pw-${randomBytes(12).toString('hex')}`;
const GIVEN = {
  SECURITY_JWT_SECRET: randomBytes(48).toString('base64'),
  SECURITY_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
  SECURITY_ADMIN_PASSWORD: PASSWORD,
};

let folder: TempDir;
const secrets = new Map<string, string>(Object.entries(GIVEN));
const refusals: string[] = [];
const running: StandaloneProcess[] = [];

beforeAll(async () => {
  folder = await createTempDir('secrets');
});
afterAll(async () => {
  for (const platform of running) platform.signal('SIGKILL');
  await folder.remove();
});

function noteSecret(name: string, value: unknown): string {
  if (typeof value !== 'string' || value.length < 12) throw new Error(`${name} is no secret: ${String(value)}`);
  secrets.set(name, value);
  return value;
}

test('no secret of a run is in its logs, its rows or its refusals', async () => {
  const platform = startStandalone(folder.path, { ...GIVEN, LOG_LEVEL: 'trace' });
  running.push(platform);
  const { gatewayUrl } = await platform.ready();
  let token = '';
  const ask = async (method: string, path: string, body?: unknown, authorization = `Bearer ${token}`) => {
    const response = await fetch(gatewayUrl + path, {
      method,
      headers: { authorization, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) refusals.push(`${text} ${JSON.stringify([...response.headers])}`);
    return (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>;
  };

  const session = await ask('POST', '/auth/login', { username: 'admin', password: PASSWORD });
  token = noteSecret('token', session['token']);
  const next = await ask('POST', '/auth/refresh', {
    refresh_token: noteSecret('refresh token', session['refresh_token']),
  });
  noteSecret('second refresh token', next['refresh_token']);
  token = noteSecret('second token', next['token']);
  const { id, key } = await ask('POST', '/api/v1/api-keys', { name: 'shop', scopes: ['events:publish'] });
  noteSecret('api key', key);
  noteSecret('rotated api key', (await ask('POST', `/api/v1/api-keys/${String(id)}/rotate`, {}))['key']);
  const { code } = await ask('POST', '/api/v1/portal-links', {});
  noteSecret('portal token', (await ask('POST', '/auth/portal', { code: noteSecret('portal code', code) }))['token']);
  const user = noteSecret('password of a user', `user-${randomBytes(12).toString('hex')}`);
  await ask('POST', '/api/v1/users', { tenant: 'default', username: 'ada', password: user, scopes: ['webhooks:read'] });

  const credentials = {
    basic: { username: 'u', password: noteSecret('basic password', `basic-${randomBytes(12).toString('hex')}`) },
    bearer: { token: noteSecret('bearer token', `bearer-${randomBytes(12).toString('hex')}`) },
  };
  const header = noteSecret('header', `header-${randomBytes(12).toString('hex')}`);
  for (const [kind, value] of Object.entries(credentials)) {
    const webhook = {
      url: `${gatewayUrl}/_receiver/fail`,
      event_types: ['order.*'],
      headers: { 'x-api-key': header },
      authorization: { type: kind, ...value },
      max_retries: 0,
    };
    const made = await ask('POST', '/api/v1/webhooks', webhook);
    noteSecret(`secret of ${kind}`, made['secret']);
    const rotated = await ask('POST', `/api/v1/webhooks/${String(made['id'])}/secret/rotate`, {});
    noteSecret(`rotated of ${kind}`, rotated['secret']);
    await ask('POST', '/api/v1/webhooks', { ...webhook, url: 'ftp://nowhere' });
  }
  await ask(
    'POST',
    '/api/v1/events',
    { id: 'order-1', type: 'order.created', source: 'shop', data: {} },
    `Bearer ${String(key)}`,
  );
  await eventually(async () => expect((await ask('GET', '/api/v1/dead-letters'))['data']).toHaveLength(2), {
    timeoutMs: 60_000,
  });
  // Refused in every way in which something secret was sent.
  await ask('POST', '/auth/refresh', { refresh_token: secrets.get('refresh token') });
  await ask('POST', '/auth/login', { username: 'admin', password: user });
  await ask('POST', '/auth/portal', { code });
  await ask('GET', '/api/v1/webhooks', undefined, `Bearer ${String(key)}`);
  await ask('POST', '/api/v1/webhooks', { url: header, authorization: { basic: 7 } });
  platform.signal('SIGTERM');
  const { stdout, stderr } = await platform.ended;

  expect(refusals.length).toBeGreaterThanOrEqual(6);
  const written = { logs: stdout + stderr, refusals: refusals.join('\n'), rows: await everyRow() };
  expect(written.rows).toContain('order-1');
  for (const [where, text] of Object.entries(written)) {
    for (const [name, secret] of secrets) expect([where, name, text.includes(secret)]).toEqual([where, name, false]);
  }
}, 180_000);

/** Every table as text; bytes also as what they say. */
async function everyRow(): Promise<string> {
  const database = await openDatabase({ dataDir: join(folder.path, 'data') });
  try {
    const { rows: tables } = await database.query<{ name: string }>(
      `SELECT quote_ident(table_schema) || '.' || quote_ident(table_name) AS name FROM information_schema.tables
       WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')`,
    );
    const texts = [];
    for (const { name } of tables) {
      const { rows } = await database.query<{ text: string }>(`SELECT t::text AS text FROM ${name} AS t`);
      for (const { text } of rows) {
        const bytes = [...text.matchAll(/\\\\?x([0-9a-f]{8,})/g)].map(([, hex]) =>
          Buffer.from(hex ?? '', 'hex').toString('latin1'),
        );
        texts.push(text, ...bytes);
      }
    }
    return texts.join('\n');
  } finally {
    await database.close();
  }
}
