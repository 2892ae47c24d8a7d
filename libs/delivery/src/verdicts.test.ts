import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { json } from 'node:stream/consumers';
import {
  createAddressGuard,
  createPolicies,
  FAILURE_RULES,
  judge,
  type AttemptPhase,
  type AttemptResult,
  type DeliveryControl,
  type FailureClass,
  type Verdict,
} from '@hookline/domain';
import { createAuthority, createNameServer, createReceiver, freePort } from '@hookline/testkit';
import { afterEach, describe, expect, test } from '@jest/globals';
import { createSender, type OutgoingRequest, type Sender, type SenderOptions } from './index.ts';
import { createOauthClient } from './tokens.ts';

/*
 * What follows from each way in which a request can fail, on real sockets: docs/retries.md row by row.
 */

const LOOPBACK = createAddressGuard(['127.0.0.0/8', '::1/128']);
const { quick } = createPolicies();
const opened: { close(): unknown }[] = [];

afterEach(async () => {
  for (const part of opened.splice(0).toReversed()) await part.close();
});

/** What a request meets, and how its sender is set up. */
interface Encounter {
  origin: string;
  options?: Partial<SenderOptions>;
  request?: Partial<OutgoingRequest>;
  abort?: boolean;
  /** The process that sends has no file descriptor left; this is what it asks for names. */
  starved?: { nameServer: string };
}

type Row = [what: string, failure: FailureClass, phase: AttemptPhase | undefined, meet: () => Promise<Encounter>];

const ROWS: Row[] = [
  ['a name that does not exist', 'dns', 'name', () => named([])],
  ['a name server that answers nothing', 'dns', 'name', () => named('silent')],
  ['a name that is not answered for before the whole time is over', 'timeout', 'name', () => named('silent', 60_000)],
  [
    'a port that nobody listens on',
    'refused',
    'connect',
    async () => ({ origin: `http://127.0.0.1:${await freePort()}` }),
  ],
  ['a server that takes no connection', 'timeout', 'connect', takesNobody],
  [
    'a server that speaks no TLS',
    'tls',
    'tls',
    async () => ({ origin: secure(await answers('HTTP/1.1 200 OK\r\n\r\n')) }),
  ],
  ['a certificate of nobody known', 'tls', 'tls', unknownCertificate],
  ['a TLS handshake without end', 'timeout', 'tls', async () => ({ origin: secure(await answers('')) })],
  ['an answer that does not come', 'timeout', 'headers', async () => ({ origin: await answers('') })],
  ["an answer that does not come within the headers' own time", 'timeout', 'headers', tooLongForHeaders],
  ['a connection that breaks before the answer', 'reset', 'headers', async () => ({ origin: await answers(null) })],
  ['an answer that does not end', 'timeout', 'body', () => answering('HTTP/1.1 500 No\r\ncontent-length: 9\r\n\r\nx')],
  [
    'an answer that breaks off',
    'reset',
    'body',
    () => answering('HTTP/1.1 500 No\r\ncontent-length: 9\r\n\r\nx', true),
  ],
  ['what is no HTTP', 'other', 'headers', () => answering('SSH-2.0-OpenSSH_9.2\r\n\r\n')],
  ['an address that must not be reached', 'blocked', undefined, blocked],
  ['a token endpoint that gives none', 'authorisation', undefined, noToken],
  ['an outgoing proxy that is away', 'proxy', 'connect', noProxy],
  ['no file descriptor left to connect with', 'resources', 'connect', () => starved('127.0.0.1')],
  ['no file descriptor left to ask for a name with', 'resources', 'name', () => starved('receiver.test')],
  ['a shutdown', 'shutdown', undefined, async () => ({ origin: await answers(''), abort: true })],
];

/** What is no doing of the receiver's uses up no attempt. */
const OURS: readonly FailureClass[] = ['proxy', 'resources', 'shutdown'];

describe('without an answer', () => {
  test.each(ROWS)('%s: %s', async (_what, failure, phase, meet) => {
    const result = await send(await meet());
    expect(result).toMatchObject({ failure, ...(phase === undefined ? {} : { phase }) });
    expect(verdictOf(result).kind).toBe(OURS.includes(failure) ? 'defer' : 'retry');
  });
});

const STATUSES = Array.from({ length: 400 }, (_, index) => 200 + index);

/** Of every status, its class and what follows; docs/retries.md says the same in words. */
function expectedOf(status: number): [FailureClass | null, Verdict['kind']] {
  if (status < 300) return [null, 'succeeded'];
  if (status < 400) return ['redirect', 'retry'];
  if (status === 410) return ['gone', 'dead'];
  if (status === 429) return ['throttled', 'defer'];
  return status < 500 ? ['client_error', 'retry'] : ['server_error', 'retry'];
}

test('every status that a receiver can answer', async () => {
  const receiver = await createReceiver({ respond: ({ path }) => ({ status: Number(path.slice(1)) }) });
  opened.push(receiver);
  const sender = open();
  for (const status of STATUSES) {
    const result = await post(sender, { origin: receiver.url, path: `/${status}` });
    expect([status, result.failure, verdictOf(result).kind]).toEqual([status, ...expectedOf(status)]);
  }
});

test.each<[number, DeliveryControl, Verdict]>([
  [200, 'abort-message', { kind: 'succeeded' }],
  [200, 'disable', { kind: 'succeeded' }],
  [400, 'abort-message', { kind: 'dead', reason: 'aborted_by_receiver' }],
  [429, 'abort-message', { kind: 'dead', reason: 'aborted_by_receiver' }],
  [500, 'disable', { kind: 'dead', reason: 'disabled_by_receiver' }],
])('an answer %i that says webhook-delivery: %s', async (status, control, verdict) => {
  const receiver = await createReceiver({ respond: () => ({ status, headers: { 'webhook-delivery': control } }) });
  opened.push(receiver);
  const result = await send({ origin: receiver.url });
  expect(result.control).toBe(control);
  expect(verdictOf(result)).toEqual(verdict);
});

test.each<[string, DeliveryControl | undefined]>([
  ['Abort-Message', 'abort-message'],
  ['DISABLE', 'disable'],
  ['abort-message, disable', 'disable'],
  ['other,abort-message', 'abort-message'],
  ['please', undefined],
  ['please disable', undefined],
  ['disable=false', undefined],
])('an answer that says webhook-delivery: %s', async (said, control) => {
  const receiver = await createReceiver({ respond: () => ({ status: 500, headers: { 'webhook-delivery': said } }) });
  opened.push(receiver);
  const result = await send({ origin: receiver.url });
  expect(result.control).toBe(control);
  expect(verdictOf(result).kind).toBe(control === undefined ? 'retry' : 'dead');
});

test('there is a row for every class', () => {
  const met = new Set([...ROWS.map(([, failure]) => failure), ...STATUSES.map((status) => expectedOf(status)[0])]);
  expect(Object.keys(FAILURE_RULES).filter((failure) => !met.has(failure as FailureClass))).toEqual([]);
});

function verdictOf(result: AttemptResult): Verdict {
  const nowMs = result.startedAtMs + result.durationMs;
  const at = { firstAttemptAtMs: result.startedAtMs, expiresAtMs: Infinity, nowMs };
  return judge({ attempt: 1, result, policy: quick, random: 0.5, ...at });
}

function open(options: Partial<SenderOptions> = {}): Sender {
  const sender = createSender({ guard: LOOPBACK, connectTimeoutMs: 300, bodyTimeoutMs: 300, ...options });
  opened.push(sender);
  return sender;
}

function send({ origin, options, request, abort = false, starved: by }: Encounter): Promise<AttemptResult> {
  if (by !== undefined) return sendStarved(origin, by.nameServer);
  return post(open(options), { origin, ...request }, abort);
}

function post(sender: Sender, parts: Partial<OutgoingRequest>, abort = false): Promise<AttemptResult> {
  const request = { origin: '', path: '/', headers: [], body: Buffer.from('{}'), timeoutMs: 600, ...parts };
  return new Promise((resolve) => {
    const sending = sender.send(request, resolve);
    if (abort) setTimeout(() => sending.abort(), 50);
  });
}

async function named(answer: [] | 'silent', timeoutMs = 30): Promise<Encounter> {
  const server = await createNameServer(() => answer);
  opened.push(server);
  return { origin: 'http://receiver.test', options: { names: { servers: [server.address], timeoutMs } } };
}

/** A server that says this to whoever connects, whatever they say; null: breaks the connection. */
async function answers(text: string | null, ends = false): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('data', () => {
      if (text === null) return void socket.resetAndDestroy();
      if (text !== '') socket.write(text);
      if (ends) setTimeout(() => socket.resetAndDestroy(), 50);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  opened.push({
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function answering(text: string, ends = false): Promise<Encounter> {
  return { origin: await answers(text, ends) };
}

async function tooLongForHeaders(): Promise<Encounter> {
  return { origin: await answers(''), options: { headersTimeoutMs: 300 }, request: { timeoutMs: 60_000 } };
}

function secure(origin: string): string {
  return origin.replace('http:', 'https:');
}

async function unknownCertificate(): Promise<Encounter> {
  const { certificate: cert, privateKey: key } = await (await createAuthority()).issue('receiver.test');
  const receiver = await createReceiver({ tls: { cert, key } });
  opened.push(receiver);
  return { origin: receiver.url };
}

/** A process that listens and accepts nothing: with its queue full, whoever knocks is not answered. */
async function takesNobody(): Promise<Encounter> {
  const script = `require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, function () {
    console.log(this.address().port);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  })`;
  const listening = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(listening.stdout, 'data')) as [Buffer];
  const port = Number(line.toString());
  const waiting = Array.from({ length: 4 }, () => connect(port, '127.0.0.1').on('error', () => {}));
  opened.push({
    close: async () => {
      for (const socket of waiting) socket.destroy();
      listening.kill('SIGKILL');
      await once(listening, 'exit');
    },
  });
  await Promise.all(waiting.slice(0, 2).map((socket) => once(socket, 'connect')));
  return { origin: `http://127.0.0.1:${port}` };
}

async function blocked(): Promise<Encounter> {
  return { origin: await answers(''), options: { guard: createAddressGuard() } };
}

async function noToken(): Promise<Encounter> {
  const receiver = await createReceiver({ respond: () => ({ status: 401 }) });
  opened.push(receiver);
  const credentials = { type: 'oauth2', tokenUrl: `${receiver.url}/token`, clientId: 'c', clientSecret: 's' } as const;
  return { origin: receiver.url, request: { oauth: createOauthClient(credentials, undefined) } };
}

async function noProxy(): Promise<Encounter> {
  const options = { proxy: `http://127.0.0.1:${await freePort()}` };
  return { origin: 'http://127.0.0.1:9', options };
}

async function starved(host: string): Promise<Encounter> {
  const { address: nameServer, close } = await createNameServer(() => ['127.0.0.1']);
  opened.push({ close });
  return { origin: `http://${host}:${await freePort()}`, starved: { nameServer } };
}

/** From a process of its own that has used up its file descriptors, after a first request to another name: by then all is loaded that it needs. */
async function sendStarved(origin: string, nameServer: string): Promise<AttemptResult> {
  const script = `
    import { openSync, writeSync } from 'node:fs';
    import { createAddressGuard } from '@hookline/domain';
    import { createSender } from ${JSON.stringify(new URL('./index.ts', import.meta.url).href)};
    const guard = createAddressGuard(['127.0.0.0/8']);
    const sender = createSender({ guard, names: { servers: [${JSON.stringify(nameServer)}] } });
    const request = { path: '/', headers: [], body: Buffer.from('{}'), timeoutMs: 5_000 };
    const send = (origin) => new Promise((resolve) => sender.send({ ...request, origin }, resolve));
    const first = await send('http://first.test:${new URL(origin).port}');
    try { for (;;) openSync('/dev/null'); } catch {}
    const result = await send(${JSON.stringify(origin)});
    writeSync(1, JSON.stringify({ first: first.failure, result }));
    process.exit();`;
  const limited = ['-c', 'ulimit -n 128 && exec "$0" "$@"', process.execPath, '--input-type=module', '-e', script];
  const sending = spawn('sh', limited, { stdio: ['ignore', 'pipe', 'inherit'] });
  const { first, result } = (await json(sending.stdout)) as { first: string; result: AttemptResult };
  expect(first).toBe('refused');
  return result;
}
