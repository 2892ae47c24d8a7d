import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openGatewayScene, tokenOf, type Answer, type GatewayScene } from './testing/scene.ts';

let scene: GatewayScene;
beforeAll(async () => {
  scene = await openGatewayScene();
}, 60_000);
afterAll(() => scene?.stop());

const ALL = '/api/v1/webhooks';
const WEBHOOK = { url: 'https://example.com/hook', event_types: ['order.*'] };
const pointers = ({ body }: Answer) => body.errors?.map(({ pointer }) => pointer);

async function create(more: object = {}): Promise<{ path: string; etag: string; body: Answer['body'] }> {
  const { status, headers, body } = await scene.ask('POST', ALL, { json: { ...WEBHOOK, ...more } });
  expect([status, body]).toEqual([201, body]);
  return { path: `${ALL}/${String(body['id'])}`, etag: headers.get('etag') ?? '', body };
}

const EVERYTHING = {
  uid: 'customer-42.orders',
  filter: { 'data.total': { $gte: 100 }, $not: { source: 'test' } },
  headers: { 'x-shop': '1' },
  authorization: {
    type: 'oauth2',
    token_url: 'https://example.com/t',
    client_id: 'c',
    client_secret: 's',
    scope: 'a b',
  },
  policy: 'standard',
  retry_schedule: ['5s', '30s', '2m'],
  max_retries: 3,
  max_age: '2d',
  ttl: '1h',
  timeout: '2500ms',
  rate_limit: { limit: 10, window: '1s' },
  max_in_flight: 4,
  ordering: 'key',
  ordering_key: 'subject',
  payload: 'cloudevent',
  compression: 'zstd',
  signatures: ['standard', 'ed25519'],
  description: 'Orders',
  metadata: { team: 'blue', 'a.b/c': '' },
  status: 'paused',
};

const DEFAULTS = {
  uid: null,
  filter: null,
  headers: {},
  authorization: null,
  client_certificate: null,
  ca_bundle: null,
  policy: 'quick',
  retry_schedule: null,
  max_retries: null,
  max_age: null,
  ttl: null,
  timeout: null,
  rate_limit: null,
  max_in_flight: null,
  ordering: 'none',
  ordering_key: null,
  payload: 'event',
  compression: null,
  signatures: ['standard'],
  description: null,
  metadata: {},
  status: 'enabled',
};

describe('settings', () => {
  test('are answered as they were sent, with secrets hidden', async () => {
    const { path, body } = await create(EVERYTHING);
    const shown = {
      ...JSON.parse(JSON.stringify({ ...WEBHOOK, ...EVERYTHING })),
      authorization: { ...EVERYTHING.authorization, client_secret: '***' },
    } as object;
    expect(body).toMatchObject(shown);
    expect((await scene.ask('GET', path)).body).toMatchObject(shown);
    expect(JSON.stringify(await scene.ask('GET', ALL))).not.toContain('client_secret":"s"');
    await scene.ask('DELETE', path);
  });

  test('have their defaults where they are absent, null or replaced without them', async () => {
    const { body } = await create();
    expect(body).toMatchObject(DEFAULTS);
    const nulls = Object.fromEntries(Object.keys(DEFAULTS).map((name) => [name, null]));
    expect((await create(nulls)).body).toMatchObject(DEFAULTS);
    const { path } = await create(EVERYTHING);
    const replaced = await scene.ask('PUT', path, { json: WEBHOOK });
    // A webhook keeps the name that paths may have: only null takes it away.
    expect(replaced.body).toMatchObject({ ...DEFAULTS, uid: EVERYTHING.uid });
    expect((await scene.ask('PUT', path, { json: { ...WEBHOOK, uid: null } })).body).toMatchObject(DEFAULTS);
    await scene.ask('DELETE', path);
  });

  test('that are hidden stay when they come back so', async () => {
    const authorization = { type: 'basic', username: 'u', password: 'secret' };
    const { path, body } = await create({ authorization });
    expect(body['authorization']).toEqual({ ...authorization, password: '***' });
    const before = await sealedCredentials(path);
    const { status } = await scene.ask('PUT', path, {
      json: { ...WEBHOOK, authorization: { ...authorization, password: '***' } },
    });
    expect(status).toBe(200);
    expect(await sealedCredentials(path)).not.toBe(before);
    const bearer = await scene.ask('PUT', path, {
      json: { ...WEBHOOK, authorization: { type: 'bearer', token: '***' } },
    });
    expect([bearer.status, pointers(bearer)]).toEqual([400, ['/authorization/token']]);
  });

  async function sealedCredentials(path: string): Promise<string | null> {
    const { rows } = await scene.database.query<{ sealed: string | null }>(
      'SELECT sealed_credentials AS sealed FROM webhooks WHERE id = $1',
      [path.split('/').at(-1) ?? ''],
    );
    return rows[0]?.sealed ?? null;
  }

  test.each<[object, string[]]>([
    [{ filter: [] }, ['/filter']],
    [{ filter: 'x' }, ['/filter']],
    [{ filter: {} }, ['/filter']],
    [{ filter: { data: { total: { $gte: {} } } } }, ['/filter/data/total/$gte']],
    [{ filter: { id: 1 }, max_retries: 101, uid: 'wh_x' }, ['/uid', '/filter/id', '/max_retries']],
    [{ retry_schedule: [] }, ['/retry_schedule']],
    [{ retry_schedule: ['5s', '5', 5] }, ['/retry_schedule/1', '/retry_schedule/2']],
    [{ retry_schedule: ['8d'] }, ['/retry_schedule/0']],
    [{ max_retries: -1 }, ['/max_retries']],
    [{ max_retries: 1.5 }, ['/max_retries']],
    [{ max_retries: 1e12 }, ['/max_retries']],
    [{ max_age: '0s', ttl: '31d', timeout: '1ms' }, ['/max_age', '/ttl', '/timeout']],
    [{ timeout: 30 }, ['/timeout']],
    [{ timeout: 'PT30S' }, ['/timeout']],
    [{ rate_limit: { limit: 0, window: '100ms' } }, ['/rate_limit/limit', '/rate_limit/window']],
    [{ rate_limit: { limit: 1 } }, ['/rate_limit/window']],
    [{ rate_limit: 10 }, ['/rate_limit']],
    [{ max_in_flight: 0 }, ['/max_in_flight']],
    [{ ordering: 'strict' }, ['/ordering']],
    [{ ordering: 'key', ordering_key: 'tenant' }, ['/ordering_key']],
    [{ ordering_key: 'subject' }, ['/ordering_key']],
    [{ payload: 'xml', compression: 'br' }, ['/payload', '/compression']],
    [{ signatures: [] }, ['/signatures']],
    [{ signatures: ['standard', 'md5', 'standard'] }, ['/signatures/1', '/signatures/2']],
    [{ ca_bundle: 'x' }, ['/ca_bundle']],
    [
      { client_certificate: { certificate: 'x', private_key: 'y' } },
      ['/client_certificate/certificate', '/client_certificate/private_key'],
    ],
    [{ client_certificate: { certificate: 'x' } }, ['/client_certificate/private_key']],
    [{ authorization: { type: 'digest' } }, ['/authorization/type']],
    [
      { authorization: { type: 'basic', username: 'a:b', password: '' } },
      ['/authorization/username', '/authorization/password'],
    ],
    [{ authorization: { type: 'bearer', token: 'a\nb' } }, ['/authorization/token']],
    [
      {
        authorization: { type: 'oauth2', token_url: 'http://10.0.0.1/', client_id: '', client_secret: 'ü', scope: ' ' },
      },
      ['/authorization/token_url', '/authorization/client_id', '/authorization/client_secret', '/authorization/scope'],
    ],
    [{ authorization: { type: 'bearer', token: 'x' }, headers: { Authorization: 'x' } }, ['/authorization']],
    [{ metadata: { a: 1 } }, ['/metadata/a']],
    [{ metadata: { '': 'x', b: 'x'.repeat(1_025), 'c/d': '\0' } }, ['/metadata/', '/metadata/b', '/metadata/c~1d']],
    [{ uid: 'a b' }, ['/uid']],
    [{ uid: '..' }, ['/uid']],
    [{ uid: 'x'.repeat(129) }, ['/uid']],
    [{ unknown: 1, rate_limit: { limit: 1, window: '1s', burst: 2 } }, ['/rate_limit/burst', '/unknown']],
  ])('%j is refused at %j', async (more, expected) => {
    const answer = await scene.ask('POST', ALL, { json: { ...WEBHOOK, ...more } });
    expect([answer.status, answer.body['code']]).toEqual([400, 'invalid_input']);
    expect(pointers(answer)?.toSorted()).toEqual(expected.toSorted());
  });

  test.each(['{"a":'.repeat(5_000), '['.repeat(500_000)])('a body that is very deep is refused: %.10s', async (raw) => {
    const answer = await scene.ask('POST', ALL, { raw });
    expect([answer.status, answer.body['code']]).toEqual([400, 'invalid_json']);
  });
});

test('a list of webhooks however large has pages that hold each once', async () => {
  const headers = Object.fromEntries(Array.from({ length: 32 }, (_, n) => [`x-large-${n}`, 'x'.repeat(4_096)]));
  const made: string[] = [];
  for (let n = 0; n < 40; n++) made.push((await create({ headers })).path);
  const seen: string[] = [];
  let [pages, cursor]: [number, string | null] = [0, ''];
  while (cursor !== null) {
    const { status, body } = await scene.ask('GET', `${ALL}?limit=200${cursor === '' ? '' : `&cursor=${cursor}`}`);
    expect(status).toBe(200);
    seen.push(...(body['data'] as { id: string }[]).map(({ id }) => `${ALL}/${id}`));
    pages++;
    cursor = body['next_cursor'] as string | null;
  }
  expect(pages).toBe(2);
  expect(new Set(seen).size).toBe(seen.length);
  expect(seen).toEqual(expect.arrayContaining(made));
  for (const path of made) await scene.ask('DELETE', path);
}, 30_000);

describe('a patch', () => {
  const patch = (path: string, json: unknown, headers: Record<string, string> = {}) =>
    scene.ask('PATCH', path, { json, headers: { 'content-type': 'application/merge-patch+json', ...headers } });

  test('changes what it names, and resets what it sets to null', async () => {
    const { path, body: before } = await create(EVERYTHING);
    const { status, headers, body } = await patch(path, {
      description: 'New',
      metadata: { team: null, region: 'eu' },
      rate_limit: { limit: 20 },
      filter: { 'data.total': { $lt: 500 }, $not: null },
      retry_schedule: null,
      authorization: null,
      status: null,
      ordering: 'none',
      ordering_key: null,
    });
    expect([status, body]).toEqual([
      200,
      {
        ...before,
        secret: undefined,
        description: 'New',
        metadata: { 'a.b/c': '', region: 'eu' },
        rate_limit: { limit: 20, window: '1s' },
        filter: { 'data.total': { $gte: 100, $lt: 500 } },
        retry_schedule: null,
        authorization: null,
        status: 'enabled',
        ordering: 'none',
        ordering_key: null,
        updated_at: body['updated_at'],
      },
    ]);
    expect(headers.get('etag')).toMatch(/^"\d+"$/);
    expect((await patch(path, { uid: null })).body['uid']).toBeNull();
    await scene.ask('DELETE', path);
  });

  test.each(['none', null])('that makes the ordering %j needs no word on its key', async (ordering) => {
    const { path } = await create({ ordering: 'key', ordering_key: 'subject' });
    const { status, body } = await patch(path, { ordering });
    expect([status, body]).toMatchObject([200, { ordering: 'none', ordering_key: null }]);
    const answer = await patch(path, { ordering, ordering_key: 'subject' });
    expect([answer.status, pointers(answer)]).toEqual([400, ['/ordering_key']]);
  });

  test('keeps what is secret', async () => {
    const { path } = await create({ headers: { 'x-api-key': 'k' }, authorization: { type: 'bearer', token: 't' } });
    const { body } = await patch(path, { headers: { 'x-other': '1' } });
    expect(body).toMatchObject({ headers: { 'x-api-key': '***', 'x-other': '1' } });
    expect(body['authorization']).toEqual({ type: 'bearer', token: '***' });
  });

  test('takes nothing secret along to another origin, unless it is given again or removed', async () => {
    const { path } = await create({ headers: { 'x-api-key': 'k' }, authorization: { type: 'bearer', token: 't' } });
    const url = 'https://elsewhere.example.com/hook';
    const refused = await patch(path, { url });
    expect([refused.status, pointers(refused)]).toEqual([400, ['/headers/x-api-key', '/authorization/token']]);
    const given = await patch(path, { url, headers: { 'x-api-key': 'k' }, authorization: null });
    expect([given.status, given.body['url']]).toEqual([200, url]);
  });

  test.each<[unknown, string[]]>([
    [[], ['']],
    [null, ['']],
    [{ url: null }, ['/url']],
    [{ id: 'wh_1' }, ['/id']],
    [{ filter: { data: { $in: 1 } } }, ['/filter/data/$in']],
    [{ timeout: '1ms' }, ['/timeout']],
  ])('%j is refused at %j', async (json, expected) => {
    const { path } = await create();
    const answer = await patch(path, json);
    expect([answer.status, pointers(answer)]).toEqual([400, expected]);
  });

  test('of several at once loses none', async () => {
    const { path } = await create();
    const names = ['a', 'b', 'c', 'd'];
    const answers = await Promise.all(names.map((name) => patch(path, { metadata: { [name]: '1' } })));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect((await scene.ask('GET', path)).body['metadata']).toEqual({ a: '1', b: '1', c: '1', d: '1' });
  });
});

describe('a version', () => {
  test('is asked for by If-Match, in every change', async () => {
    const { path, etag } = await create();
    const stale = { headers: { 'if-match': '"0"' } };
    const changes: [string, string, unknown?][] = [
      ['PUT', path, WEBHOOK],
      ['PATCH', path, { description: 'x' }],
      ['POST', `${path}/pause`],
      ['DELETE', path],
    ];
    for (const [method, target, json] of changes) {
      const answer = await scene.ask(method, target, { ...stale, ...(json === undefined ? {} : { json }) });
      expect([method, answer.status, answer.body['code']]).toEqual([method, 412, 'precondition_failed']);
    }
    const patched = await scene.ask('PATCH', path, { json: { description: 'x' }, headers: { 'if-match': etag } });
    expect(patched.status).toBe(200);
    const next = patched.headers.get('etag') ?? '';
    expect(next).not.toBe(etag);
    expect((await scene.ask('DELETE', path, { headers: { 'if-match': `"0", ${next}` } })).status).toBe(204);
    expect((await scene.ask('PUT', path, { json: WEBHOOK, headers: { 'if-match': '*' } })).status).toBe(404);
  });

  test('that the client has is not sent again', async () => {
    const { path, etag } = await create();
    const known = await scene.ask('GET', path, { headers: { 'if-none-match': etag } });
    expect([known.status, known.body, known.headers.get('etag')]).toEqual([304, { text: '' }, etag]);
    expect((await scene.ask('GET', path, { headers: { 'if-none-match': '"0"' } })).status).toBe(200);
  });
});

describe('a uid', () => {
  test('stands for the id wherever a path has one, for its tenant only', async () => {
    const { path, body } = await create({ uid: 'mine' });
    const byUid = `${ALL}/mine`;
    expect((await scene.ask('GET', byUid)).body['id']).toBe(body['id']);
    expect((await scene.ask('GET', byUid, { token: tokenOf('other') })).status).toBe(404);
    expect((await scene.ask('POST', `${byUid}/pause`)).body).toMatchObject({ uid: 'mine', status: 'paused' });
    expect((await scene.ask('PATCH', byUid, { json: { uid: 'yours' } })).body['uid']).toBe('yours');
    expect((await scene.ask('GET', byUid)).status).toBe(404);
    expect((await scene.ask('GET', `${ALL}/yours/secret`)).body['secret']).toMatch(/^whsec_/);
    expect((await scene.ask('DELETE', `${ALL}/yours`)).status).toBe(204);
    expect((await scene.ask('GET', path)).status).toBe(404);
  });

  test('is nobody else’s within the tenant', async () => {
    await create({ uid: 'taken' });
    const second = await scene.ask('POST', ALL, { json: { ...WEBHOOK, uid: 'taken' } });
    expect([second.status, second.body['code'], pointers(second)]).toEqual([409, 'uid_taken', ['/uid']]);
    const { path } = await create();
    expect((await scene.ask('PATCH', path, { json: { uid: 'taken' } })).body['code']).toBe('uid_taken');
    const foreign = await scene.ask('POST', ALL, { json: { ...WEBHOOK, uid: 'taken' }, token: tokenOf('other') });
    expect(foreign.status).toBe(201);
    const both = await Promise.all([1, 2].map(() => scene.ask('POST', ALL, { json: { ...WEBHOOK, uid: 'race' } })));
    expect(new Set(both.map(({ status }) => status))).toEqual(new Set([201, 409]));
  });
});

test('pausing, resuming, disabling and enabling', async () => {
  const { path } = await create();
  const after = async (action: string) => {
    const { status, body } = await scene.ask('POST', `${path}/${action}`);
    return status === 200 ? body['status'] : body['code'];
  };
  expect(await after('pause')).toBe('paused');
  expect(await after('pause')).toBe('paused');
  expect(await after('resume')).toBe('enabled');
  expect(await after('resume')).toBe('enabled');
  expect(await after('disable')).toBe('disabled');
  expect(await after('pause')).toBe('webhook_disabled');
  expect(await after('resume')).toBe('webhook_disabled');
  expect(await after('enable')).toBe('enabled');
  const reader = tokenOf('default', ['webhooks:read']);
  expect((await scene.ask('POST', `${path}/pause`, { token: reader })).status).toBe(403);
  expect((await scene.ask('POST', `${path}/pause`, { token: tokenOf('other') })).status).toBe(404);
  expect((await scene.ask('GET', `${path}/pause`)).status).toBe(405);
});
