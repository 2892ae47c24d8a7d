import { afterEach, describe, expect, test } from '@jest/globals';
import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setDefaultCACertificates } from 'node:tls';
import { createAddressGuard, type AttemptResult } from '@hookline/domain';
import {
  createAuthority,
  createConnectProxy,
  createNameServer,
  createReceiver,
  type Certificate,
  type ConnectProxy,
} from '@hookline/testkit';
import { createSender, type SenderOptions } from './index.ts';
import { createProxy } from './proxy.ts';
import { createTlsIdentity, type TlsIdentity } from './tls-identity.ts';

const opened: { close(): unknown }[] = [];

afterEach(async () => {
  for (const part of opened.splice(0).toReversed()) await part.close();
});

async function startProxy(status = 200, tls?: Certificate): Promise<ConnectProxy> {
  return startChoosyProxy(() => status, tls);
}

async function startChoosyProxy(status: (host: string) => number, tls?: Certificate): Promise<ConnectProxy> {
  const proxy = await createConnectProxy(status, tls);
  opened.push(proxy);
  return proxy;
}

async function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  opened.push({
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(resolve));
    },
  });
  return (server.address() as AddressInfo).port;
}

/** Posts twice, on one connection where that is kept. */
async function postTwice(origin: string, options: Partial<SenderOptions>, tls?: TlsIdentity): Promise<AttemptResult[]> {
  const sender = createSender({ guard: createAddressGuard(['127.0.0.0/8']), ...options });
  opened.push(sender);
  const request = { origin, path: '/', headers: [], body: Buffer.from('{}'), timeoutMs: 5_000, tls };
  const post = () => new Promise<AttemptResult>((resolve) => sender.send(request, resolve));
  return [await post(), await post()];
}

async function receive(tls?: Certificate) {
  const receiver = await createReceiver(
    tls === undefined ? {} : { tls: { cert: tls.certificate, key: tls.privateKey } },
  );
  opened.push(receiver);
  return receiver;
}

describe('an outgoing proxy', () => {
  test('is asked for one tunnel for what is kept on one connection, with its credentials, and sees nothing of it', async () => {
    const proxy = await startProxy();
    const receiver = await receive();
    const results = await postTwice(receiver.url, { proxy: proxy.url.replace('//', '//us%40er:pass%3Aword@') });
    expect(results).toMatchObject([{ failure: null }, { failure: null }]);
    const authorization = `Basic ${Buffer.from('us@er:pass:word').toString('base64')}`;
    expect(proxy.asked).toEqual([{ host: `127.0.0.1:${receiver.port}`, authorization }]);
    expect(receiver.requests[0]?.headers).not.toHaveProperty('proxy-authorization');
    expect(receiver.requests[0]?.headers.host).toBe(`127.0.0.1:${receiver.port}`);
  });

  test('is told the checked address; the receiver sees its name in SNI and Host', async () => {
    const authority = await createAuthority();
    const receiver = await receive(await authority.issue('receiver.test'));
    const names = await createNameServer((_name, family) => (family === 4 ? ['127.0.0.1'] : ['127.0.0.1']));
    opened.push(names);
    const proxy = await startProxy();
    const [result] = await postTwice(
      `https://receiver.test:${receiver.port}`,
      { proxy: proxy.url, names: { servers: [names.address] } },
      createTlsIdentity(authority.certificate),
    );
    expect(result).toMatchObject({ failure: null });
    expect(result?.timings).toMatchObject({ tlsMs: expect.any(Number) });
    expect(proxy.asked.map(({ host }) => host)).toEqual([`127.0.0.1:${receiver.port}`]);
    expect(receiver.requests[0]?.headers.host).toBe(`receiver.test:${receiver.port}`);
  });

  test('may speak TLS itself, also around the receiver’s', async () => {
    const authority = await createAuthority();
    setDefaultCACertificates([authority.certificate]);
    const proxy = await startProxy(200, await authority.issue('proxy.test'));
    for (const receiver of [await receive(), await receive(await authority.issue('receiver.test'))]) {
      const results = await postTwice(receiver.url, { proxy: proxy.url });
      expect(results).toMatchObject([{ failure: null }, { failure: null }]);
    }
    expect(proxy.asked).toHaveLength(2);
  });

  test('is never asked for an address that must not be reached', async () => {
    const proxy = await startProxy();
    const names = await createNameServer(() => ['10.0.0.1']);
    opened.push(names);
    for (const host of ['10.0.0.1', '169.254.169.254', 'inner.test']) {
      const [result] = await postTwice(`http://${host}:80`, { proxy: proxy.url, names: { servers: [names.address] } });
      expect(result).toMatchObject({ failure: 'blocked' });
    }
    expect(proxy.asked).toEqual([]);
  });

  test.each([
    [502, 'refused'],
    [503, 'refused'],
    [504, 'timeout'],
    [403, 'proxy'],
    [407, 'proxy'],
    [429, 'proxy'],
    [500, 'proxy'],
    [301, 'proxy'],
  ] as const)('that answers %p to CONNECT leads to %p', async (status, failure) => {
    const proxy = await startProxy(status);
    const [result] = await postTwice('http://127.0.0.1:1', { proxy: proxy.url });
    expect(result).toMatchObject({ failure, phase: 'connect', status: null });
    expect(result?.error).toBe(`the proxy answered ${status} to CONNECT 127.0.0.1:1`);
  });

  test('is asked for another address of the name where it can’t connect to the first', async () => {
    const proxy = await startChoosyProxy((host) => (host.startsWith('127.0.0.2') ? 502 : 200));
    const receiver = await receive();
    const names = await createNameServer((_name, family) => (family === 4 ? ['127.0.0.2', '127.0.0.1'] : []));
    opened.push(names);
    const [result] = await postTwice(`http://two.test:${receiver.port}`, {
      proxy: proxy.url,
      names: { servers: [names.address] },
    });
    expect(result).toMatchObject({ failure: null });
    expect(proxy.asked.map(({ host }) => host)).toEqual(
      ['127.0.0.2', '127.0.0.1'].map((at) => `${at}:${receiver.port}`),
    );
  });

  test.each<[string, (socket: Socket) => void]>([
    ['closes', (socket) => socket.destroy()],
    ['talks nonsense', (socket) => socket.end('220 smtp ready\r\n\r\n')],
    ['never ends its answer', (socket) => socket.write(`HTTP/1.1 200 OK\r\nx: ${'x'.repeat(20_000)}`)],
    ['says more than its answer', (socket) => socket.write('HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\n\r\n')],
  ])('that %s is at fault itself', async (_what, behave) => {
    const port = await listen(createTcpServer((socket) => behave(socket.on('error', () => {}))));
    const receiver = await receive();
    const [result] = await postTwice(receiver.url, { proxy: `http://127.0.0.1:${port}` });
    expect(result).toMatchObject({ failure: 'proxy', status: null });
    expect(receiver.requests).toHaveLength(0);
  });

  test('that can’t be reached, or not in time, is at fault itself', async () => {
    const receiver = await receive();
    const [refused] = await postTwice(receiver.url, { proxy: 'http://127.0.0.1:1' });
    expect(refused).toMatchObject({
      failure: 'proxy',
      error: 'the proxy can’t be reached: connect ECONNREFUSED 127.0.0.1:1',
    });
    const silent = await listen(createTcpServer((socket) => socket.on('error', () => {})));
    // It speaks TLS only in its URL.
    const [late] = await postTwice(receiver.url, { proxy: `https://127.0.0.1:${silent}`, connectTimeoutMs: 100 });
    expect(late).toMatchObject({ failure: 'proxy' });
  });

  test('that connects for ever is the receiver’s fault', async () => {
    const silent = await listen(createTcpServer((socket) => socket.on('error', () => {})));
    const [late] = await postTwice('http://127.0.0.1:1', {
      proxy: `http://127.0.0.1:${silent}`,
      connectTimeoutMs: 100,
    });
    expect(late).toMatchObject({ failure: 'timeout', phase: 'connect' });
  });

  test.each([
    ['http://proxy:3128', { secure: false, hostname: 'proxy', port: 3128, authorization: null }],
    ['http://proxy', { secure: false, port: 80 }],
    ['https://[::1]', { secure: true, hostname: '::1', port: 443 }],
  ])('is read from %p', (url, expected) => {
    expect(createProxy(url)).toMatchObject(expected);
  });
});
