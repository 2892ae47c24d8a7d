import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openGatewayScene, tokenOf, type Answer, type GatewayScene } from './testing/scene.ts';

let scene: GatewayScene;
beforeAll(async () => {
  scene = await openGatewayScene();
}, 60_000);
afterAll(() => scene?.stop());

const ALL = '/api/v1/event-types';
const SCHEMA = { type: 'object', required: ['id'], properties: { id: { type: 'string' } } };
const pointers = ({ body }: Answer) => body.errors?.map(({ pointer }) => pointer);

test('event types are made, read, listed by name, replaced and deleted', async () => {
  const given = {
    name: 'order.created',
    description: 'ü',
    example: { id: 'a', __proto_: null },
    schema: SCHEMA,
    on_mismatch: 'tag',
  };
  const created = await scene.ask('POST', ALL, { json: given });
  expect([created.status, created.body]).toEqual([
    201,
    { ...given, created_at: expect.any(String), updated_at: created.body['created_at'] },
  ]);
  const path = `${ALL}/order.created`;
  expect(created.headers.get('location')).toBe(path);
  const again = await scene.ask('POST', ALL, { json: given });
  expect([again.status, again.body['code']]).toEqual([409, 'event_type_taken']);

  const read = await scene.ask('GET', path);
  expect(read.body).toEqual(created.body);
  const etag = read.headers.get('etag') ?? '';
  expect((await scene.ask('GET', path, { headers: { 'if-none-match': etag } })).status).toBe(304);
  const stale = await scene.ask('PUT', path, { json: {}, headers: { 'if-match': '"1"' } });
  expect([stale.status, stale.body['code']]).toEqual([412, 'precondition_failed']);
  const replaced = await scene.ask('PUT', path, { json: { example: null }, headers: { 'if-match': etag } });
  expect([replaced.status, replaced.body]).toMatchObject([
    200,
    { name: 'order.created', description: null, example: null, schema: null, on_mismatch: 'none' },
  ]);

  for (const name of ['a', 'b.c']) expect((await scene.ask('PUT', `${ALL}/${name}`, { json: {} })).status).toBe(201);
  const first = await scene.ask('GET', `${ALL}?limit=2`);
  expect(first.body['data']).toMatchObject([{ name: 'a' }, { name: 'b.c' }]);
  const second = await scene.ask('GET', `${ALL}?limit=2&cursor=${String(first.body['next_cursor'])}`);
  expect(second.body).toMatchObject({ data: [{ name: 'order.created' }], next_cursor: null });

  expect((await scene.ask('GET', path, { token: tokenOf('other') })).body['code']).toBe('unknown_event_type');
  expect((await scene.ask('DELETE', path, { token: tokenOf('other') })).status).toBe(404);
  expect((await scene.ask('DELETE', path, { token: tokenOf('default', ['webhooks:read']) })).status).toBe(403);
  expect((await scene.ask('DELETE', path)).status).toBe(204);
  expect((await scene.ask('GET', path)).status).toBe(404);
  const anew = await scene.ask('PUT', path, { json: {}, headers: { 'if-match': etag } });
  expect(anew.status).toBe(412);
});

describe('is refused', () => {
  test.each<[unknown, string[]]>([
    [[], ['']],
    [{}, ['/name']],
    [{ name: 'a..b' }, ['/name']],
    [{ name: 'order.*' }, ['/name']],
    [{ name: 'a', kind: 'x' }, ['/kind']],
    [{ name: 'a', schema: 'x' }, ['/schema']],
    [{ name: 'a', schema: { type: 'text' } }, ['/schema/type']],
    [{ name: 'a', on_mismatch: 'drop', schema: {} }, ['/on_mismatch']],
    [{ name: 'a', on_mismatch: 'reject' }, ['/on_mismatch']],
    [{ name: 'a', schema: SCHEMA, example: { id: 1 } }, ['/example/id']],
    [{ name: 'a', schema: SCHEMA, example: {} }, ['/example/id']],
    [{ name: 'a', description: 'x'.repeat(1_025) }, ['/description']],
    [{ name: 'a', description: '\0' }, ['/description']],
    [{ name: 'a', example: 'x'.repeat(40_000) }, ['/example']],
  ])('%.60j at %j', async (json, expected) => {
    const answer = await scene.ask('POST', ALL, { json });
    expect([answer.status, answer.body['code'], pointers(answer)]).toEqual([400, 'invalid_input', expected]);
  });

  test('under another name than the path has', async () => {
    const answer = await scene.ask('PUT', `${ALL}/a.b`, { json: { name: 'a.c' } });
    expect([answer.status, pointers(answer)]).toEqual([400, ['/name']]);
  });

  test.each(['?limit=0', '?limit=201', '?cursor=%20', '?cursor=Li4', '?q=1'])('the page %s', async (query) => {
    expect((await scene.ask('GET', ALL + query)).status).toBe(400);
  });
});
