import { eventually } from '@hookline/testkit';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { SCOPES } from '@hookline/domain';
import { openGatewayScene, tokenOf, type Answer, type GatewayScene } from './testing/scene.ts';

const ADMIN = { username: 'admin', password: 'correct horse' };
const KEY = { name: 'shop', scopes: ['webhooks:read', 'events:publish'] };
const EVERYTHING = [...SCOPES];

let scene: GatewayScene;
let admin: string;
beforeAll(async () => {
  scene = await openGatewayScene({
    GATEWAY_PORTAL_URL: 'https://portal.example.com/in',
    GATEWAY_ANONYMOUS_PER_MINUTE: '10000',
  });
  admin = String((await logIn()).body['token']);
}, 60_000);
afterAll(() => scene.stop());

const post = (path: string, json?: unknown, token: string | null = tokenOf('default', EVERYTHING)) =>
  scene.ask('POST', path, { ...(json === undefined ? {} : { json }), token });
const get = (path: string, token = tokenOf('default', EVERYTHING)) => scene.ask('GET', path, { token });
const logIn = (who: object = ADMIN) => post('/auth/login', who, null);
const listWith = async (token: string) => (await get('/api/v1/webhooks', token)).status;
const codeOf = ({ status, body }: Answer) => [status, body['code']];
/** Revocations reach whoever verifies within 5 s; a busy machine is slower. */
const soon = (check: () => Promise<void>) => eventually(check, { timeoutMs: 20_000 });

describe('API keys', () => {
  test('are shown once, and open what their scopes say', async () => {
    const created = await post('/api/v1/api-keys', KEY);
    expect(created.status).toBe(201);
    expect(created.headers.get('cache-control')).toBe('no-store');
    const { key, ...shown } = created.body;
    expect(key).toMatch(/^hl_[\w-]{43}$/);
    expect(shown).toMatchObject({ ...KEY, created_by: 'usr_x', expires_at: null, last_used_at: null });
    expect(created.headers.get('location')).toBe(`/api/v1/api-keys/${String(shown['id'])}`);
    expect(await listWith(String(key))).toBe(200);
    expect(codeOf(await post('/api/v1/webhooks', {}, String(key)))).toEqual([403, 'missing_scope']);
    const read = await get(`/api/v1/api-keys/${String(shown['id'])}`);
    expect(read.body).toEqual({ ...shown, last_used_at: expect.any(String) });
    expect((await get('/api/v1/api-keys')).body['data']).toContainEqual(read.body);
    const { rows } = await scene.database.query('SELECT * FROM api_key_secrets');
    expect(JSON.stringify(rows)).not.toContain(String(key).slice(3, -4));
  });

  test('are listed by pages, newest first', async () => {
    const ids = [];
    for (let i = 0; i < 3; i++) ids.unshift((await post('/api/v1/api-keys', KEY)).body['id']);
    const first = await get('/api/v1/api-keys?limit=2');
    expect((first.body['data'] as { id: string }[]).map(({ id }) => id)).toEqual(ids.slice(0, 2));
    const next = await get(`/api/v1/api-keys?limit=1&cursor=${String(first.body['next_cursor'])}`);
    expect((next.body['data'] as { id: string }[]).map(({ id }) => id)).toEqual(ids.slice(2));
  });

  test('that are rotated are accepted beside the old one, or at once instead of it', async () => {
    const { id, key: old } = (await post('/api/v1/api-keys', KEY)).body;
    const rotate = async (overlap: string) => (await post(`/api/v1/api-keys/${String(id)}/rotate`, { overlap })).body;
    const rotated = await rotate('1h');
    expect(rotated['secrets']).toMatchObject([{ expires_at: null }, { expires_at: expect.any(String) }]);
    for (const key of [old, rotated['key']]) expect(await listWith(String(key))).toBe(200);
    const { key: last } = await rotate('0s');
    expect(await listWith(String(last))).toBe(200);
    for (const key of [old, rotated['key']]) {
      await soon(async () => expect(await listWith(String(key))).toBe(401));
    }
  }, 60_000);

  test('that are rotated at once end the tokens of the old one, not those of the new one', async () => {
    const { id, key } = (await post('/api/v1/api-keys', KEY)).body;
    const tokenFor = async (secret: unknown) =>
      String((await clientToken({ client_id: String(id), client_secret: String(secret) })).body['access_token']);
    const old = await tokenFor(key);
    const rotated = (await post(`/api/v1/api-keys/${String(id)}/rotate`, { overlap: '0s' })).body;
    const next = await tokenFor(rotated['key']);
    await soon(async () => expect(codeOf(await get('/api/v1/webhooks', old))).toEqual([401, 'token_revoked']));
    expect(await listWith(next)).toBe(200);
  }, 60_000);

  test('that are revoked are refused soon, and so are the tokens that they were given', async () => {
    const { id, key } = (await post('/api/v1/api-keys', KEY)).body;
    const { body } = await clientToken({ client_id: String(id), client_secret: String(key) });
    const token = String(body['access_token']);
    for (const secret of [String(key), token]) expect(await listWith(secret)).toBe(200);
    expect((await scene.ask('DELETE', `/api/v1/api-keys/${String(id)}`, { token: admin })).status).toBe(204);
    await soon(async () => expect(await listWith(String(key))).toBe(401));
    await soon(async () => expect(codeOf(await get('/api/v1/webhooks', token))).toEqual([401, 'token_revoked']));
    expect(codeOf(await get(`/api/v1/api-keys/${String(id)}`))).toEqual([404, 'unknown_api_key']);
  }, 60_000);

  test('are listed and revoked by who made them, with those that these made', async () => {
    const maker = tokenOf('default', EVERYTHING, 'usr_leaving');
    const make = async (by: string) => (await post('/api/v1/api-keys', { ...KEY, scopes: EVERYTHING }, by)).body;
    const first = await make(maker);
    const second = await make(String(first['key']));
    const third = await make(String(second['key']));
    const others = await make(tokenOf('default', EVERYTHING, 'usr_staying'));
    const query = `created_by=${String(second['created_by'])}`;
    expect(query).toBe(`created_by=${String(first['id'])}`);
    const { data } = (await get(`/api/v1/api-keys?${query}`)).body as unknown as { data: { id: string }[] };
    expect(data.map(({ id }) => id)).toEqual([second['id']]);

    const revoke = (asked: string, token = tokenOf('default', EVERYTHING)) =>
      scene.ask('DELETE', `/api/v1/api-keys${asked}`, { token });
    expect((await revoke('?created_by=usr_leaving', tokenOf('other', EVERYTHING))).body).toEqual({ revoked: 0 });
    expect((await revoke('?created_by=usr_leaving')).body).toEqual({ revoked: 3 });
    expect((await revoke('?created_by=usr_leaving')).body).toEqual({ revoked: 0 });
    for (const { id } of [first, second, third]) {
      expect(codeOf(await get(`/api/v1/api-keys/${String(id)}`))).toEqual([404, 'unknown_api_key']);
    }
    // Though it may still be let in, it makes nothing that lasts.
    const late = await post('/api/v1/api-keys', KEY, String(third['key']));
    expect(late.status).toBe(401);
    for (const { key } of [first, second, third]) await soon(async () => expect(await listWith(String(key))).toBe(401));
    expect(await listWith(String(others['key']))).toBe(200);
    for (const asked of ['', '?created_by=', '?created_by=%00', '?created_by=a&created_by=b']) {
      expect([asked, ...codeOf(await revoke(asked))]).toEqual([asked, 400, 'invalid_input']);
    }
    const { rows } = await scene.database.query(
      `SELECT actor, before FROM audit_log WHERE action = 'api_key.delete' AND target_id = $1`,
      [String(second['id'])],
    );
    expect(rows).toMatchObject([{ actor: 'usr_x', before: { created_by: first['id'] } }]);
  }, 60_000);

  test('that were revoked, and sessions that have ended, are let in for a moment, but make and learn nothing that lasts', async () => {
    const { id: other } = (await post('/api/v1/api-keys', { ...KEY, scopes: EVERYTHING })).body;
    const user = { tenant: 'default', username: 'late', password: 'a first password', scopes: ['webhooks:read'] };
    const { id: userId } = (await post('/api/v1/users', user, admin)).body;
    const { id, key } = (await post('/api/v1/api-keys', { ...KEY, scopes: EVERYTHING })).body;
    const { token } = (await logIn()).body;
    const { rows } = await scene.database.query<{ id: string }>('SELECT id FROM sessions ORDER BY id DESC LIMIT 1');
    for (const by of [key, token]) expect((await get('/api/v1/api-keys', String(by))).status).toBe(200);
    // As it is before anybody has heard of it.
    await scene.database.query('DELETE FROM api_keys WHERE id = $1', [String(id)]);
    await scene.database.query('DELETE FROM sessions WHERE id = $1', [rows[0]!.id]);
    const change = { json: { rate_limit: 5 } };
    for (const by of [String(key), String(token)]) {
      expect(codeOf(await post(`/api/v1/api-keys/${String(other)}/rotate`, {}, by))).toEqual([401, 'token_revoked']);
      const answers = [
        await post('/api/v1/api-keys', KEY, by),
        await scene.ask('PATCH', `/api/v1/api-keys/${String(other)}`, { ...change, token: by }),
        await post('/api/v1/users', { ...user, username: 'later' }, by),
        await scene.ask('PATCH', `/api/v1/users/${String(userId)}`, { json: { password: 'a second one' }, token: by }),
        await post('/api/v1/portal-links', undefined, by),
      ];
      expect(answers.map(codeOf)).toEqual(answers.map(() => [401, 'token_revoked']));
    }
  }, 60_000);

  test.each<[string, object, string[]]>([
    ['no name', { name: '' }, ['/name']],
    ['control characters', { name: 'a\u0000' }, ['/name']],
    ['no scopes', { scopes: [] }, ['/scopes']],
    ['unknown and repeated scopes', { scopes: ['all', 'webhooks:read', 'webhooks:read'] }, ['/scopes/0', '/scopes/2']],
    ['a time that has passed', { expires_at: '2020-01-01T00:00:00Z' }, ['/expires_at']],
    ['no time', { expires_at: 'tomorrow' }, ['/expires_at']],
  ])('with %s are refused', async (_what, more, pointers) => {
    const answer = await post('/api/v1/api-keys', { ...KEY, ...more });
    expect(codeOf(answer)).toEqual([400, 'invalid_input']);
    expect(answer.body.errors?.map(({ pointer }) => pointer)).toEqual(pointers);
  });

  test('can not do more than whoever makes or rotates them', async () => {
    const little = tokenOf('default', ['keys:write', 'webhooks:read']);
    const answer = await post('/api/v1/api-keys', KEY, little);
    expect(codeOf(answer)).toEqual([403, 'scope_not_held']);
    expect(answer.body.errors).toMatchObject([{ pointer: '/scopes/1' }]);
    const { id } = (await post('/api/v1/api-keys', KEY)).body;
    expect(codeOf(await post(`/api/v1/api-keys/${String(id)}/rotate`, {}, little))).toEqual([403, 'scope_not_held']);
  });

  test('and webhooks of a tenant that nobody has made are not made', async () => {
    const stranger = tokenOf('nobody', EVERYTHING);
    expect(codeOf(await post('/api/v1/api-keys', KEY, stranger))).toEqual([404, 'unknown_tenant']);
    const webhook = { url: 'https://example.com/hook', event_types: ['order.*'] };
    expect(codeOf(await post('/api/v1/webhooks', webhook, stranger))).toEqual([404, 'unknown_tenant']);
  });

  test('end when they expire', async () => {
    const expiresAt = new Date(Date.now() + 1_500).toISOString();
    const { key } = (await post('/api/v1/api-keys', { ...KEY, expires_at: expiresAt })).body;
    await soon(async () => expect(await listWith(String(key))).toBe(401));
  }, 30_000);
});

function clientToken(form: Record<string, string>, headers: Record<string, string> = {}): Promise<Answer> {
  return scene.ask('POST', '/oauth/token', {
    raw: new URLSearchParams({ grant_type: 'client_credentials', ...form }).toString(),
    token: null,
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
  });
}

describe('client credentials', () => {
  let id: string;
  let key: string;
  beforeAll(async () => {
    ({ id, key } = (await post('/api/v1/api-keys', KEY)).body as unknown as { id: string; key: string });
  });
  const basic = (user: string, password: string) => ({
    authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
  });

  test('give a token, by parameters or Basic, with all scopes or fewer', async () => {
    const whole = await clientToken({ client_id: id, client_secret: key });
    expect(whole.body).toEqual({
      access_token: expect.any(String),
      token_type: 'Bearer',
      expires_in: 3600,
      scope: KEY.scopes.join(' '),
    });
    expect(whole.headers.get('cache-control')).toBe('no-store');
    expect(await listWith(String(whole.body['access_token']))).toBe(200);
    const less = await clientToken({ scope: 'events:publish' }, basic(id, key));
    expect(less.body).toMatchObject({ scope: 'events:publish' });
    expect(await listWith(String(less.body['access_token']))).toBe(403);
  });

  test('are refused in the words of RFC 6749', async () => {
    const right = { client_id: id, client_secret: key };
    const cases: [Record<string, string>, Record<string, string>, number, string][] = [
      [{ ...right, client_secret: 'hl_wrong' }, {}, 401, 'invalid_client'],
      [{ ...right, client_id: 'key_0' }, {}, 401, 'invalid_client'],
      [{}, basic(id, `${key.slice(0, -1)}_`), 401, 'invalid_client'],
      [{ ...right, scope: 'tenants:admin' }, {}, 400, 'invalid_scope'],
      [{ ...right, grant_type: 'password' }, {}, 400, 'unsupported_grant_type'],
      [{ client_id: id }, {}, 400, 'invalid_request'],
      [right, basic(id, key), 400, 'invalid_request'],
      [right, { 'content-type': 'application/json' }, 400, 'invalid_request'],
    ];
    for (const [form, headers, status, error] of cases) {
      const answer = await clientToken(form, headers);
      expect([answer.status, answer.body['error']]).toEqual([status, error]);
      expect(answer.headers.get('content-type')).toBe('application/json');
      if (status === 401) expect(answer.headers.get('www-authenticate')).toMatch(/^Basic/);
    }
  });
});

describe('a session', () => {
  const refresh = (token: unknown, path = '/api/v1/auth/refresh') => post(path, { refresh_token: token }, null);

  test('goes on by its refresh token, each good for once', async () => {
    const first = (await logIn()).body;
    const second = await refresh(first['refresh_token']);
    expect(second.status).toBe(200);
    expect(await listWith(String(second.body['token']))).toBe(200);
    const third = await refresh(second.body['refresh_token'], '/auth/refresh');
    expect(third.status).toBe(200);
    expect(codeOf(await refresh('hlr_unknown'))).toEqual([401, 'refresh_refused']);
  });

  test('ends when an old refresh token comes again: whoever holds the newest one may be the thief', async () => {
    const first = (await logIn()).body;
    const second = (await refresh(first['refresh_token'])).body;
    expect(codeOf(await refresh(first['refresh_token']))).toEqual([401, 'refresh_reused']);
    expect(codeOf(await refresh(second['refresh_token']))).toEqual([401, 'refresh_refused']);
    await soon(async () =>
      expect(codeOf(await get('/api/v1/webhooks', String(second['token'])))).toEqual([401, 'token_revoked']),
    );
  }, 60_000);

  test('ends by logging out; others of the user go on', async () => {
    const [one, other] = [(await logIn()).body, (await logIn()).body];
    expect((await post('/api/v1/auth/logout', undefined, String(one['token']))).status).toBe(204);
    await soon(async () =>
      expect(codeOf(await get('/api/v1/webhooks', String(one['token'])))).toEqual([401, 'token_revoked']),
    );
    expect(codeOf(await refresh(one['refresh_token']))).toEqual([401, 'refresh_refused']);
    expect(await listWith(String(other['token']))).toBe(200);
  }, 60_000);

  test('ends when the user has opened a hundred more', async () => {
    const user = { tenant: 'default', username: 'many', password: 'a first password', scopes: ['webhooks:read'] };
    const { id } = (await post('/api/v1/users', user, admin)).body;
    const { token } = (await logIn(passwordOf(user))).body;
    await scene.database.query(
      `INSERT INTO sessions (id, tenant, user_id, created_at, expires_at)
       SELECT 'ses_f' || lpad(n::text, 31, '0'), 'default', $1, now(), now() + interval '1 day' FROM generate_series(1, 99) AS n`,
      [String(id)],
    );
    expect(await listWith(String(token))).toBe(200);
    expect((await logIn(passwordOf(user))).status).toBe(200);
    await soon(async () =>
      expect(codeOf(await get('/api/v1/webhooks', String(token)))).toEqual([401, 'token_revoked']),
    );
  }, 60_000);

  test('ends when the password is changed elsewhere', async () => {
    const user = { tenant: 'default', username: 'eve', password: 'a first password', scopes: ['webhooks:read'] };
    expect((await post('/api/v1/users', user, admin)).status).toBe(201);
    const [here, elsewhere] = [(await logIn(passwordOf(user))).body, (await logIn(passwordOf(user))).body];
    const change = { current_password: user.password, new_password: 'a second password' };
    expect((await post('/auth/password', change, String(here['token']))).status).toBe(204);
    await soon(async () => expect(await listWith(String(elsewhere['token']))).toBe(401));
    expect(await listWith(String(here['token']))).toBe(200);
  }, 60_000);
});

const passwordOf = ({ username, password }: { username: string; password: string }) => ({ username, password });

describe('tenants and users', () => {
  test('are made by an administrator; the user sees what is its tenant’s', async () => {
    expect((await post('/api/v1/tenants', { id: 'acme' }, admin)).body).toMatchObject({ id: 'acme' });
    expect(codeOf(await post('/api/v1/tenants', { id: 'acme' }, admin))).toEqual([409, 'tenant_taken']);
    expect(codeOf(await post('/api/v1/tenants', { id: 'A me' }, admin))).toEqual([400, 'invalid_input']);
    expect((await get('/api/v1/tenants/acme', admin)).status).toBe(200);
    expect(codeOf(await get('/api/v1/tenants/none', admin))).toEqual([404, 'unknown_tenant']);
    expect((await get('/api/v1/tenants', admin)).body['data']).toMatchObject([
      { id: 'acme' },
      { id: 'default' },
      { id: 'other' },
    ]);

    const bob = {
      tenant: 'acme',
      username: 'bob',
      password: 'a long password',
      scopes: ['webhooks:read', 'keys:write'],
    };
    const created = await post('/api/v1/users', bob, admin);
    expect(created.status).toBe(201);
    expect(created.body).toEqual({
      id: expect.stringMatching(/^usr_/),
      tenant: 'acme',
      username: 'bob',
      scopes: bob.scopes,
      created_at: expect.any(String),
    });
    const path = `/api/v1/users/${String(created.body['id'])}`;
    expect(codeOf(await post('/api/v1/users', bob, admin))).toEqual([409, 'username_taken']);
    expect((await get('/api/v1/users?tenant=acme', admin)).body['data']).toEqual([created.body]);
    const token = String((await logIn(passwordOf(bob))).body['token']);
    expect((await get('/api/v1/webhooks', token)).body).toEqual({ data: [], next_cursor: null });
    expect(codeOf(await get('/api/v1/users', token))).toEqual([403, 'missing_scope']);
    expect(codeOf(await post('/api/v1/portal-links', { tenant: 'default' }, token))).toEqual([403, 'missing_scope']);

    const changed = await scene.ask('PATCH', path, { token: admin, json: { scopes: ['keys:write'] } });
    expect(changed.body).toMatchObject({ scopes: ['keys:write'] });
    await soon(async () => expect(await listWith(token)).toBe(401));
    const again = String((await logIn(passwordOf(bob))).body['token']);
    expect(await listWith(again)).toBe(403);
    expect((await scene.ask('DELETE', path, { token: admin })).status).toBe(204);
    expect(codeOf(await logIn(passwordOf(bob)))).toEqual([401, 'wrong_credentials']);
    expect(codeOf(await get(path, admin))).toEqual([404, 'unknown_user']);
  }, 60_000);

  test.each([
    ['', 200],
    ['?api_keys=keep', 200],
    ['?api_keys=revoke', 401],
  ])(
    'a user that is deleted (%s) leaves its API keys to its tenant, or not',
    async (query, then) => {
      const user = { tenant: 'other', username: `maker${query}`, password: 'a long password', scopes: EVERYTHING };
      const { id } = (await post('/api/v1/users', user, admin)).body;
      const { token } = (await logIn(passwordOf(user))).body;
      const { key } = (await post('/api/v1/api-keys', KEY, String(token))).body;
      const path = `/api/v1/users/${String(id)}`;
      expect(codeOf(await scene.ask('DELETE', `${path}?api_keys=all`, { token: admin }))).toEqual([
        400,
        'invalid_input',
      ]);
      expect((await scene.ask('DELETE', path + query, { token: admin })).status).toBe(204);
      expect((await post('/api/v1/api-keys', KEY, String(token))).status).toBe(401);
      await soon(async () => expect(await listWith(String(key))).toBe(then));
    },
    60_000,
  );

  test('nobody gives a password to who may do more, and with it takes that', async () => {
    const user = { tenant: 'default', username: 'more', password: 'a first password', scopes: ['webhooks:read'] };
    const { id } = (await post('/api/v1/users', user, admin)).body;
    const little = tokenOf('default', ['tenants:admin']);
    const change = (json: object, token: string) => scene.ask('PATCH', `/api/v1/users/${String(id)}`, { token, json });
    expect(codeOf(await change({ password: 'a second password' }, little))).toEqual([403, 'scope_not_held']);
    expect((await logIn(passwordOf(user))).status).toBe(200);
    expect((await change({ password: 'a second password' }, admin)).status).toBe(200);
    const own = ((await get('/api/v1/users?limit=200', admin)).body['data'] as { id: string; username: string }[]).find(
      ({ username }) => username === 'admin',
    );
    const taken = { token: little, json: { password: 'a second password' } };
    expect(codeOf(await scene.ask('PATCH', `/api/v1/users/${String(own?.id)}`, taken))).toEqual([
      403,
      'scope_not_held',
    ]);
  });

  test('nobody locks themselves out', async () => {
    const [{ id }] = (await get('/api/v1/users?tenant=default&limit=200', admin)).body['data'] as [
      { id: string; username: string },
    ];
    const own = ((await get('/api/v1/users?limit=200', admin)).body['data'] as { id: string; username: string }[]).find(
      ({ username }) => username === 'admin',
    );
    expect(id).toBeDefined();
    const path = `/api/v1/users/${String(own?.id)}`;
    expect(codeOf(await scene.ask('DELETE', path, { token: admin }))).toEqual([409, 'own_user']);
    const change = await scene.ask('PATCH', path, { token: admin, json: { scopes: ['webhooks:read'] } });
    expect(codeOf(change)).toEqual([409, 'own_user']);
  });
});

describe('a portal link', () => {
  test('lets a customer in once, to read what is theirs', async () => {
    const { status, body } = await post('/api/v1/portal-links', { tenant: 'other', session: '10m' }, admin);
    expect(status).toBe(201);
    const code = String(body['code']);
    expect(body).toMatchObject({ tenant: 'other', url: `https://portal.example.com/in#code=${code}` });
    const opened = await post('/auth/portal', { code }, null);
    expect(opened.body).toMatchObject({
      token_type: 'Bearer',
      expires_in: 600,
      tenant: 'other',
      scopes: ['webhooks:read', 'deliveries:read'],
    });
    const token = String(opened.body['token']);
    expect(await listWith(token)).toBe(200);
    expect(codeOf(await post('/api/v1/webhooks', {}, token))).toEqual([403, 'missing_scope']);
    expect(codeOf(await post('/auth/portal', { code }, null))).toEqual([401, 'portal_code_refused']);
    expect((await post('/auth/logout', undefined, token)).status).toBe(204);
    await soon(async () => expect(await listWith(token)).toBe(401));
  }, 60_000);

  test('of an unknown tenant, or for longer than a day, is not made; an unknown code opens nothing', async () => {
    expect(codeOf(await post('/api/v1/portal-links', { tenant: 'none' }, admin))).toEqual([404, 'unknown_tenant']);
    expect(codeOf(await post('/api/v1/portal-links', { session: '25h' }, admin))).toEqual([400, 'invalid_input']);
    expect(codeOf(await post('/auth/portal', { code: 'guessed' }, null))).toEqual([401, 'portal_code_refused']);
  });

  test('is made only by who may read themselves what it lets read', async () => {
    const keysOnly = tokenOf('default', ['keys:write', 'webhooks:read']);
    expect(codeOf(await post('/api/v1/portal-links', undefined, keysOnly))).toEqual([403, 'scope_not_held']);
    const administrator = tokenOf('default', ['keys:write', 'tenants:admin']);
    expect(codeOf(await post('/api/v1/portal-links', { tenant: 'other' }, administrator))).toEqual([
      403,
      'scope_not_held',
    ]);
    const reader = tokenOf('default', ['keys:write', 'webhooks:read', 'deliveries:read']);
    expect((await post('/api/v1/portal-links', undefined, reader)).status).toBe(201);
  });

  test('whose time has passed opens nothing', async () => {
    const { code } = (await post('/api/v1/portal-links', undefined, admin)).body;
    await scene.database.query(`UPDATE portal_links SET expires_at = now() - interval '1 second'`);
    expect(codeOf(await post('/auth/portal', { code }, null))).toEqual([401, 'portal_code_refused']);
  });
});

test('what was revoked is told whole, however much it is in one moment', async () => {
  const { credentials } = scene.registry;
  const { cursor: before } = await credentials.revocations('');
  await scene.database.query(
    `INSERT INTO revocations (credential, refused_until, at)
     SELECT 'ses_' || n, now() + interval '1 minute', CASE WHEN n % 2 = 0 THEN now() ELSE now() + n * interval '1 microsecond' END
     FROM generate_series(1, 12000) AS n`,
  );
  const told = new Set<string>();
  let page = await credentials.revocations(before);
  for (let asked = 1; page.more && asked < 10; asked++) {
    for (const { credential } of page.revocations) told.add(credential);
    page = await credentials.revocations(page.cursor);
  }
  for (const { credential } of page.revocations) told.add(credential);
  expect(page.more).toBe(false);
  for (let n = 1; n <= 12_000; n++) expect(told.has(`ses_${n}`)).toBe(true);
}, 30_000);

test('the keys of a shared secret are nobody else’s', async () => {
  expect((await scene.ask('GET', '/.well-known/jwks.json', { token: null })).body).toEqual({ keys: [] });
});

test('who changed keys and users, and from where, is noted; passwords and keys are not', async () => {
  const password = 'a password that nobody may see';
  const user = (
    await post('/api/v1/users', { tenant: 'default', username: 'noted', password, scopes: ['webhooks:read'] })
  ).body;
  const { id, key } = (await post('/api/v1/api-keys', KEY)).body;
  expect((await scene.ask('DELETE', `/api/v1/users/${String(user['id'])}`, { token: admin })).status).toBe(204);
  expect((await scene.ask('DELETE', `/api/v1/api-keys/${String(id)}`, { token: admin })).status).toBe(204);
  const { rows } = await scene.database.query(
    'SELECT action, actor, via, address, request_id, before, after FROM audit_log WHERE target_id = ANY($1) ORDER BY at, id',
    [[String(user['id']), String(id)]],
  );
  expect(rows.map(({ action, via }) => [action, via])).toEqual([
    ['user.create', 'login'],
    ['api_key.create', 'login'],
    ['user.delete', 'login'],
    ['api_key.delete', 'login'],
  ]);
  for (const { address, request_id } of rows) {
    expect([address, request_id]).toEqual([expect.stringContaining('127.0.0.1'), expect.any(String)]);
  }
  const written = JSON.stringify(rows);
  for (const secret of [password, String(key), String(key).slice(3)]) expect(written).not.toContain(secret);
}, 30_000);
