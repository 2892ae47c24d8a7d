import { WebhookService } from '@hookline/contracts/grpc';
import { SCOPES, type Scope } from '@hookline/domain';
import { createTokens } from '@hookline/service-kit';
import { createTempDir, eventually, nextFreePort, type TempDir } from '@hookline/testkit';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readSettings } from '../../apps/standalone/src/config.ts';
import { startPlatform, type Platform } from '../../apps/standalone/src/platform.ts';
import { createRoutes as createGatewayRoutes } from '../../services/gateway/src/routes/all.ts';
import { ROUTES as INGESTION_ROUTES } from '../../services/ingestion/src/http.ts';
import { createRoutes as createObservabilityRoutes } from '../../services/observability/src/routes/all.ts';
import { createGrpcCaller, GRPC_METHODS, type GrpcCaller } from './grpc-methods.ts';

/* Walks every route of every service, as the services' own tables have them, and every method of gRPC: with each scope, and with what is another tenant's. */

type Access = 'public' | 'token' | Scope;

interface Walked {
  service: 'gateway' | 'observability' | 'ingestion';
  method: string;
  path: string;
  access: Access;
  /** One that the route takes, as far as it is known. */
  example: unknown;
}

// Described only: nothing is asked of what they would call.
const GATEWAY = createGatewayRoutes({} as never).all.map(({ method, path, access, doc }): Walked => {
  const example = doc.body?.content['application/json']?.example;
  return { service: 'gateway', method, path, access, example };
});
const OBSERVABILITY = createObservabilityRoutes({} as never).map(({ method, path, scope }): Walked => ({
  service: 'observability',
  method,
  path,
  access: scope,
  example: undefined,
}));
const INGESTION = [...INGESTION_ROUTES].map(([path, { door }]): Walked => {
  const access = door === 'public' ? 'public' : 'events:publish';
  return { service: 'ingestion', method: 'POST', path, access, example: undefined };
});
const ALL = [...GATEWAY, ...OBSERVABILITY, ...INGESTION];

/** What anybody may ask. A route that is added here is one that somebody thought about. */
const PUBLIC = [
  'gateway GET /.well-known/jwks.json',
  'gateway GET /api/v1/health',
  'gateway GET /api/v1/webhooks/{id}/jwks.json',
  'gateway POST /api/v1/auth/refresh',
  'gateway POST /auth/login',
  'gateway POST /auth/portal',
  'gateway POST /auth/refresh',
  'gateway POST /oauth/token',
  'ingestion POST /events',
  'ingestion POST /events:batch',
];
/** Of the gateway itself, and its document: they tell nothing of any tenant. */
const OPERATIONS = /^gateway GET \/(health|metrics|docs|openapi)/;

const SECRET = 'Q7!kd92-mzPq0wLx5vBn3sTy8uRe1aGh';
const MARK = 'seen-by-its-owner-only';
const STREAM_READ_MS = 500;
const MINE = 'default';
const STRANGER = 'stranger';

let folder: TempDir;
let platform: Platform;
let bases: Record<Walked['service'], string>;
let grpc: GrpcCaller;
/** What `{id}` stands for, by the collection that it is in. */
const ids: Record<string, string> = {};

const tokens = createTokens(SECRET, 3_600_000);
const tokenOf = (tenant: string, scopes: readonly string[]) =>
  tokens.issue({ tenant, subject: `usr_of_${tenant}`, scopes }).token;
const nameOf = ({ service, method, path }: Walked) => `${service} ${method} ${path}`;

beforeAll(async () => {
  folder = await createTempDir('scopes');
  const observabilityPort = await nextFreePort(21_000 + Math.floor(Math.random() * 5_000));
  const free = ['GATEWAY', 'GATEWAY_GRPC', 'REGISTRY', 'REGISTRY_GRPC', 'INGESTION', 'DISPATCHER', 'RETRY_MANAGER'];
  const env = {
    ...Object.fromEntries(free.map((name) => [`${name}_PORT`, '0'])),
    OBSERVABILITY_PORT: String(observabilityPort),
    HOOKLINE_DATA: folder.path,
    SECURITY_JWT_SECRET: SECRET,
    GATEWAY_TOKENLESS_DIALECTS: 'false',
    GATEWAY_ANONYMOUS_PER_MINUTE: '1000000',
    INGESTION_ANONYMOUS_PER_MINUTE: '1000000',
    LOG_LEVEL: 'silent',
  };
  platform = await startPlatform(readSettings({ env }), (error) => {
    throw error;
  });
  bases = {
    gateway: `http://127.0.0.1:${platform.gatewayPort}`,
    observability: `http://127.0.0.1:${observabilityPort}`,
    ingestion: `http://127.0.0.1:${platform.ingestionPort}`,
  };
  grpc = createGrpcCaller(`127.0.0.1:${platform.grpcPort}`);
  await own('POST', '/api/v1/tenants', { id: STRANGER });
  await makeEverything();
}, 120_000);
afterAll(async () => {
  grpc?.close();
  await platform?.close(Date.now() + 5_000);
  await folder?.remove();
});

interface Asked {
  status: number;
  code: unknown;
  text: string;
}

async function ask(url: string, method: string, token: string | null, body?: unknown): Promise<Asked> {
  const headers: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` };
  if (body !== undefined) headers['content-type'] = 'application/json';
  const response = await fetch(url, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  const text = await textOf(response);
  let code: unknown;
  try {
    ({ code } = JSON.parse(text) as { code?: unknown });
  } catch {
    code = undefined;
  }
  return { status: response.status, code, text };
}

/** Of a stream that doesn't end: what comes at once. */
async function textOf(response: Response): Promise<string> {
  if (response.headers.get('content-type')?.startsWith('text/event-stream') !== true) return response.text();
  const reader = response.body!.getReader();
  const late = setTimeout(() => void reader.cancel(), STREAM_READ_MS);
  let text = '';
  for (let read = await reader.read(); !read.done; read = await reader.read())
    text += Buffer.from(read.value).toString();
  clearTimeout(late);
  return text;
}

async function own(method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
  const answer = await ask(bases.gateway + path, method, tokenOf(MINE, SCOPES), body);
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
  return JSON.parse(answer.text) as Record<string, unknown>;
}

/** One of each of what a tenant can have, all of it with the mark. */
async function makeEverything(): Promise<void> {
  const url = `${bases.gateway}/_receiver/fail`;
  const webhook = { url, event_types: ['order.*', 'walked.*'], description: MARK, max_retries: 0 };
  ids['webhooks'] = String((await own('POST', '/api/v1/webhooks', webhook))['id']);
  ids['event-types'] = 'type.of-default';
  await own('POST', '/api/v1/event-types', { name: ids['event-types'], description: MARK });
  const event = { id: 'order-of-default', type: 'order.created', source: 'shop', data: { mark: MARK } };
  await own('POST', '/api/v1/events', event);
  ids['events'] = event.id;
  await eventually(
    async () => {
      const { data } = (await own('GET', '/api/v1/dead-letters')) as { data: { id?: string; delivery_id?: string }[] };
      expect(data).toHaveLength(1);
      ids['deliveries'] = ids['dead-letters'] = String(data[0]?.delivery_id ?? data[0]?.id);
    },
    { timeoutMs: 60_000 },
  );
  const recovery = { since: '2026-01-01T00:00:00Z', until: '2026-01-02T00:00:00Z', type: MARK };
  ids['recoveries'] = String((await own('POST', '/api/v1/recoveries', recovery))['id']);
  await eventually(
    async () => {
      expect(JSON.stringify(await own('GET', `/api/v1/recoveries/${String(ids['recoveries'])}`))).toContain(
        '"completed"',
      );
    },
    { timeoutMs: 60_000 },
  );
  ids['api-keys'] = String((await own('POST', '/api/v1/api-keys', { name: MARK, scopes: ['keys:read'] }))['id']);
}

/** An id that nothing has: what is asked with a scope that is enough does no harm. */
const at = ({ service, path }: Walked, id = 'nothing') => bases[service] + path.replace('{id}', encodeURIComponent(id));

const guarded = ALL.filter(({ access }) => access !== 'public');
const scoped = guarded.filter(({ access }) => access !== 'token');

test('nobody may ask without a token but where that was meant', () => {
  const open = ALL.filter(({ access }) => access === 'public').map(nameOf);
  expect(open.filter((name) => !OPERATIONS.test(name)).toSorted()).toEqual(PUBLIC);
});

test('whatever observability and ingestion answer to a token asks for the scope that the gateway asks for', () => {
  const atGateway = new Map(GATEWAY.map((route) => [`${route.method} ${route.path}`, route.access]));
  for (const { method, path, access } of [...OBSERVABILITY, ...INGESTION]) {
    if (access !== 'public') expect([path, atGateway.get(`${method} ${path}`)]).toEqual([path, access]);
  }
});

const forged = createTokens('another secret that is long enough', 60_000);
/** None, another's, and no key. */
const NO_TOKENS = [
  null,
  forged.issue({ tenant: MINE, subject: 'usr_x', scopes: SCOPES }).token,
  `hl_${'x'.repeat(43)}`,
] as const;

describe.each(guarded.map((route) => [nameOf(route), route] as const))('%s', (_name, route) => {
  test('is for nobody without a token, or with a forged one', async () => {
    for (const token of NO_TOKENS) {
      const answer = await ask(at(route), route.method, token, route.method === 'GET' ? undefined : {});
      expect([answer.status, answer.code]).toEqual([401, 'unauthenticated']);
    }
  });
});

describe.each(scoped.map((route) => [nameOf(route), route] as const))('%s', (_name, route) => {
  const others = SCOPES.filter((scope) => scope !== route.access);

  test.each([...others.map((scope) => [scope]), others])('is not open to %s', async (...held) => {
    const token = tokenOf(STRANGER, held);
    const answer = await ask(at(route), route.method, token, route.method === 'GET' ? undefined : {});
    expect([answer.status, answer.code]).toEqual([403, 'missing_scope']);
  });

  // Some ask besides for the scopes of what they would give.
  test('is open to its own scope', async () => {
    const token = tokenOf(STRANGER, [route.access]);
    const answer = await ask(at(route), route.method, token, route.method === 'GET' ? undefined : {});
    expect([401, 403]).not.toContain(answer.code === 'scope_not_held' ? null : answer.status);
    expect(answer.status).toBeLessThan(500);
  });
});

test('every method of the gRPC API is walked', () => {
  expect(Object.keys(GRPC_METHODS).toSorted()).toEqual(Object.keys(WebhookService.service).toSorted());
});

describe.each(Object.entries(GRPC_METHODS))('gRPC %s', (method, { scope }) => {
  const others = SCOPES.filter((each) => each !== scope);

  test('is for nobody without a token, or with a forged one', async () => {
    for (const token of NO_TOKENS) {
      expect(await grpc.call(method, {}, token)).toMatchObject({ code: 'UNAUTHENTICATED', text: '' });
    }
  });

  test.each([...others.map((each) => [each]), others])('is not open to %s', async (...held) => {
    const outcome = await grpc.call(method, {}, tokenOf(STRANGER, held));
    expect(outcome).toMatchObject({ code: 'PERMISSION_DENIED', details: `The token lacks the scope ${scope}.` });
  });

  test('is open to its own scope', async () => {
    const { code } = await grpc.call(method, {}, tokenOf(STRANGER, [scope]));
    expect(['OK', 'INVALID_ARGUMENT', 'NOT_FOUND']).toContain(code);
  });
});

describe('what is another tenant’s', () => {
  /** Administrators see all tenants: that is what the scope says. */
  const ofTenants = scoped.filter(({ access }) => access !== 'tenants:admin');
  /** What other systems call them. */
  const CALLED: Record<string, string> = {
    subscribers: 'webhooks',
    subscriptions: 'webhooks',
    ingest: 'webhooks',
    status: 'events',
  };
  const collectionOf = ({ path }: Walked) => {
    const name = /^\/(?:api\/v1\/)?([^/:]+)\/\{id\}/.exec(path)?.[1];
    return CALLED[name ?? ''] ?? name;
  };
  const single = ofTenants.filter(({ path }) => path.includes('{id}'));
  const stranger = tokenOf(
    STRANGER,
    SCOPES.filter((scope) => scope !== 'tenants:admin'),
  );

  /** All that its owner sees of it. */
  async function picture(): Promise<string[]> {
    const pages = ['webhooks', 'event-types', 'events', 'dead-letters', 'recoveries', 'api-keys'];
    const lists = pages.map((name) => own('GET', `/api/v1/${name}`));
    const items = ['deliveries', 'webhooks'].map((name) => own('GET', `/api/v1/${name}/${String(ids[name])}`));
    return (await Promise.all([...lists, ...items])).map((body) => JSON.stringify(body));
  }

  test('of every kind is here', () => {
    const kinds = new Set(single.map(collectionOf));
    expect(kinds).toEqual(new Set(Object.keys(ids)));
    expect(Object.values(ids)).not.toContain('undefined');
  });

  test('is neither seen nor touched by its id, nor listed', async () => {
    const before = await picture();
    expect(before.join()).toContain(MARK);
    for (const route of ofTenants) {
      const id = ids[collectionOf(route) ?? ''];
      for (const body of route.method === 'GET' ? [undefined] : [{}, route.example ?? {}]) {
        const answer = await ask(at(route, id), route.method, stranger, body);
        const name = nameOf(route);
        expect([name, answer.text.includes(MARK)]).toEqual([name, false]);
        // Observability knows of a webhook's deliveries only: of none there are none.
        const isSingle =
          route.path.includes('{id}') && !(route.service === 'observability' && route.path.includes('webhooks'));
        if (isSingle && route.method === 'GET') expect([name, answer.status]).toEqual([name, 404]);
      }
    }
    expect(await picture()).toEqual(before);
  }, 60_000);

  test('is neither seen nor touched by gRPC', async () => {
    const before = await picture();
    for (const [method, { aimed }] of Object.entries(GRPC_METHODS)) {
      for (const [request, code] of aimed(ids)) {
        const outcome = await grpc.call(method, request, stranger);
        expect([method, request, outcome]).toEqual([method, request, expect.objectContaining({ code })]);
        expect([method, outcome.text.includes(MARK)]).toEqual([method, false]);
        expect([method, outcome.text.includes(String(ids['webhooks']))]).toEqual([method, false]);
        // An id is its tenant's: no event of another one is repeated, none of its webhooks is triggered.
        if (method === 'PushEvent') expect(outcome.text).toMatch(/"duplicate":false.*"webhooksTriggered":0/);
      }
    }
    expect(await picture()).toEqual(before);
  }, 60_000);
});
