import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createClient, type RedisClient } from './client.ts';

const DEADLINE_MS = 20_000;
const TLS_HANDSHAKE = 0x16;
const COMMAND = '*'.codePointAt(0);

let server: Server;
let client: RedisClient | undefined;
const sockets: Socket[] = [];

beforeEach(async () => {
  server = createServer((socket) => {
    sockets.push(socket.on('error', () => {}));
    socket.on('data', ([first]) => server.emit('spoken', first));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterEach(async () => {
  client?.disconnect();
  for (const socket of sockets.splice(0)) socket.destroy();
  server.close();
  await once(server, 'close');
});

const here = () => ({ host: '127.0.0.1', port: (server.address() as AddressInfo).port });

/** The first byte that a client says to a server. */
async function firstByte(url: string, kind: string): Promise<unknown> {
  const spoken = once(server, 'spoken', { signal: AbortSignal.timeout(DEADLINE_MS) });
  client = createClient(
    {
      url,
      ...(kind === 'cluster' && { cluster: { nodes: [] } }),
      ...(kind === 'sentinel' && { sentinel: { nodes: [here()] } }),
    },
    DEADLINE_MS,
  );
  client.on('error', () => {});
  return (await spoken)[0];
}

describe('the scheme of a URL decides on TLS, in capitals too', () => {
  test.each([
    ['single', 'rediss', TLS_HANDSHAKE],
    ['single', 'REDISS', TLS_HANDSHAKE],
    ['cluster', 'REDISS', TLS_HANDSHAKE],
    ['sentinel', 'Rediss', TLS_HANDSHAKE],
    ['single', 'REDIS', COMMAND],
    ['cluster', 'REDIS', COMMAND],
    ['sentinel', 'REDIS', COMMAND],
  ])('%s, %s://', async (kind, scheme, expected) => {
    const where = kind === 'sentinel' ? 'mymaster' : `127.0.0.1:${here().port}`;
    expect(await firstByte(`${scheme}://:password@${where}`, kind)).toBe(expected);
  });
});
