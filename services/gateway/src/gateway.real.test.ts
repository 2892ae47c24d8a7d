import { TOPICS } from '@hookline/contracts';
import { migrate, openDatabase, type Database } from '@hookline/database';
import { systemClock } from '@hookline/domain';
import type { EventLog } from '@hookline/event-log';
import { createPostgresEventLog } from '@hookline/event-log-postgres';
import { createMemoryLimits } from '@hookline/limits-memory';
import { createRegistry, registryConfig, type RegistryService } from '@hookline/registry';
import { createLog, createMetrics, createTokens, loadConfig } from '@hookline/service-kit';
import { createTempDir, type TempDir } from '@hookline/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { gatewayConfig } from './config.ts';
import { createGateway, type GatewayService } from './service.ts';

const JWT_SECRET = 'a secret of the tests, long enough for HS256';
const PASSWORD = 'correct horse';
const log = createLog('gateway', 'error');
const limits = createMemoryLimits({ deduplication: { pendingMs: 1, windowMs: 1, maxKeys: 1 } });
const tokens = createTokens(JWT_SECRET, 3_600_000);
const SCOPES = [
  'webhooks:read',
  'webhooks:write',
  'events:publish',
  'deliveries:read',
  'deliveries:retry',
  'audit:read',
];
const tokenOf = (tenant: string, scopes = SCOPES) => tokens.issue({ tenant, subject: 'usr_x', scopes }).token;
const TOKEN = tokenOf('default');

/** Stands where ingestion and observability stand, and shows what reached them. */
interface Echo {
  server: Server;
  url: string;
  seen: { method: string; path: string; headers: IncomingHttpHeaders; body: Buffer }[];
  answer: (response: ServerResponse) => void;
}

async function startEcho(): Promise<Echo> {
  const echo = { seen: [], answer: accepted } as unknown as Echo;
  echo.server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url: path = '', headers } = request;
      echo.seen.push({ method, path, headers, body: Buffer.concat(chunks) });
      echo.answer(response);
    });
  });
  await new Promise<void>((resolve) => echo.server.listen(0, '127.0.0.1', resolve));
  echo.url = `http://127.0.0.1:${(echo.server.address() as AddressInfo).port}`;
  return echo;
}

function accepted(response: ServerResponse): void {
  response.writeHead(202, { 'content-type': 'application/json', 'x-seen': 'yes', 'x-request-id': 'theirs' });
  response.end('{"id":"e1"}');
}

let folder: TempDir;
let database: Database;
let eventLog: EventLog;
let registry: RegistryService;
let ingestion: Echo;
let observability: Echo;
let gateway: GatewayService;
let base: string;

const ENV = {
  SECURITY_JWT_SECRET: JWT_SECRET,
  SECURITY_ENCRYPTION_KEY: Buffer.alloc(32, 7).toString('base64'),
  SECURITY_ADMIN_PASSWORD: PASSWORD,
  REGISTRY_GRPC_PORT: '0',
  REGISTRY_PORT: '0',
  GATEWAY_PORT: '0',
  GATEWAY_GRPC_PORT: '0',
};

function startGateway(env: Record<string, string> = {}) {
  const config = loadConfig(gatewayConfig, {
    env: {
      ...ENV,
      GATEWAY_REGISTRY_ADDRESS: `127.0.0.1:${registry.grpcPort()}`,
      GATEWAY_INGESTION_URL: ingestion.url,
      GATEWAY_OBSERVABILITY_URL: observability.url,
      GATEWAY_ANONYMOUS_PER_MINUTE: '1000',
      ...env,
    },
  });
  const extra = {
    path: '/_receiver',
    handler: (request: IncomingMessage, response: ServerResponse) => {
      response.end(`extra ${request.url}`);
    },
  };
  return createGateway({
    config,
    limits,
    openEventLog: async () => eventLog,
    log,
    metrics: createMetrics('gateway'),
    clock: systemClock,
    extra,
  });
}

beforeAll(async () => {
  folder = await createTempDir('gateway');
  database = await openDatabase({ dataDir: folder.path });
  await migrate(database, join(import.meta.dirname, '../../../migrations'));
  await database.query(`INSERT INTO tenants (id) VALUES ('other')`);
  eventLog = createPostgresEventLog({ database, log });
  await eventLog.createTopics(TOPICS);
  registry = createRegistry({
    config: loadConfig(registryConfig, { env: ENV }),
    database,
    eventLog,
    log,
    metrics: createMetrics('registry'),
    clock: systemClock,
    fail: (error) => log.error(error),
  });
  await registry.start();
  [ingestion, observability] = [await startEcho(), await startEcho()];
  gateway = startGateway();
  await gateway.start();
  base = `http://127.0.0.1:${gateway.port()}`;
}, 60_000);

afterAll(async () => {
  await gateway?.close(Date.now() + 1_000);
  await registry?.close(Date.now() + 1_000);
  for (const echo of [ingestion, observability]) {
    echo?.server.closeAllConnections();
    echo?.server.close();
  }
  await limits.close();
  await eventLog?.close();
  await database?.close();
  await folder?.remove();
});

beforeEach(() => {
  for (const echo of [ingestion, observability]) Object.assign(echo, { seen: [], answer: accepted });
});

interface Answer {
  status: number;
  headers: Headers;
  body: Record<string, unknown> & { errors?: { pointer: string; detail: string }[] };
}

async function ask(
  method: string,
  path: string,
  {
    json,
    raw,
    token = TOKEN,
    headers = {},
  }: { json?: unknown; raw?: string | Buffer; token?: string | null; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const body = raw ?? (json === undefined ? undefined : JSON.stringify(json));
  const response = await fetch(base + path, {
    method,
    headers: {
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: new Uint8Array(Buffer.from(body)) }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : { text } };
}

const WEBHOOK = { url: 'https://example.com/hook', event_types: ['order.*'] };
const webhooks = async () => {
  const { rows } = await database.query<{ count: number }>('SELECT count(*) AS count FROM webhooks');
  return rows[0]?.count;
};

function expectProblem({ status, headers, body }: Answer, expected: { status: number; code: string }): void {
  expect({ status, code: body['code'] }).toEqual(expected);
  expect(headers.get('content-type')).toBe('application/problem+json');
  expect(body).toMatchObject({ status: expected.status, title: expect.any(String), detail: expect.any(String) });
  expect(JSON.stringify(body)).not.toMatch(/node_modules|\.ts:\d|at Object/);
}

const login = (username: string, password: string) =>
  ask('POST', '/auth/login', { json: { username, password }, token: null });

test('a browser is told to make little of an answer, and pages of other origins are let in as far as they are named', async () => {
  const { headers } = await ask('GET', '/api/v1/webhooks', { headers: { origin: 'https://app.example.com' } });
  expect(Object.fromEntries(headers)).toMatchObject({
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'ratelimit-policy': '"tenant";q=60000;w=60',
  });
  for (const name of ['access-control-allow-origin', 'strict-transport-security', 'x-powered-by']) {
    expect([name, headers.get(name)]).toEqual([name, null]);
  }
  const open = startGateway({ GATEWAY_CORS_ORIGINS: 'https://app.example.com' });
  await open.start();
  const preflight = await fetch(`http://127.0.0.1:${open.port()}/api/v1/events`, {
    method: 'OPTIONS',
    headers: { origin: 'https://app.example.com', 'access-control-request-method': 'POST' },
  });
  expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([
    204,
    'https://app.example.com',
  ]);
  await open.close(Date.now() + 1_000);
});

test('a request of too many headers is refused, and so is one that is too deep', async () => {
  const many = Object.fromEntries(Array.from({ length: 120 }, (_, index) => [`x-${index}`, '1']));
  expectProblem(await ask('GET', '/api/v1/webhooks', { headers: many }), { status: 431, code: 'headers_too_large' });
  const deep = `{"url":${'['.repeat(100)}${']'.repeat(100)}}`;
  expectProblem(await ask('POST', '/api/v1/webhooks', { raw: deep }), { status: 400, code: 'invalid_json' });
});

describe('logging in', () => {
  test('gives a token that opens the API', async () => {
    const { status, headers, body } = await ask('POST', '/auth/login', {
      json: { username: 'admin', password: PASSWORD },
      token: null,
    });
    expect(status).toBe(200);
    expect(body).toEqual({
      token: expect.any(String),
      token_type: 'Bearer',
      expires_in: 3600,
      refresh_token: expect.stringMatching(/^hlr_[\w-]{43}$/),
      refresh_expires_in: expect.any(Number),
    });
    expect(headers.get('cache-control')).toBe('no-store');
    expect((await ask('GET', '/api/v1/webhooks', { token: String(body['token']) })).status).toBe(200);
  });

  test('with a wrong password is refused, and after ten attempts limited, whoever the user is', async () => {
    for (let i = 0; i < 10; i++)
      expectProblem(await login('somebody', 'wrong'), { status: 401, code: 'wrong_credentials' });
    const limited = await login('somebody', 'wrong');
    expectProblem(limited, { status: 429, code: 'rate_limited' });
    expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0);
  }, 20_000);

  test('goes on by a changed password', async () => {
    const token = String((await login('admin', PASSWORD)).body['token']);
    const change = (current_password: string, new_password: string) =>
      ask('POST', '/auth/password', { json: { current_password, new_password }, token });
    expectProblem(await change('wrong', 'long enough'), { status: 403, code: 'wrong_password' });
    expect((await change(PASSWORD, 'another one')).status).toBe(204);
    expect((await login('admin', PASSWORD)).status).toBe(401);
    expect((await change('another one', PASSWORD)).status).toBe(204);
  });

  test('is limited for strangers by address', async () => {
    const strict = startGateway({ GATEWAY_ANONYMOUS_PER_MINUTE: '3', GATEWAY_TRUSTED_PROXIES: '1' });
    await strict.start();
    const url = `http://127.0.0.1:${strict.port()}/api/v1/webhooks`;
    const from = async (address: string) =>
      (await fetch(url, { headers: { 'x-forwarded-for': address, authorization: 'Bearer forged' } })).status;
    const statuses = [];
    for (let i = 0; i < 4; i++) statuses.push(await from('198.51.100.1'));
    expect(statuses).toEqual([401, 401, 401, 429]);
    expect(await from('198.51.100.2')).toBe(401);
    const known = await fetch(url, {
      headers: { 'x-forwarded-for': '198.51.100.1', authorization: `Bearer ${TOKEN}` },
    });
    expect(known.status).toBe(200);
    const open = [
      ['POST', '/auth/login', 400],
      ['GET', '/api/v1/webhooks/wh_none/jwks.json', 404],
    ] as const;
    for (const [index, [method, path, served]] of open.entries()) {
      const strange = async (address: string) =>
        (
          await fetch(new URL(path, url), {
            method,
            headers: { 'x-forwarded-for': address, 'content-type': 'application/json' },
            ...(method === 'POST' ? { body: '{}' } : {}),
          })
        ).status;
      for (let i = 0; i < 3; i++) expect(await strange(`203.0.113.${index}`)).toBe(served);
      expect(await strange(`203.0.113.${index}`)).toBe(429);
      expect(await strange(`192.0.2.${index}`)).toBe(served);
    }
    await strict.close(Date.now() + 1_000);
  });
});

describe('webhooks', () => {
  test('are created, listed, replaced and deleted', async () => {
    const created = await ask('POST', '/api/v1/webhooks', {
      json: { ...WEBHOOK, headers: { Authorization: 'Bearer x', 'X-Shop': '1' } },
    });
    expect(created.status).toBe(201);
    const { secret, ...shown } = created.body;
    expect(secret).toMatch(/^whsec_/);
    expect(shown).toMatchObject({
      id: expect.stringMatching(/^wh_/),
      url: WEBHOOK.url,
      event_types: ['order.*'],
      headers: { authorization: '***', 'x-shop': '1' },
      policy: 'quick',
      description: null,
      status: 'enabled',
      disabled_reason: null,
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      updated_at: shown['created_at'],
    });
    const path = `/api/v1/webhooks/${String(shown['id'])}`;
    expect(created.headers.get('location')).toBe(path);
    expect((await ask('GET', path)).body).toEqual(shown);

    const replacement = { ...WEBHOOK, headers: { authorization: '***' }, description: 'ü', status: 'disabled' };
    const replaced = await ask('PUT', path, { json: replacement });
    expect(replaced.body).toMatchObject({ headers: { authorization: '***' }, description: 'ü', status: 'disabled' });

    await ask('POST', '/api/v1/webhooks', { json: WEBHOOK });
    const first = await ask('GET', '/api/v1/webhooks?limit=1');
    expect(first.body).toEqual({ data: [expect.anything()], next_cursor: expect.any(String) });
    const second = await ask('GET', `/api/v1/webhooks?limit=1&cursor=${String(first.body['next_cursor'])}`);
    expect(second.body['data']).toMatchObject([{ id: shown['id'] }]);

    expect((await ask('DELETE', path)).status).toBe(204);
    expectProblem(await ask('GET', path), { status: 404, code: 'unknown_webhook' });
  });

  test("of another tenant don't exist", async () => {
    const path = `/api/v1/webhooks/${String((await ask('POST', '/api/v1/webhooks', { json: WEBHOOK })).body['id'])}`;
    const token = tokenOf('other');
    expectProblem(await ask('GET', path, { token }), { status: 404, code: 'unknown_webhook' });
    expectProblem(await ask('PUT', path, { token, json: WEBHOOK }), { status: 404, code: 'unknown_webhook' });
    expectProblem(await ask('DELETE', path, { token }), { status: 404, code: 'unknown_webhook' });
    expectProblem(await ask('GET', `${path}/deliveries`, { token }), { status: 404, code: 'unknown_webhook' });
    expect(observability.seen).toEqual([]);
    expect((await ask('GET', '/api/v1/webhooks', { token })).body).toEqual({ data: [], next_cursor: null });
  });
});

const pointers = ({ body }: Answer) => body.errors?.map(({ pointer }) => pointer);

describe('bad input is refused with a problem, and nothing is written', () => {
  test.each<[string, string, number, string[]]>([
    ['not JSON', '{"url":', 7, ['']],
    ['not JSON either', '{"url": x}', 8, ['']],
    ['nothing', '', 0, ['']],
  ])('%s', async (_name, raw, position, expected) => {
    const answer = await ask('POST', '/api/v1/webhooks', { raw });
    expectProblem(answer, { status: 400, code: 'invalid_json' });
    expect(answer.body['detail']).toContain(`position ${position}`);
    expect(pointers(answer)).toEqual(expected);
  });

  test('not UTF-8', async () => {
    expectProblem(await ask('POST', '/api/v1/webhooks', { raw: Buffer.from([0x22, 0xff, 0x22]) }), {
      status: 400,
      code: 'invalid_json',
    });
  });

  test.each<[string, unknown, string[]]>([
    ['a list', [], ['']],
    ['null', null, ['']],
    ['missing fields', {}, ['/url', '/event_types']],
    [
      'wrong types',
      { url: 1, event_types: 'order.*', headers: [], policy: 5, status: 1 },
      ['/url', '/event_types', '/headers', '/policy', '/status'],
    ],
    [
      'wrong types inside',
      { ...WEBHOOK, event_types: ['a', 5], headers: { 'x/y~z': 1 } },
      ['/event_types/1', '/headers/x~1y~0z'],
    ],
    ['unknown fields', { ...WEBHOOK, tenant: 'other', 'a/b': 1 }, ['/tenant', '/a~1b']],
  ])('%s', async (_name, json, expected) => {
    const before = await webhooks();
    const answer = await ask('POST', '/api/v1/webhooks', { json });
    expectProblem(answer, { status: 400, code: 'invalid_input' });
    expect(pointers(answer)?.toSorted()).toEqual(expected.toSorted());
    expect(await webhooks()).toBe(before);
  });

  test.each([
    '{"url":"https://e.com","event_types":["*"],"__proto__":{}}',
    '{"url":"https://e.com","event_types":["*"],"headers":{"__proto__":"x"}}',
  ])('a name that means something to JavaScript: %s', async (raw) => {
    const before = await webhooks();
    expectProblem(await ask('POST', '/api/v1/webhooks', { raw }), { status: 400, code: 'invalid_input' });
    expect(await webhooks()).toBe(before);
  });

  test.each<[string, object, string[]]>([
    ['URL of another scheme', { url: 'ftp://example.com' }, ['/url']],
    ['URL without a scheme', { url: 'example.com/hook' }, ['/url']],
    ['URL that points inside', { url: 'http://10.0.0.1/' }, ['/url']],
    ['URL of this machine', { url: 'http://localhost:8080/' }, ['/url']],
    ['URL of the metadata service', { url: 'http://[::ffff:169.254.169.254]/' }, ['/url']],
    ['URL in disguise', { url: 'http://0x7f.1/' }, ['/url']],
    ['URL with credentials', { url: 'https://me:pw@example.com/' }, ['/url']],
    ['patterns', { event_types: ['order..x', 'a.*.b', ''] }, ['/event_types/0', '/event_types/1', '/event_types/2']],
    [
      'headers',
      { headers: { Host: 'x', 'webhook-id': 'x', 'a b': 'x', ok: 'a\r\nb', cookie: '***' } },
      ['/headers/Host', '/headers/webhook-id', '/headers/a b', '/headers/ok', '/headers/cookie'],
    ],
    [
      'the rest',
      { policy: '', status: 'off', description: 'x'.repeat(1025), secret: 'short' },
      ['/policy', '/status', '/description', '/secret'],
    ],
  ])('%s', async (_name, more, expected) => {
    const before = await webhooks();
    const answer = await ask('POST', '/api/v1/webhooks', { json: { ...WEBHOOK, ...more } });
    expectProblem(answer, { status: 400, code: 'invalid_input' });
    expect(pointers(answer)).toEqual(expected);
    expect(await webhooks()).toBe(before);
  });

  test('too large', async () => {
    const raw = JSON.stringify({ ...WEBHOOK, description: 'x'.repeat(1024 * 1024) });
    expectProblem(await ask('POST', '/api/v1/webhooks', { raw }), { status: 413, code: 'too_large' });
    const events = Buffer.alloc(4 * 1024 * 1024 + 1, 0x20);
    expectProblem(await ask('POST', '/api/v1/events', { raw: events }), { status: 413, code: 'too_large' });
    expect(ingestion.seen).toEqual([]);
  });

  test.each([
    { 'content-type': 'text/plain' },
    { 'content-encoding': 'gzip' },
    { 'content-type': 'application/json; charset=latin1' },
  ])('a body of another kind: %j', async (headers) => {
    const answer = await ask('POST', '/api/v1/webhooks', { json: WEBHOOK, headers });
    expectProblem(answer, { status: 415, code: 'unsupported_media_type' });
  });

  test.each<[string, string, string[]]>([
    ['?limit=0', 'invalid_input', ['?limit']],
    ['?limit=201', 'invalid_input', ['?limit']],
    ['?limit=x&foo=1', 'invalid_input', ['?foo']],
    ['?cursor=nonsense', 'invalid_input', ['?cursor']],
    ['?limit=1&limit=2', 'invalid_input', ['?limit']],
  ])('the query %s', async (query, code, expected) => {
    const answer = await ask('GET', `/api/v1/webhooks${query}`);
    expectProblem(answer, { status: 400, code });
    expect(pointers(answer)).toEqual(expected);
  });

  const expired = createTokens(JWT_SECRET, 1_000, () => Date.now() - 60_000);
  const forged = createTokens('another secret, which is also long enough', 3_600_000);
  const identity = { tenant: 'default', subject: 'usr_x', scopes: SCOPES };
  test.each<[string, string | null, number, string]>([
    ['missing', null, 401, 'unauthenticated'],
    ['nonsense', 'x.y.z', 401, 'unauthenticated'],
    ['expired', expired.issue(identity).token, 401, 'token_expired'],
    ['forged', forged.issue(identity).token, 401, 'unauthenticated'],
    [
      'unsigned',
      `${Buffer.from('{"alg":"none"}').toString('base64url')}.${TOKEN.split('.')[1]}.`,
      401,
      'unauthenticated',
    ],
    ['without the scope', tokenOf('default', ['nothing']), 403, 'missing_scope'],
  ])('a token that is %s', async (_name, token, status, code) => {
    for (const [method, path] of [
      ['GET', '/api/v1/webhooks'],
      ['POST', '/api/v1/webhooks'],
      ['POST', '/api/v1/events'],
      ['GET', '/api/v1/events/e1'],
      ['GET', '/api/v1/dead-letters'],
    ] as const) {
      const answer = await ask(method, path, { token, ...(method === 'POST' ? { json: WEBHOOK } : {}) });
      expectProblem(answer, { status, code });
      expect(answer.headers.get('www-authenticate')).toBe(status === 401 ? 'Bearer' : null);
    }
    expect([...ingestion.seen, ...observability.seen]).toEqual([]);
  });

  test('an address that is none, and a method that is none there', async () => {
    expectProblem(await ask('GET', '/api/v2'), { status: 404, code: 'unknown_route' });
    expectProblem(await ask('GET', '/api/v1/webhooks/'.repeat(3)), { status: 404, code: 'unknown_route' });
    const wrong = await ask('PATCH', '/api/v1/webhooks', { json: {} });
    expectProblem(wrong, { status: 405, code: 'method_not_allowed' });
    expect(wrong.headers.get('allow')).toBe('POST, GET, HEAD');
    const options = await ask('OPTIONS', '/api/v1/events');
    expect([options.status, options.headers.get('allow')]).toEqual([204, 'POST, GET, HEAD']);
    expectProblem(await ask('GET', '/api/v1/webhooks/%zz'), { status: 400, code: 'invalid_path' });
    expectProblem(await ask('GET', '/api/v1/webhooks/%00'), { status: 404, code: 'unknown_webhook' });
  });

  test.each<[string, string, number, string]>([
    [
      'headers that are too large',
      `GET / HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`,
      431,
      'headers_too_large',
    ],
    ['no HTTP', 'HELO example.com\r\n\r\n', 400, 'invalid_http'],
  ])('%s', async (_name, bytes, status, code) => {
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(gateway.port(), '127.0.0.1', () => socket.write(bytes));
      let text = '';
      socket.on('data', (chunk) => (text += chunk.toString()));
      socket.on('close', () => resolve(text));
      socket.on('error', reject);
    });
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(JSON.parse(answer.split('\r\n\r\n')[1] ?? '')).toMatchObject({ status, code });
  });
});

describe('events and deliveries', () => {
  test.each(['/api/v1/events', '/api/v1/events:batch'])(
    'POST %s reaches ingestion byte for byte, with who sent it, and the answer comes back',
    async (path) => {
      const raw = '{ "type":"order.created","data":{"amount":1.0,"big":12345678901234567890} }';
      const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
      const answer = await ask('POST', `${path}?x=1`, {
        raw,
        headers: {
          traceparent,
          'ce-id': 'c1',
          'idempotency-key': 'k1',
          'x-request-id': 'mine',
          'x-custom': 'kept',
          te: 'trailers',
        },
      });
      expect(answer).toMatchObject({ status: 202, body: { id: 'e1' } });
      expect(answer.headers.get('x-seen')).toBe('yes');
      expect(answer.headers.get('x-request-id')).toBe('mine');
      const [seen] = ingestion.seen;
      expect(seen).toMatchObject({ method: 'POST', path: `${path}?x=1` });
      expect(seen?.body.toString()).toBe(raw);
      expect(seen?.headers).toMatchObject({
        authorization: `Bearer ${TOKEN}`,
        'content-type': 'application/json',
        traceparent,
        'x-request-id': 'mine',
        'x-custom': 'kept',
        'ce-id': 'c1',
        'idempotency-key': 'k1',
      });
      expect(seen?.headers).not.toHaveProperty('te');
    },
  );

  test.each([
    '/api/v1/events/a%2Fb',
    '/api/v1/deliveries/dlv_1',
    '/api/v1/dead-letters?limit=2&cursor=x',
    '/api/v1/dead-letters/dlv_1',
  ])('%s is answered by observability', async (path) => {
    observability.answer = (response) => {
      response.writeHead(404, { 'content-type': 'application/problem+json' });
      response.end('{"code":"not_found"}');
    };
    expect(await ask('GET', path)).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect(observability.seen).toMatchObject([{ method: 'GET', path, headers: { authorization: `Bearer ${TOKEN}` } }]);
  });

  test.each([
    ['POST', '/api/v1/deliveries/dlv_1/retry'],
    ['POST', '/api/v1/events/a%2Fb/cancel'],
    ['DELETE', '/api/v1/events/e1/content'],
    ['POST', '/api/v1/dead-letters/dlv_1/replay'],
    ['POST', '/api/v1/dead-letters/dlv_1/resolve'],
    ['DELETE', '/api/v1/dead-letters?before=2026-11-27'],
    ['POST', '/api/v1/recoveries'],
    ['POST', '/api/v1/recoveries/rec_1/pause'],
  ] as const)('%s %s is a command to observability, for those who may', async (method, path) => {
    const raw = '{"reason":"x"}';
    expect((await ask(method, path, { raw, token: tokenOf('acme', ['deliveries:read']) })).status).toBe(403);
    expect((await ask(method, path, { raw })).status).toBe(202);
    expect(observability.seen).toMatchObject([{ method, path }]);
    expect(observability.seen[0]?.body.toString()).toBe(raw);
  });

  test("a webhook's deliveries are asked for once the webhook is known to exist", async () => {
    const { id } = (await ask('POST', '/api/v1/webhooks', { json: WEBHOOK })).body;
    expect((await ask('GET', `/api/v1/webhooks/${String(id)}/deliveries?limit=1`)).status).toBe(202);
    expect(observability.seen).toMatchObject([{ path: `/api/v1/webhooks/${String(id)}/deliveries?limit=1` }]);
    for (const [scope, status] of [
      ['deliveries:read', 202],
      ['webhooks:read', 403],
    ] as const) {
      const token = tokenOf('default', [scope]);
      for (const what of ['deliveries', 'stats']) {
        expect((await ask('GET', `/api/v1/webhooks/${String(id)}/${what}`, { token })).status).toBe(status);
      }
    }
  });

  test('a path that climbs leads nowhere else', async () => {
    const answer = await new Promise<string>((resolve) => {
      const socket = connect(gateway.port(), '127.0.0.1', () =>
        socket.write(
          `GET /api/v1/events/%2e%2e%2fmetrics HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${TOKEN}\r\nconnection: close\r\n\r\n`,
        ),
      );
      let text = '';
      socket.on('data', (chunk) => (text += chunk.toString()));
      socket.on('close', () => resolve(text));
    });
    expect(answer).toMatch(/^HTTP\/1.1 202 /);
    expect(observability.seen[0]?.path).toBe('/api/v1/events/..%2Fmetrics');
  });

  test('a service that is away is a 503 that says when to come again', async () => {
    const lonely = startGateway({
      GATEWAY_INGESTION_URL: 'http://127.0.0.1:1',
      GATEWAY_OBSERVABILITY_URL: 'http://127.0.0.1:1',
      GATEWAY_REGISTRY_ADDRESS: '127.0.0.1:1',
    });
    await lonely.start();
    const there = base;
    base = `http://127.0.0.1:${lonely.port()}`;
    try {
      for (const [method, path, code] of [
        ['POST', '/api/v1/events', 'upstream_unavailable'],
        ['GET', '/api/v1/events/e1', 'upstream_unavailable'],
        ['GET', '/api/v1/webhooks', 'unavailable'],
      ] as const) {
        const answer = await ask(method, path, method === 'POST' ? { json: {} } : {});
        expectProblem(answer, { status: 503, code });
        expect(answer.headers.get('retry-after')).toBe('1');
      }
      expect((await ask('GET', '/health')).status).toBe(200);
    } finally {
      base = there;
      await lonely.close(Date.now() + 1_000);
    }
  });
});

describe('the gateway itself', () => {
  test('tells its health and metrics, by route templates', async () => {
    await ask('GET', `/api/v1/webhooks/wh_${'0'.repeat(32)}`);
    await ask('GET', '/nothing/here');
    expect((await ask('GET', '/health')).body).toMatchObject({ status: 'ok', ready: true });
    const text = String((await ask('GET', '/metrics')).body['text']);
    expect(text).toMatch(/webhook_http_requests_total\{method="GET",route="\/api\/v1\/webhooks\/\{id\}",status="404"/);
    expect(text).toMatch(/webhook_http_requests_total\{method="GET",route="other",status="404"/);
    expect(text).not.toContain('nothing/here');
  });

  test('names no technology and forbids guessing', async () => {
    const { headers } = await ask('GET', '/nothing');
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('serves what it was given besides', async () => {
    expect((await ask('GET', '/_receiver/ok?x=1')).body['text']).toBe('extra /_receiver/ok?x=1');
    expectProblem(await ask('GET', '/_receivers'), { status: 404, code: 'unknown_route' });
  });

  test('finishes what is in flight when it closes, and takes nothing new', async () => {
    const closing = startGateway();
    await closing.start();
    const url = `http://127.0.0.1:${closing.port()}`;
    ingestion.answer = (response) => void delay(300).then(() => accepted(response));
    const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' };
    const inFlight = fetch(`${url}/api/v1/events`, { method: 'POST', headers, body: '{}' });
    while (ingestion.seen.length === 0) await delay(5);
    const closed = closing.close(Date.now() + 5_000);
    expect((await inFlight).status).toBe(202);
    await closed;
    await expect(fetch(`${url}/health`)).rejects.toThrow();
  });
});
