import { decodeChange, TOPIC, type WebhookChange } from '@hookline/contracts';
import type { ExpiringSecret, WebhookCredentials } from '@hookline/domain';
import { createSealing } from '@hookline/service-kit';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createPublicKey } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { openGatewayScene, tokenOf, type GatewayScene } from './testing/scene.ts';

let scene: GatewayScene;
beforeAll(async () => {
  scene = await openGatewayScene();
}, 60_000);
afterAll(() => scene?.stop());

const ALL = '/api/v1/webhooks';
const WEBHOOK = { url: 'https://example.com/hook', event_types: ['order.*'] };
const HOUR_MS = 3_600_000;

async function create(more: object = {}): Promise<{ id: string; path: string; secret: string }> {
  const { body } = await scene.ask('POST', ALL, { json: { ...WEBHOOK, ...more } });
  return { id: String(body['id']), path: `${ALL}/${String(body['id'])}`, secret: String(body['secret']) };
}

/** What a dispatcher gets. */
async function relayed(id: string): Promise<{ secrets: (string | ExpiringSecret)[]; credentials: WebhookCredentials }> {
  const [end = 0] = await scene.eventLog.endOffsets(TOPIC.changes);
  let latest: WebhookChange | undefined;
  const following = await scene.eventLog.follow({
    topic: TOPIC.changes,
    received: async (records) => {
      for (const record of records) {
        const change = decodeChange(record);
        if (change.kind === 'changed' && change.webhook.id === id) latest = change.webhook;
      }
    },
    onFailure: (error) => {
      throw error;
    },
  });
  while ((following.position()[0] ?? 0) < end) await delay(5);
  await following.close();
  const sealing = createSealing(Buffer.alloc(32, 7).toString('base64'));
  const { sealedSecrets = '', sealedCredentials } = latest ?? {};
  return {
    secrets: JSON.parse(sealing.open(sealedSecrets, `secrets:${id}`)),
    credentials:
      sealedCredentials === undefined ? {} : JSON.parse(sealing.open(sealedCredentials, `credentials:${id}`)),
  };
}

describe('a secret', () => {
  test('is shown to who may write webhooks, and to nobody else', async () => {
    const { path, secret } = await create();
    const shown = await scene.ask('GET', `${path}/secret`);
    expect(shown.body).toEqual({ secret, previous: [], public_key: null, previous_public_keys: [] });
    expect(shown.headers.get('cache-control')).toBe('no-store');
    expect((await scene.ask('GET', `${path}/secret`, { token: tokenOf('default', ['webhooks:read']) })).status).toBe(
      403,
    );
    expect((await scene.ask('GET', `${path}/secret`, { token: tokenOf('other') })).status).toBe(404);
  });

  test('that is rotated signs beside the new one for a day, or as long as is asked for', async () => {
    const { id, path, secret } = await create();
    const before = Date.now();
    const first = await scene.ask('POST', `${path}/secret/rotate`);
    expect(first.status).toBe(200);
    const second = String(first.body['secret']);
    expect(second).toMatch(/^whsec_/);
    const own = 'a secret of my own choice';
    const rotated = await scene.ask('POST', `${path}/secret/rotate`, { json: { overlap: '1h', secret: own } });
    expect(rotated.body).toMatchObject({ secret: own, previous: [{ secret: second }, { secret }] });
    const { secrets } = await relayed(id);
    const [newest, ...leaving] = secrets;
    expect([newest, leaving]).toEqual([
      own,
      [
        { secret: second, expiresAtMs: expect.any(Number) },
        { secret, expiresAtMs: expect.any(Number) },
      ],
    ]);
    const inMs = (leaving as ExpiringSecret[]).map(({ expiresAtMs = 0 }) => expiresAtMs - before);
    expect(inMs[0]).toBeGreaterThanOrEqual(HOUR_MS);
    expect(inMs[0]).toBeLessThan(HOUR_MS + 30_000);
    expect(inMs[1]).toBeGreaterThanOrEqual(24 * HOUR_MS);
    expect((await scene.ask('GET', `${path}/secret`)).body).toEqual(rotated.body);
  });

  test('that is rotated without overlap is gone', async () => {
    const { id, path } = await create();
    const { body } = await scene.ask('POST', `${path}/secret/rotate`, { json: { overlap: '0s' } });
    expect(body['previous']).toEqual([]);
    expect((await relayed(id)).secrets).toEqual([body['secret']]);
  });

  test('is one of five at most', async () => {
    const { path } = await create();
    for (let round = 0; round < 4; round++) await scene.ask('POST', `${path}/secret/rotate`);
    const fifth = await scene.ask('POST', `${path}/secret/rotate`);
    expect([fifth.status, fifth.body['code']]).toEqual([409, 'too_many_secrets']);
  });

  test.each<[unknown, string[]]>([
    [{ overlap: '8d' }, ['/overlap']],
    [{ overlap: 60 }, ['/overlap']],
    [{ overlap: '1h', secret: 'short' }, ['/secret']],
    [{ secret: 'whsec_abc' }, ['/secret']],
    [{ grace: '1h' }, ['/grace']],
    [[], ['']],
  ])('is not rotated by %j', async (json, expected) => {
    const { path } = await create();
    const answer = await scene.ask('POST', `${path}/secret/rotate`, { json });
    expect([answer.status, answer.body.errors?.map(({ pointer }) => pointer)]).toEqual([400, expected]);
  });
});

describe('a signing key', () => {
  test('is made when a webhook wants such signatures, and its public half is there for receivers', async () => {
    const { id, path } = await create();
    const jwks = () => scene.ask('GET', `${path}/jwks.json`, { token: null });
    expect((await jwks()).body).toEqual({ keys: [] });
    await scene.ask('PATCH', path, { json: { signatures: ['standard', 'ed25519'] } });
    const shown = await jwks();
    expect(shown.headers.get('cache-control')).toContain('public');
    const [key] = shown.body['keys'] as { x: string; kid: string }[];
    expect(createPublicKey({ format: 'jwk', key: key as object }).asymmetricKeyType).toBe('ed25519');
    const { public_key: text } = (await scene.ask('GET', `${path}/secret`)).body;
    expect(text).toBe(`whpk_${Buffer.from(key?.x ?? '', 'base64url').toString('base64')}`);
    const { credentials } = await relayed(id);
    expect(credentials.signingKeys).toEqual([expect.stringMatching(/^whsk_/)]);
    const [privateKey = ''] = (credentials.signingKeys ?? []) as string[];
    expect(JSON.stringify(shown.body)).not.toContain(privateKey.slice(5, 30));

    const rotated = await scene.ask('POST', `${path}/signing-key/rotate`, { json: { overlap: '2h' } });
    expect(rotated.body).toMatchObject({ previous_public_keys: [{ public_key: text }] });
    expect((await jwks()).body['keys']).toHaveLength(2);
    // Settings that don't name them leave keys as they are.
    await scene.ask('PUT', path, { json: WEBHOOK });
    expect((await relayed(id)).credentials.signingKeys).toHaveLength(2);
  });

  test.each(['wh_0', 'mine', `wh_${'0'.repeat(32)}`, '%00'])('is asked for by id only: %s', async (id) => {
    await scene.ask('POST', ALL, { json: { ...WEBHOOK, uid: 'mine' } });
    expect((await scene.ask('GET', `${ALL}/${id}/jwks.json`, { token: null })).status).toBe(404);
  });
});
