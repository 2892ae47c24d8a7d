import { afterEach, describe, expect, test } from '@jest/globals';
import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createAddressGuard, type AttemptResult } from '@hookline/domain';
import { createReceiver, eventually, type Receiver, type ReceiverOptions } from '@hookline/testkit';
import { createSender, type OutgoingRequest, type Sender, type SenderOptions } from './index.ts';

const LOOPBACK = createAddressGuard(['127.0.0.0/8', '::1/128']);
const opened: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const part of opened.splice(0).toReversed()) await part.close();
});

describe('sender', () => {
  test('posts body and headers as they are and keeps the connection', async () => {
    const receiver = await receive();
    const sender = open();
    const body = Buffer.from('{"a": 1.0, "b":"\u00e9"}');
    for (let round = 0; round < 3; round++) {
      const result = await send(sender, receiver.url, { path: '/hooks?x=1', headers: ['x-one', '1'], body });
      expect(result).toMatchObject({ status: 200, failure: null, error: null, retryAfterMs: null });
      expect(result.durationMs).toBeGreaterThan(0);
    }
    const [first] = receiver.requests;
    expect(first).toMatchObject({ method: 'POST', path: '/hooks?x=1' });
    expect(first?.headers).toMatchObject({ 'x-one': '1', 'content-length': String(body.length) });
    expect(first?.body.equals(body)).toBe(true);
    expect(sender.counts()).toEqual({ open: 1, idle: 1, pools: 1 });
  });

  test.each([
    [200, null],
    [204, null],
    [301, 'redirect'],
    [307, 'redirect'],
    [400, 'client_error'],
    [408, 'client_error'],
    [410, 'gone'],
    [429, 'throttled'],
    [500, 'server_error'],
    [503, 'server_error'],
  ] as const)('an answer %p is %p', async (status, failure) => {
    const receiver = await receive({ respond: () => ({ status, headers: { location: '/elsewhere' } }) });
    expect(await send(open(), receiver.url)).toMatchObject({ status, failure });
    expect(receiver.requests).toHaveLength(1);
  });

  test.each([
    [429, '7', 7_000],
    [503, '120', 120_000],
    [500, '7', null],
    [429, 'soon', null],
    [429, '-1', null],
    [503, 'Fri, 31 Dec 1999 23:59:59 GMT', 0],
  ])('answer %p with Retry-After %p waits %p ms', async (status, retryAfter, expected) => {
    const receiver = await receive({ respond: () => ({ status, headers: { 'retry-after': retryAfter } }) });
    expect((await send(open(), receiver.url)).retryAfterMs).toBe(expected);
  });

  test('Retry-After may be a date', async () => {
    const headers = { 'retry-after': new Date(Date.now() + 60_000).toUTCString() };
    const receiver = await receive({ respond: () => ({ status: 429, headers }) });
    const { retryAfterMs } = await send(open(), receiver.url);
    expect(retryAfterMs).toBeGreaterThan(58_000);
    expect(retryAfterMs).toBeLessThanOrEqual(60_000);
  });

  test('keeps 4 KiB of an answer as text that a database takes', async () => {
    const receiver = await receive({ respond: () => ({ status: 500, body: `nul\0${'\u00e9'.repeat(4_000)}` }) });
    const { responseBody } = await send(open(), receiver.url);
    expect(responseBody?.startsWith('nul\ufffd\u00e9')).toBe(true);
    expect(responseBody?.endsWith('\u00e9')).toBe(true);
    expect(Buffer.byteLength(responseBody ?? '')).toBeLessThanOrEqual(4_100);
  });

  test('an endless answer is given up after 64 KiB; its status counts', async () => {
    let written = 0;
    const chunk = Buffer.alloc(16 * 1024, 'x');
    const port = await listen((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n');
      const flood = () => {
        while (!socket.destroyed && socket.write(`4000\r\n${chunk.toString()}\r\n`)) written += chunk.length;
      };
      socket.on('drain', flood);
      flood();
    });
    const result = await send(open(), `http://127.0.0.1:${port}`);
    expect(result).toMatchObject({ status: 200, failure: null });
    expect(result.responseBody).toBe('x'.repeat(4096));
    const after = written;
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(written).toBe(after);
  });

  test.each<[string, (socket: Socket) => void, string, Partial<AttemptResult>]>([
    ['headers', () => {}, 'no answer in time', { status: null }],
    [
      'body',
      (socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc'),
      'the answer did not end in time',
      { status: 200, responseBody: 'abc' },
    ],
  ])('the deadline holds while waiting for %s', async (_phase, answer, error, expected) => {
    const port = await listen(answer);
    const result = await send(open(), `http://127.0.0.1:${port}`, { timeoutMs: 150 });
    expect(result).toMatchObject({ failure: 'timeout', error, ...expected });
    expect(result.durationMs).toBeGreaterThanOrEqual(149);
    expect(result.durationMs).toBeLessThan(600);
  });

  test('an answer that dribbles has a deadline of its own', async () => {
    const port = await listen((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n');
      const timer = setInterval(() => socket.write('x'), 20);
      socket.on('close', () => clearInterval(timer));
    });
    const result = await send(open({ bodyTimeoutMs: 150 }), `http://127.0.0.1:${port}`, { timeoutMs: 20_000 });
    expect(result).toMatchObject({ failure: 'timeout', status: 200 });
    expect(result.durationMs).toBeLessThan(1_000);
  });

  test("an answer's headers have a deadline of their own, on a new connection and on a kept one", async () => {
    const receiver = await receive({ respond: (_request, count) => (count === 1 ? { status: 200 } : 'hang') });
    const sender = open({ headersTimeoutMs: 1_000 });
    expect((await send(sender, receiver.url)).failure).toBeNull();
    for (const kept of [true, false]) {
      const result = await send(sender, receiver.url, { timeoutMs: 60_000 });
      expect(result).toMatchObject({ failure: 'timeout', phase: 'headers', error: 'no answer in time', status: null });
      expect(result.timings?.connectMs === undefined).toBe(kept);
      expect(result.durationMs).toBeGreaterThanOrEqual(999);
    }
  });

  test('a deadline for headers is over when they are here, and begins when the request goes out', async () => {
    const sender = open({ headersTimeoutMs: 1_000, bodyTimeoutMs: 60_000 });
    const slow = await listen((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\no');
      setTimeout(() => socket.write('k'), 1_300);
    });
    const silent = await listen(() => {});
    const [answered, unconnected] = await Promise.all([
      send(sender, `http://127.0.0.1:${slow}`),
      send(sender, `https://127.0.0.1:${silent}`, { timeoutMs: 1_300 }),
    ]);
    expect(answered).toMatchObject({ failure: null, responseBody: 'ok' });
    expect(unconnected).toMatchObject({ failure: 'timeout', phase: 'tls' });
    expect(unconnected.durationMs).toBeGreaterThanOrEqual(1_299);
  });

  test('the deadline holds while a connection is being made, and nothing is sent afterwards', async () => {
    // TLS against a server that never says a word: connected, but not usable.
    const received: Buffer[] = [];
    const port = await listen((socket) => socket.on('data', (chunk: Buffer) => received.push(chunk)));
    const result = await send(open(), `https://127.0.0.1:${port}`, { timeoutMs: 150 });
    expect(result).toMatchObject({ failure: 'timeout', error: 'no TLS handshake in time', phase: 'tls', status: null });
    expect(Buffer.concat(received).includes('POST')).toBe(false);
  });

  test('a connection has a deadline of its own', async () => {
    const port = await listen(() => {});
    const result = await send(open({ connectTimeoutMs: 200 }), `https://127.0.0.1:${port}`, { timeoutMs: 20_000 });
    expect(result.failure).toBe('timeout');
    expect(result.durationMs).toBeLessThan(3_000);
  });

  test('a refused connection is refused, a broken one reset, a wrong protocol tls', async () => {
    const closed = await receive();
    await closed.close();
    const sender = open();
    expect(await send(sender, closed.url)).toMatchObject({ failure: 'refused', status: null });
    const breaking = await receive({ respond: () => 'reset' });
    expect(await send(sender, breaking.url)).toMatchObject({ failure: 'reset', status: null });
    const plain = await receive();
    expect(await send(sender, plain.url.replace('http', 'https'))).toMatchObject({ failure: 'tls' });
    const nonsense = await listen((socket) => socket.end('this is no HTTP\r\n\r\n'));
    expect((await send(sender, `http://127.0.0.1:${nonsense}`)).failure).toBe('other');
  });

  test('says what each phase took, and nothing of those that a kept connection needs no more', async () => {
    const receiver = await receive({ respond: () => ({ status: 200, delayMs: 60 }) });
    const sender = open();
    const [first, second] = [await send(sender, receiver.url), await send(sender, receiver.url)];
    expect(first.timings).toEqual({
      dnsMs: expect.any(Number),
      connectMs: expect.any(Number),
      firstByteMs: expect.any(Number),
    });
    expect(Object.keys(second.timings ?? {})).toEqual(['firstByteMs']);
    for (const { timings, durationMs } of [first, second]) {
      expect(timings?.firstByteMs).toBeGreaterThan(50);
      expect(timings?.firstByteMs).toBeLessThanOrEqual(durationMs);
    }
  });

  test('of a success neither phase nor headers are kept, of a failure both', async () => {
    const answers = [200, 503];
    const receiver = await receive({
      respond: (_request, count) => ({ status: answers[count - 1] ?? 200, headers: { 'x-request-id': 'r1' } }),
    });
    const headers = ['webhook-id', 'dlv_1', 'authorization', 'Bearer x'];
    const success = await send(open(), receiver.url, { headers });
    expect(Object.keys(success)).not.toEqual(expect.arrayContaining(['phase']));
    expect(Object.keys(success)).not.toEqual(expect.arrayContaining(['requestHeaders']));
    const failed = await send(open(), receiver.url, { headers });
    expect(failed.requestHeaders).toEqual({ 'webhook-id': 'dlv_1', authorization: '***' });
    expect(failed.responseHeaders).toMatchObject({ 'x-request-id': 'r1' });
    // The whole answer is there: nothing was waited for.
    expect(failed).not.toHaveProperty('phase');
  });

  test('a failure says what was waited for', async () => {
    const phaseOf = async (answer: (socket: Socket) => void, scheme = 'http') => {
      const port = await listen(answer);
      const { phase } = await send(open(), `${scheme}://127.0.0.1:${port}`, { timeoutMs: 150 });
      return phase;
    };
    expect(await phaseOf(() => {}, 'https')).toBe('tls');
    expect(await phaseOf(() => {})).toBe('headers');
    expect(await phaseOf((socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n'))).toBe('body');
    expect(await phaseOf((socket) => socket.on('data', () => socket.destroy()))).toBe('headers');
    expect(await send(open(), 'http://127.0.0.1:1')).toMatchObject({ failure: 'refused', phase: 'connect' });
  });

  test('a request that is broken off while its connection is made leaves nothing behind', async () => {
    const sockets: Socket[] = [];
    const port = await listen((socket) => sockets.push(socket.resume()));
    const sender = open();
    const results: AttemptResult[] = [];
    const sending = sender.send(request(`https://127.0.0.1:${port}`), (result) => results.push(result));
    await eventually(() => expect(sockets).toHaveLength(1));
    sending.abort();
    expect(results).toMatchObject([{ failure: 'shutdown', phase: 'tls' }]);
    await eventually(() => expect(sockets[0]?.destroyed).toBe(true));
    expect(sender.counts()).toEqual({ open: 0, idle: 0, pools: 0 });
  });

  test.each([
    [
      'an upgrade that nobody asked for',
      'HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n',
    ],
    ['headers without end', `HTTP/1.1 200 OK\r\nx: ${'x'.repeat(100_000)}`],
    ['two lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nxx'],
    ['a length too much', 'HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\nxx'],
  ])('%s is a failure', async (_what, answer) => {
    const port = await listen((socket) => socket.once('data', () => socket.end(answer)));
    const result = await send(open(), `http://127.0.0.1:${port}`);
    expect(['other', 'reset']).toContain(result.failure);
  });

  test('informational answers are passed over', async () => {
    const port = await listen((socket) =>
      socket.once('data', () =>
        socket.write(
          'HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n',
        ),
      ),
    );
    expect(await send(open(), `http://127.0.0.1:${port}`)).toMatchObject({ failure: null, status: 200 });
  });

  test('an answer before the whole request was sent counts, and the connection is not used again', async () => {
    let connections = 0;
    const port = await listen((socket) => {
      connections++;
      socket.once('data', () => socket.write('HTTP/1.1 413 No\r\ncontent-length: 0\r\nconnection: close\r\n\r\n'));
    });
    const sender = open();
    const body = Buffer.alloc(4 * 1024 * 1024);
    for (let round = 0; round < 2; round++) {
      expect(await send(sender, `http://127.0.0.1:${port}`, { body })).toMatchObject({ status: 413 });
    }
    expect(connections).toBe(2);
  });

  test('a header that HTTP does not know is a failure, not an exception', async () => {
    const receiver = await receive();
    expect(await send(open(), receiver.url, { headers: ['x-bad', 'a\nb'] })).toMatchObject({ failure: 'other' });
    expect(receiver.requests).toHaveLength(0);
  });

  test('an address that must not be reached is blocked, literally and by name', async () => {
    const receiver = await receive();
    const sender = open({ guard: createAddressGuard() });
    for (const host of ['127.0.0.1', 'localhost', '[::ffff:127.0.0.1]', '[::1]']) {
      const result = await send(sender, `http://${host}:${receiver.port}`);
      expect(result).toMatchObject({ failure: 'blocked', status: null });
    }
    expect(receiver.requests).toHaveLength(0);
  });

  test('localhost is found without DNS', async () => {
    const receiver = await receive();
    expect(await send(open(), `http://localhost:${receiver.port}`)).toMatchObject({ failure: null });
  });

  test('an aborted request is failed: shutdown, at once and only once', async () => {
    const receiver = await receive({ respond: () => 'hang' });
    const sender = open();
    const results: AttemptResult[] = [];
    const sending = sender.send(request(receiver.url), (result) => results.push(result));
    await receiver.waitFor(1);
    sending.abort();
    sending.abort();
    expect(results.map(({ failure }) => failure)).toEqual(['shutdown']);
  });

  test('close aborts what is under way; later requests fail: shutdown', async () => {
    const receiver = await receive({ respond: () => 'hang' });
    const sender = open();
    const pending = send(sender, receiver.url);
    await receiver.waitFor(1);
    await sender.close();
    expect(await pending).toMatchObject({ failure: 'shutdown' });
    expect(await send(sender, receiver.url)).toMatchObject({ failure: 'shutdown' });
    await sender.close();
  });

  test('of idle connections only so many are kept, those used last', async () => {
    const receivers = await Promise.all([receive(), receive(), receive()]);
    const sender = open({ maxIdle: 2 });
    for (const { url } of receivers) expect((await send(sender, url)).failure).toBeNull();
    expect(sender.counts()).toEqual({ open: 2, idle: 2, pools: 2 });
    const kept = await Promise.all(receivers.map(({ url }) => send(sender, url)));
    expect(kept.map(({ timings }) => timings?.connectMs === undefined)).toEqual([false, true, true]);
  });

  test('an origin has at most so many connections; what waits for one has its deadline', async () => {
    let under = 0;
    let most = 0;
    const receiver = await receive({
      respond: async () => {
        most = Math.max(most, ++under);
        await new Promise((resolve) => setTimeout(resolve, 20));
        under--;
        return { status: 200 };
      },
    });
    const sender = open({ maxPerOrigin: 2 });
    const results = await Promise.all(Array.from({ length: 9 }, () => send(sender, receiver.url)));
    expect(results.map(({ failure }) => failure)).toEqual(results.map(() => null));
    expect(most).toBe(2);
    const hanging = await receive({ respond: () => 'hang' });
    const late = await Promise.all([400, 400, 150].map((timeoutMs) => send(sender, hanging.url, { timeoutMs })));
    expect(late.map(({ phase }) => phase)).toEqual(['headers', 'headers', 'connect']);
  });
});

function open(options: Partial<SenderOptions> = {}): Sender {
  const sender = createSender({ guard: LOOPBACK, ...options });
  opened.push(sender);
  return sender;
}

async function receive(options?: ReceiverOptions): Promise<Receiver> {
  const receiver = await createReceiver(options);
  opened.push(receiver);
  return receiver;
}

/** A server that does anything but HTTP. */
async function listen(connected: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server: Server = createTcpServer((socket) => {
    sockets.add(socket.on('error', () => {}));
    connected(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  opened.push({
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  });
  return (server.address() as AddressInfo).port;
}

function request(origin: string, parts: Partial<OutgoingRequest> = {}): OutgoingRequest {
  return { origin, path: '/', headers: [], body: Buffer.from('{}'), timeoutMs: 5_000, ...parts };
}

function send(sender: Sender, origin: string, parts?: Partial<OutgoingRequest>): Promise<AttemptResult> {
  return new Promise((resolve) => sender.send(request(origin, parts), resolve));
}
