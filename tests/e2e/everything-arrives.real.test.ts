import { execFile, fork, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '@hookline/testkit';
import { PAYLOADS } from '../../apps/standalone/src/demo/payloads.ts';
import { inParallel, logIn, type Api } from '../api.ts';
import { createGrpcCaller } from './grpc-methods.ts';
import { MODES, startPlatform, type RunningPlatform } from './modes.ts';
import type { ReceiverReport } from './receiver.ts';

const run = promisify(execFile);
const ROTATE_KEYS = join(import.meta.dirname, '../../tools/rotate-keys.ts');

/** What each webhook asks for, and, told without Hookline's own matching, whether a type is among it. */
const WEBHOOKS: { path: string; eventTypes: string[]; wants: (type: string) => boolean }[] = [
  { path: '/everything', eventTypes: ['*'], wants: () => true },
  { path: '/issues', eventTypes: ['github.issues.*'], wants: (type) => type.startsWith('github.issues.') },
  { path: '/push', eventTypes: ['github.push'], wants: (type) => type === 'github.push' },
  {
    path: '/two',
    eventTypes: ['github.pull_request.*', 'github.release.published'],
    wants: (type) => type.startsWith('github.pull_request.') || type === 'github.release.published',
  },
  // A pattern whose _ would stand for any character in SQL.
  { path: '/literal', eventTypes: ['github.pull.request.*', 'github_push'], wants: () => false },
];

interface DeliveryPage {
  data: { event_id: string; state: string; attempt_count: number }[];
  next_cursor: string | null;
}

describe.each(MODES)('genuine payloads, %s', (mode) => {
  let platform: RunningPlatform;
  let receiver: ChildProcess;
  let receiverUrl: string;
  let api: Api;
  const webhookIds = new Map<string, string>();
  const events = PAYLOADS.map((payload, i) => ({ ...payload, id: `event-${i}` }));
  const expected = WEBHOOKS.map(({ wants }) => events.filter(({ type }) => wants(type)));

  const ask = <T>(question: string) =>
    new Promise<T>((resolve) => {
      receiver.once('message', (answer) => resolve(answer as T));
      receiver.send(question);
    });

  beforeAll(async () => {
    receiver = fork(join(import.meta.dirname, 'receiver.ts'), { execPath: process.execPath, execArgv: [] });
    const port = await new Promise<number>((resolve) =>
      receiver.once('message', (message) => resolve(message as number)),
    );
    receiverUrl = `http://127.0.0.1:${port}`;
    platform = await startPlatform(mode);
    api = await logIn(platform.gatewayUrl, platform.password);
    const secrets: Record<string, string> = {};
    for (const { path, eventTypes } of WEBHOOKS) {
      const { id, secret } = await api.createWebhook({
        url: receiverUrl + path,
        event_types: eventTypes,
      });
      webhookIds.set(path, id);
      secrets[path] = secret;
    }
    receiver.send({ secrets });
  }, 300_000);

  afterAll(async () => {
    receiver?.kill('SIGKILL');
    expect(await platform?.stop()).toEqual([]);
  }, 120_000);

  test('all arrive where they should, rightly signed, byte for byte, each once', async () => {
    await inParallel(events, 16, ({ id, type, data }) => api.publish(id, type, data));
    const total = expected.reduce((sum, { length }) => sum + length, 0);
    await eventually(async () => expect(await ask<number>('count')).toBeGreaterThanOrEqual(total), {
      timeoutMs: 60_000,
    });
    const { arrivals, wrong } = await ask<ReceiverReport>('report');
    expect(wrong).toEqual([]);
    for (const [i, { path }] of WEBHOOKS.entries()) {
      const arrived = (arrivals[path] ?? []).map(({ id, type, data }) => ({ id, type, data }));
      const byId = (a: { id: string }, b: { id: string }) => a.id.localeCompare(b.id);
      expect(arrived.sort(byId)).toEqual((expected[i] ?? []).toSorted(byId));
    }
    const webhookIdsSeen = Object.values(arrivals).flatMap((each) => each.map(({ webhookId }) => webhookId));
    expect(new Set(webhookIdsSeen).size).toBe(total);
  }, 120_000);

  test('the log knows every event and every delivery', async () => {
    for (const [i, { path }] of WEBHOOKS.entries()) {
      const wanted = (expected[i] ?? []).map(({ id }) => id).sort();
      await eventually(
        async () => {
          const logged = await allDeliveries(webhookIds.get(path) as string);
          expect(logged.map(({ event_id: id }) => id).sort()).toEqual(wanted);
          expect(
            logged.filter(({ state, attempt_count: attempts }) => state !== 'succeeded' || attempts !== 1),
          ).toEqual([]);
        },
        { timeoutMs: 30_000, everyMs: 500 },
      );
    }
    await inParallel(events.slice(0, 50), 8, async ({ id, type, data }) => {
      const { status, body } = await api.call<{ id: string; type: string; data: unknown }>(
        'GET',
        `/api/v1/events/${id}`,
      );
      expect(status).toBe(200);
      expect(body).toMatchObject({ id, type, data: JSON.parse(data) });
    });
  }, 120_000);

  test('an event is known from the moment it is acknowledged', async () => {
    await inParallel(
      Array.from({ length: 40 }, (_, i) => i),
      8,
      async (i) => {
        await api.publish(`fresh-${i}`, 'nobody.wants', '{}');
        const { status } = await api.call('GET', `/api/v1/events/fresh-${i}`);
        expect(status).toBe(200);
      },
    );
    expect((await api.call('GET', '/api/v1/events/never-published')).status).toBe(404);
  }, 60_000);

  test('what is revoked at the registry is refused by gRPC soon, and its streams end', async () => {
    const grpc = createGrpcCaller(platform.grpcAddress);
    const leaving = await logIn(platform.gatewayUrl, platform.password);
    const made = await api.call<{ id: string; key: string }>('POST', '/api/v1/api-keys', {
      name: 'revoked',
      scopes: ['events:publish', 'deliveries:read'],
    });
    const { id, key } = made.body;
    const push = (token: string) =>
      grpc.call('PushEvent', { namespace: 'nobody', event: 'wants', payload: '{}' }, token);
    for (const token of [key, leaving.token]) expect(await push(token)).toMatchObject({ code: 'OK' });
    const watching = grpc.watch({}, key);
    await watching.begun;

    expect((await leaving.call('POST', '/auth/logout')).status).toBe(204);
    expect((await api.call('DELETE', `/api/v1/api-keys/${id}`)).status).toBe(204);
    // Within 5 s; a busy machine is slower.
    const soon = { timeoutMs: 20_000 };
    for (const token of [key, leaving.token]) {
      await eventually(async () => expect(await push(token)).toMatchObject({ code: 'UNAUTHENTICATED' }), soon);
    }
    expect(await watching.ended).toMatchObject({ code: 'UNAUTHENTICATED' });
    grpc.close();
  }, 90_000);

  /* As docs/authentication.md has it. */
  if (mode === 'full') {
    test('the key that seals is replaced while events come: all arrive, rightly signed', async () => {
      const { env, restart } = platform.processes!;
      const onlyNew = { SECURITY_ENCRYPTION_KEY: randomBytes(32).toString('base64') };
      const both = { ...onlyNew, SECURITY_ENCRYPTION_PREVIOUS_KEYS: env['SECURITY_ENCRYPTION_KEY']! };
      const published: string[] = [];
      let rotating = true;
      const publishing = (async () => {
        while (rotating) {
          const id = `rotating-${published.length}`;
          await api.publish(id, 'github.push', '{}');
          published.push(id);
          await sleep(20);
        }
      })();

      await restart('dispatcher', both);
      await restart('registry', both);
      // The gateway finds the registry again by itself.
      const made = await eventually(
        () => api.createWebhook({ url: `${receiverUrl}/between`, event_types: ['rotating.*'] }),
        { timeoutMs: 30_000, everyMs: 500 },
      );
      receiver.send({ secrets: { '/between': made.secret } });
      await ask<number>('count');
      await api.publish('between', 'rotating.between', '{}');
      const { stdout } = await run(process.execPath, [ROTATE_KEYS], { env: { ...env, ...both } });
      expect(stdout).toMatch(new RegExp(`^${WEBHOOKS.length} webhooks were sealed with the current key`));
      expect(stdout).toContain('the old key can be taken away');
      await restart('dispatcher', onlyNew);
      await restart('registry', onlyNew);
      rotating = false;
      await publishing;
      await api.publish('rotated', 'rotating.rotated', '{}');

      await eventually(
        async () => {
          const { arrivals, wrong } = await ask<ReceiverReport>('report');
          expect(wrong).toEqual([]);
          const missing = (path: string, ids: string[]) => {
            const arrived = new Set(arrivals[path]?.map(({ id }) => id));
            return ids.filter((id) => !arrived.has(id));
          };
          expect(missing('/push', published)).toEqual([]);
          expect(missing('/everything', [...published, 'between', 'rotated'])).toEqual([]);
          expect(missing('/between', ['between', 'rotated'])).toEqual([]);
        },
        { timeoutMs: 60_000, everyMs: 500 },
      );
    }, 240_000);
  }

  async function allDeliveries(webhookId: string): Promise<DeliveryPage['data']> {
    const all: DeliveryPage['data'] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const path: string = `/api/v1/webhooks/${webhookId}/deliveries?limit=100${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`;
      const { status, body } = await api.call<DeliveryPage>('GET', path);
      expect(status).toBe(200);
      all.push(...body.data);
      cursor = body.next_cursor;
    }
    return all;
  }
});
