// npm start as its users meet it: what prevents a start, what outlives one, how it ends.
import { randomBytes } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import {
  createReceiver,
  createTempDir,
  eventually,
  freePort,
  useRealParts,
  type Receiver,
  type ReceiverOptions,
  type TempDir,
} from '@hookline/testkit';
import { inParallel, logIn, type Api } from '../api.ts';
import { PORTS, startStandalone, type StandaloneProcess, type Welcome } from './standalone-process.ts';

interface Delivery {
  state: string;
  attempt_count: number;
  last_status: number | null;
  attempts: { duration_ms: number }[];
}

const parts = useRealParts({ kafka: true, redis: true, postgres: true });
const children: StandaloneProcess[] = [];
const receivers: Receiver[] = [];
let temp: TempDir;
let folders = 0;

beforeAll(async () => {
  temp = await createTempDir('hookline-start');
});

afterEach(async () => {
  await Promise.all(receivers.splice(0).map((receiver) => receiver.close()));
});

afterAll(async () => {
  for (const child of children) child.signal('SIGKILL');
  await Promise.all(children.map(({ ended }) => ended));
  await temp.remove();
});

function newFolder(): string {
  const path = join(temp.path, String(folders++));
  mkdirSync(path);
  return path;
}

function start(folder: string, env?: Record<string, string>): StandaloneProcess {
  const child = startStandalone(folder, env);
  children.push(child);
  return child;
}

async function receiver(options?: ReceiverOptions): Promise<Receiver> {
  const made = await createReceiver(options);
  receivers.push(made);
  return made;
}

/** Starts what must not start: exit code 1, nothing but these lines on stderr, and on stdout nothing but the log. */
async function refusal(folder: string, env?: Record<string, string>): Promise<string[]> {
  const { code, stdout, stderr } = await start(folder, env).ended;
  expect(code).toBe(1);
  expect(stdout.split('\n').filter((line) => line !== '' && !line.startsWith('{"level":'))).toEqual([]);
  return stderr.trimEnd().split('\n');
}

async function delivery(api: Api, eventId: string): Promise<Delivery | undefined> {
  const { body } = await api.call<{ deliveries: Delivery[] }>('GET', `/api/v1/events/${eventId}`);
  return body.deliveries[0];
}

async function settled(api: Api, eventId: string, expected: Partial<Delivery>): Promise<void> {
  await eventually(async () => expect(await delivery(api, eventId)).toMatchObject(expected), {
    timeoutMs: 20_000,
    everyMs: 100,
  });
}

describe('what prevents a start is told in a line, exit code 1:', () => {
  describe('a port that is taken', () => {
    let taken: Server;
    let folder: string;
    const port = () => (taken.address() as AddressInfo).port;

    beforeAll(async () => {
      folder = newFolder();
      taken = createServer();
      await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    });
    afterAll(() => new Promise<void>((resolve) => taken.close(() => resolve())));

    test.each(Object.entries(PORTS))('%s', async (variable, setting) => {
      expect(await refusal(folder, { [variable]: String(port()) })).toEqual([
        `hookline: port ${port()} on 127.0.0.1 is taken by another program: stop it or choose another port with ${variable} (${setting})`,
      ]);
    });
  });

  describe('configuration', () => {
    const withConfig = (yaml: string): string => {
      const folder = newFolder();
      writeFileSync(join(folder, 'config.yaml'), yaml);
      return folder;
    };

    test('all problems together, each with its key, what is wrong and what is right', async () => {
      const folder = withConfig(
        'loq:\n  level: info\nlog:\n  levle: info\ngateway:\n  anonymous_per_minute: seventy\nretry_manager: 5\ndispatcher:\n  http_timeout: 30 parsecs\n',
      );
      const [head, ...problems] = await refusal(folder, { LOG_LEVEL: 'loud' });
      expect(head).toBe('hookline: the configuration has 6 problems:');
      expect(problems.toSorted()).toEqual([
        '  - dispatcher.http_timeout: "30 parsecs" is no time span; e.g. DISPATCHER_HTTP_TIMEOUT=30s',
        '  - gateway.anonymous_per_minute: must be a number; e.g. GATEWAY_ANONYMOUS_PER_MINUTE=60',
        '  - log.level: must be one of trace, debug, info, warn, error, fatal, silent; e.g. LOG_LEVEL=info',
        '  - log.levle: unknown key; known are level',
        expect.stringMatching(/^ {2}- loq: unknown section; known are hookline, log, database, /),
        '  - retry_manager: must hold keys, e.g. `retry_manager: { max_retries: 5 }`',
      ]);
    });

    test.each([
      ['broken YAML', 'log: [\n  level: {{info\n', /^ {2}- config\.yaml: cannot be read: .* at line \d+, column \d+$/],
      ['no sections', '- log\n', /^ {2}- config\.yaml: must hold sections, e\.g\. `log:/],
    ])('%s', async (_, yaml, problem) => {
      expect(await refusal(withConfig(yaml))).toEqual([
        'hookline: the configuration has a problem:',
        expect.stringMatching(problem),
      ]);
    });

    test('HOOKLINE_CONFIG names no file', async () => {
      const folder = newFolder();
      const file = join(folder, 'nowhere.yaml');
      expect(await refusal(folder, { HOOKLINE_CONFIG: file })).toEqual([
        'hookline: the configuration has a problem:',
        expect.stringMatching(`${file}: cannot be read: ENOENT`),
      ]);
    });

    test('several dispatchers', async () => {
      expect(await refusal(newFolder(), { DISPATCHER_WORKER_COUNT: '2' })).toEqual([
        'hookline: the configuration has a problem:',
        expect.stringMatching(/^ {2}- dispatcher\.worker_count: must be 1 with `npm start`/),
      ]);
    });

    test('open to other machines without secrets', async () => {
      expect(await refusal(newFolder(), { HOOKLINE_HOST: '0.0.0.0' })).toEqual([
        'hookline: the configuration has 2 problems:',
        expect.stringMatching(/security\.jwt_secret: is missing; e\.g\. SECURITY_JWT_SECRET=/),
        expect.stringMatching(/security\.encryption_key: is missing; e\.g\. SECURITY_ENCRYPTION_KEY=/),
      ]);
    });

    test('open to other machines without a password for the admin', async () => {
      const secrets = {
        SECURITY_JWT_SECRET: randomBytes(48).toString('base64'),
        SECURITY_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
      };
      const [line, ...others] = await refusal(newFolder(), { HOOKLINE_HOST: '0.0.0.0', ...secrets });
      expect(line).toMatch(/^hookline: nobody could log in: .*SECURITY_ADMIN_PASSWORD/);
      expect(others).toEqual([]);
    });
  });

  describe('the data folder', () => {
    test.each([
      ['is a file', ''],
      ['is below a file', 'below'],
    ])('%s', async (_, below) => {
      const folder = newFolder();
      writeFileSync(join(folder, 'file'), '');
      const data = join(folder, 'file', below);
      expect(await refusal(folder, { HOOKLINE_DATA: data })).toEqual([
        expect.stringMatching(
          /^hookline: the data folder \S+\/file\S* cannot be written to \(ENOTDIR\): choose another with HOOKLINE_DATA$/,
        ),
      ]);
    });

    test('takes no folders', async () => {
      expect(await refusal(newFolder(), { HOOKLINE_DATA: '/proc/hookline/data' })).toEqual([
        'hookline: the data folder /proc/hookline/data cannot be written to (ENOENT): choose another with HOOKLINE_DATA',
      ]);
    });

    // To root every folder is writable.
    const notAsRoot = process.getuid?.() === 0 ? [] : ['is read-only'];
    for (const name of notAsRoot) {
      test(name, async () => {
        const folder = newFolder();
        mkdirSync(join(folder, 'data'));
        chmodSync(join(folder, 'data'), 0o500);
        expect(await refusal(folder)).toEqual([
          expect.stringMatching(/cannot be written to \(EACCES\): choose another/),
        ]);
      });
    }

    test('is another live process’s, which is unharmed', async () => {
      const folder = newFolder();
      const live = start(folder);
      const { gatewayUrl } = await live.ready();
      const [line, ...others] = await refusal(folder);
      expect(line).toContain(
        `hookline: the data folder ${join(folder, 'data')} is in use by another process (pid ${live.pid} on `,
      );
      expect(others).toEqual([]);
      expect((await fetch(`${gatewayUrl}/health/ready`)).status).toBe(200);
      const api = await logIn(gatewayUrl, 'password');
      const ok = await receiver();
      await api.createWebhook({ url: ok.url, event_types: ['*'] });
      await api.publish('unharmed', 'a', '{}');
      await ok.waitFor(1);
      live.signal('SIGTERM');
      expect((await live.ended).code).toBe(0);
    });
  });

  describe('stores', () => {
    const nowhere = async () => `127.0.0.1:${await freePort()}`;
    const SOON = { HOOKLINE_AWAIT_STORES: '1s' };

    test('Kafka named without the other two', async () => {
      expect(await refusal(newFolder(), { KAFKA_BROKERS: 'localhost:9092' })).toEqual([
        'hookline: the full platform needs Kafka, Redis and PostgreSQL together: also set REDIS_URL, e.g. redis://localhost:6379 and DATABASE_URL, e.g. postgres://user:password@localhost:5432/hookline',
      ]);
    });

    test('PostgreSQL is away', async () => {
      const address = await nowhere();
      expect(await refusal(newFolder(), { DATABASE_URL: `postgres://user:pw@${address}/db`, ...SOON })).toEqual([
        `hookline: PostgreSQL (DATABASE_URL) could not be reached within 1 s: the database is away: connect ECONNREFUSED ${address}`,
      ]);
    });

    test('Kafka is away', async () => {
      const address = await nowhere();
      const env = { DATABASE_URL: await parts.createDatabase(), REDIS_URL: parts.redisUrl, KAFKA_BROKERS: address };
      const [line, ...others] = await refusal(newFolder(), { ...env, ...SOON });
      expect(line).toMatch(/^hookline: Kafka at \S+ \(KAFKA_BROKERS\) could not be reached within 1 s: /);
      expect(line).toContain(address);
      expect(others).toEqual([]);
    });
  });
});

describe('a second start', () => {
  test('has the same login, webhooks, events and deliveries, and delivers the retry that waited at kill -9', async () => {
    const folder = newFolder();
    const good = await receiver();
    const late = await receiver({
      respond: (_, count) => (count === 1 ? { status: 503, headers: { 'retry-after': '6' } } : { status: 200 }),
    });
    const first = start(folder);
    const before = await logIn((await first.ready()).gatewayUrl, 'password');
    const { id } = await before.createWebhook({ url: good.url, event_types: ['good.*'] });
    await before.createWebhook({ url: late.url, event_types: ['late.*'] });
    await before.publish('good-1', 'good.one', '{"n":1}');
    await before.publish('late-1', 'late.one', '{"n":2}');
    await settled(before, 'good-1', { state: 'succeeded', attempt_count: 1 });
    // Patience was asked for, so no attempt is used up.
    await settled(before, 'late-1', { state: 'deferred', attempt_count: 1, last_status: 503 });
    // Until the events' offsets are committed a kill has them dispatched anew, which is allowed but not what is looked at here.
    await sleep(1_500);
    first.signal('SIGKILL');
    await first.ended;
    expect(late.requests).toHaveLength(1);

    const second = start(folder);
    const after = await logIn((await second.ready()).gatewayUrl, 'password');
    expect(await after.call('GET', `/api/v1/webhooks/${id}`)).toMatchObject({
      status: 200,
      body: { url: good.url, event_types: ['good.*'], status: 'enabled' },
    });
    expect(await after.call('GET', '/api/v1/events/good-1')).toMatchObject({
      status: 200,
      body: { type: 'good.one', data: { n: 1 }, deliveries: [{ state: 'succeeded', attempt_count: 1 }] },
    });
    const again = { id: 'good-1', type: 'good.one', source: 'test' };
    expect((await after.call('POST', '/api/v1/events', { ...again, data: { n: 1 } })).status).toBe(202);
    expect((await after.call('POST', '/api/v1/events', { ...again, data: { n: 9 } })).status).toBe(409);
    const [one, other] = await late.waitFor(2, 20_000);
    expect(other?.headers['webhook-id']).toBe(one?.headers['webhook-id']);
    await settled(after, 'late-1', { state: 'succeeded', attempt_count: 1, last_status: 200 });
    expect(good.requests).toHaveLength(1);
    second.signal('SIGKILL');
    await second.ended;
  }, 150_000);

  test('delivers all that was acknowledged before a kill -9 in the middle of the load', async () => {
    const folder = newFolder();
    // Slower than the events come in, so that many wait at the kill.
    const slow = await receiver({ respond: () => ({ status: 200, delayMs: 50 }) });
    const env = { DISPATCHER_MAX_IN_FLIGHT_PER_WEBHOOK: '4' };
    const arrived = () => new Set(slow.requests.map(({ body }) => (JSON.parse(body.toString()) as { id: string }).id));
    const first = start(folder, env);
    const api = await logIn((await first.ready()).gatewayUrl, 'password');
    await api.createWebhook({ url: slow.url, event_types: ['*'] });
    const acknowledged: string[] = [];
    let killed = false;
    await inParallel(
      Array.from({ length: 600 }, (_, i) => `load-${i}`),
      16,
      async (id) => {
        if (killed) return;
        try {
          await api.publish(id, 'load', '{}');
          acknowledged.push(id);
        } catch (error) {
          if (!killed) throw error;
        }
        if (acknowledged.length < 300 || killed) return;
        killed = true;
        first.signal('SIGKILL');
      },
    );
    await first.ended;
    expect(acknowledged.length).toBeGreaterThanOrEqual(300);
    const waiting = acknowledged.filter((id) => !arrived().has(id));
    expect(waiting.length).toBeGreaterThan(20);

    const second = start(folder, env);
    await second.ready();
    await eventually(() => expect(acknowledged.filter((id) => !arrived().has(id))).toEqual([]), {
      timeoutMs: 40_000,
      everyMs: 100,
    });
    second.signal('SIGKILL');
    await second.ended;
  }, 150_000);
});

describe('the end', () => {
  const folder = () => endFolder;
  let endFolder: string;
  beforeAll(() => {
    endFolder = newFolder();
  });

  async function withRequestInFlight(respond: NonNullable<ReceiverOptions['respond']>, env: Record<string, string>) {
    const target = await receiver({ respond });
    const child = start(folder(), env);
    const api = await logIn((await child.ready()).gatewayUrl, 'password');
    const id = `event-${child.pid}`;
    await api.createWebhook({ url: target.url, event_types: [id] });
    await api.publish(id, id, '{}');
    await target.waitFor(1);
    return child;
  }

  test.each(['SIGTERM', 'SIGINT'] as const)('%s: finishes the request in flight, exit code 0', async (signal) => {
    let answered = false;
    const child = await withRequestInFlight(async () => {
      await sleep(1_500);
      answered = true;
      return { status: 200 };
    }, {});
    child.signal(signal);
    expect(await child.ended).toMatchObject({ code: 0, stderr: '' });
    expect(answered).toBe(true);
  });

  test('a request that hangs is cut off at the end of the grace period, exit code 0', async () => {
    const child = await withRequestInFlight(() => 'hang', { HOOKLINE_GRACE_PERIOD: '2s' });
    const askedAtMs = Date.now();
    child.signal('SIGTERM');
    expect(await child.ended).toMatchObject({ code: 0, stderr: '' });
    const tookMs = Date.now() - askedAtMs;
    expect(tookMs).toBeGreaterThan(1_000);
    expect(tookMs).toBeLessThan(4_000);
  });

  test('a second signal ends it at once', async () => {
    const child = await withRequestInFlight(() => 'hang', { HOOKLINE_GRACE_PERIOD: '25s' });
    child.signal('SIGINT');
    await sleep(300);
    const askedAtMs = Date.now();
    child.signal('SIGINT');
    expect((await child.ended).code).toBe(130);
    expect(Date.now() - askedAtMs).toBeLessThan(1_000);
  });
});

describe('a newcomer', () => {
  const env = {
    RETRY_MANAGER_MAX_RETRIES: '1',
    RETRY_MANAGER_INITIAL_DELAY: '100ms',
    RETRY_MANAGER_MAX_DELAY: '200ms',
  };
  const WARNING = 'that password is known to everybody';
  let folder: string;
  let child: StandaloneProcess;
  let welcome: Welcome;
  let api: Api;

  beforeAll(async () => {
    folder = newFolder();
    child = start(folder, env);
    welcome = await child.ready();
    api = await logIn(welcome.gatewayUrl, 'password');
  }, 60_000);

  test('sees the welcome and nothing else', () => {
    expect(welcome.text).toMatch(/^\nHookline runs \(embedded, data in /);
    expect(welcome.text).toContain('admin / password');
    expect(welcome.text).toContain(WARNING);
    expect(welcome.text).not.toContain('{"level"');
  });

  test('the lines of the welcome work when pasted', async () => {
    const lines = welcome.text.split('\n').filter((line) => /^(TOKEN=|curl )/.test(line));
    expect(lines).toHaveLength(4);
    const { status, stdout } = spawnSync('sh', ['-c', `${lines.slice(0, 3).join('\n')}\nsleep 1\n${lines[3]}`], {
      encoding: 'utf8',
    });
    expect(status).toBe(0);
    const answers = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
    expect(answers).toEqual([
      expect.objectContaining({ id: expect.stringMatching(/^wh_/), secret: expect.stringMatching(/^whsec_/) }),
      expect.objectContaining({ id: 'order-1' }),
      expect.objectContaining({
        type: 'order.created',
        data: { total: 19.9 },
        deliveries: [expect.objectContaining({ state: 'succeeded', last_status: 200 })],
      }),
    ]);
  });

  const send = async (name: string): Promise<string> => {
    const { id } = await api.createWebhook({
      url: `${welcome.gatewayUrl}/_receiver/${name}`,
      event_types: [`to.${name}`],
    });
    await api.publish(`to-${name}`, `to.${name}`, '{}');
    return id;
  };
  const tally = async (name: string) =>
    (await (await fetch(`${welcome.gatewayUrl}/_receiver/${name}`)).json()) as { received: number; verified: number };

  test('/_receiver/slow answers late', async () => {
    await send('slow');
    await settled(api, 'to-slow', { state: 'succeeded', attempt_count: 1 });
    expect((await delivery(api, 'to-slow'))?.attempts[0]?.duration_ms).toBeGreaterThanOrEqual(1_900);
    expect(await tally('slow')).toMatchObject({ received: 1, verified: 1 });
  });

  test('/_receiver/fail leads to a dead letter', async () => {
    await send('fail');
    await settled(api, 'to-fail', { state: 'dead', attempt_count: 2, last_status: 500 });
    const { status, body } = await api.call<{ data: { event_id: string }[] }>('GET', '/api/v1/dead-letters');
    expect(status).toBe(200);
    expect(body.data.map((letter) => letter.event_id)).toContain('to-fail');
    expect(await tally('fail')).toMatchObject({ received: 2, verified: 2 });
  });

  test('/_receiver/flaky succeeds at the second attempt', async () => {
    await send('flaky');
    await settled(api, 'to-flaky', { state: 'succeeded', attempt_count: 2, last_status: 200 });
    expect(await tally('flaky')).toMatchObject({ received: 2, verified: 2 });
  });

  test('/_receiver/gone disables the webhook', async () => {
    const id = await send('gone');
    await eventually(
      async () => {
        const { body } = await api.call('GET', `/api/v1/webhooks/${id}`);
        expect(body).toMatchObject({ status: 'disabled', disabled_reason: 'gone' });
      },
      { timeoutMs: 5_000, everyMs: 50 },
    );
    expect(await tally('gone')).toMatchObject({ received: 1, verified: 1 });
  });

  test('changes the password, and the next start warns no more', async () => {
    const change = { current_password: 'password', new_password: 'correct horse' };
    expect((await api.call('POST', '/auth/password', change)).status).toBe(204);
    await expect(logIn(welcome.gatewayUrl, 'password')).rejects.toThrow('401');
    child.signal('SIGTERM');
    expect((await child.ended).code).toBe(0);

    const next = start(folder, env);
    const { text, gatewayUrl } = await next.ready();
    expect(text).toContain('Hookline runs');
    expect(text).not.toContain(WARNING);
    expect(text).not.toContain('admin / password');
    await logIn(gatewayUrl, 'correct horse');
    next.signal('SIGTERM');
    expect((await next.ended).code).toBe(0);
  });
});
