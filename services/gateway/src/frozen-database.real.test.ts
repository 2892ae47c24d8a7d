import { SCOPES } from '@hookline/domain';
import { eventually, startPostgres, type PostgresPart } from '@hookline/testkit';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { openGatewayScene, tokenOf, type GatewayScene } from './testing/scene.ts';

/** What is promised is 2 s; a busy machine is no reason to fail. */
const ANSWERED_WITHIN_MS = 3_000;

const TOKEN = tokenOf('default', [...SCOPES]);
let postgres: PostgresPart;
let scene: GatewayScene;
let webhook: string;

beforeAll(async () => {
  postgres = await startPostgres();
  scene = await openGatewayScene({}, { behind: true, databaseUrl: postgres.url });
  const json = { url: 'https://receiver.example/hook', event_types: ['*'] };
  const { body } = await scene.ask('POST', '/api/v1/webhooks', { token: TOKEN, json });
  webhook = String(body['id']);
}, 60_000);

afterAll(async () => {
  signalPostgres('SIGCONT');
  await scene?.stop();
  await postgres?.stop();
}, 60_000);

/** The server and the processes of its connections: frozen, they take what comes and answer nothing. */
function signalPostgres(signal: NodeJS.Signals): void {
  if (postgres === undefined) return;
  const children = readFileSync(`/proc/${postgres.pid}/task/${postgres.pid}/children`, 'utf8').trim();
  for (const pid of [postgres.pid, ...children.split(' ').map(Number)]) {
    try {
      process.kill(pid, signal);
    } catch {
      // It has ended meanwhile.
    }
  }
}

const reads = () => [
  '/api/v1/events',
  '/api/v1/events?metadata.region=eu',
  '/api/v1/events/e1',
  '/api/v1/deliveries',
  '/api/v1/deliveries?status_class=5xx',
  '/api/v1/deliveries/dlv_1',
  '/api/v1/dead-letters',
  '/api/v1/dead-letters/dlv_1',
  '/api/v1/recoveries',
  '/api/v1/audit-log',
  '/api/v1/webhooks',
  `/api/v1/webhooks/${webhook}`,
  `/api/v1/webhooks/${webhook}/deliveries`,
  `/api/v1/webhooks/${webhook}/stats`,
  `/api/v1/webhooks/${webhook}/secret`,
  '/api/v1/event-types',
  '/api/v1/tenants',
  '/api/v1/api-keys',
];

interface Read {
  path: string;
  status: number;
  code: unknown;
  retryAfter: string | null;
  ms: number;
}

async function read(path: string): Promise<Read> {
  const startedAtMs = performance.now();
  const { status, headers, body } = await scene.ask('GET', path, { token: TOKEN });
  const ms = performance.now() - startedAtMs;
  return { path, status, code: body['code'], retryAfter: headers.get('retry-after'), ms };
}

test('with a database that answers nothing any more, reads are answered 503 in time, and by themselves again when it is back', async () => {
  const before = await Promise.all(reads().map(read));
  for (const { path, status } of before) expect([path, [200, 404]]).toEqual([path, expect.arrayContaining([status])]);

  signalPostgres('SIGSTOP');
  // More at once than there are connections: those that wait for one are answered in time as well.
  const frozen = await Promise.all(reads().map(read));
  for (const { path, status, code, retryAfter, ms } of frozen) {
    expect({ path, status, code }).toEqual({ path, status: 503, code: expect.any(String) });
    expect([path, Number(retryAfter) > 0]).toEqual([path, true]);
    expect({ path, inTime: ms < ANSWERED_WITHIN_MS, ms }).toMatchObject({ path, inTime: true });
  }

  signalPostgres('SIGCONT');
  const statuses = (answers: readonly Read[]) => answers.map(({ path, status }) => [path, status]);
  await eventually(async () => expect(statuses(await Promise.all(reads().map(read)))).toEqual(statuses(before)), {
    timeoutMs: 60_000,
  });
}, 120_000);
