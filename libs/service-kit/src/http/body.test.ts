import { once } from 'node:events';
import { connect } from 'node:net';
import { InvalidInput, TooLarge } from '@hookline/domain';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { readBody } from './body.ts';
import { sendJson, sendProblem } from './problem.ts';
import { listen, type HttpServer } from './server.ts';

const MAX_BYTES = 100;
let server: HttpServer;
let outcome: PromiseWithResolvers<Buffer>;

beforeAll(async () => {
  server = await listen(
    (request, response) => {
      const body = readBody(request, MAX_BYTES);
      outcome.resolve(body);
      body.then(
        (bytes) => sendJson(response, 200, { size: bytes.length }),
        (error: unknown) => sendProblem(response, error),
      );
    },
    { host: '127.0.0.1', port: 0, setting: 'gateway.port' },
  );
});
afterAll(async () => {
  await server.close(0);
});
beforeEach(() => {
  outcome = Promise.withResolvers();
  // Looked at by the test only once the answer is there.
  outcome.promise.catch(() => {});
});

/** Sends bytes as they are and reads the answer until the server has said something, or the connection is over. */
async function send(...parts: string[]): Promise<string> {
  const socket = connect(server.port, '127.0.0.1');
  await once(socket, 'connect');
  for (const part of parts) {
    socket.write(part);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const [answer] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  return answer.toString('utf8');
}

const HEAD = 'POST / HTTP/1.1\r\nhost: x\r\n';
const chunk = (size: number) => `${size.toString(16)}\r\n${'x'.repeat(size)}\r\n`;

describe('a body', () => {
  test('of exactly the limit is read, announced or not', async () => {
    expect(await send(`${HEAD}content-length: 100\r\n\r\n`, 'x'.repeat(60), 'x'.repeat(40))).toMatch(/^HTTP\/1.1 200/);
    expect((await outcome.promise).toString()).toBe('x'.repeat(100));
    expect(await send(`${HEAD}transfer-encoding: chunked\r\n\r\n`, chunk(60), chunk(40), '0\r\n\r\n')).toContain(
      '{"size":100}',
    );
  });

  test('of nothing is empty', async () => {
    expect(await send(`${HEAD}\r\n`)).toContain('{"size":0}');
    expect(await outcome.promise).toEqual(Buffer.alloc(0));
  });

  test('that announces too much is refused before any of it has come', async () => {
    expect(await send(`${HEAD}content-length: 101\r\n\r\n`)).toMatch(/^HTTP\/1.1 413/);
    await expect(outcome.promise).rejects.toThrow(TooLarge);
  });

  test('that announces nothing is refused as soon as too much has come', async () => {
    expect(await send(`${HEAD}transfer-encoding: chunked\r\n\r\n`, chunk(60), chunk(41))).toMatch(/^HTTP\/1.1 413/);
    await expect(outcome.promise).rejects.toThrow('larger than 100 bytes');
  });

  test('that breaks off is no body', async () => {
    const socket = connect(server.port, '127.0.0.1');
    await once(socket, 'connect');
    const asked = once(server.server, 'request');
    socket.write(`${HEAD}content-length: 50\r\n\r\nhalf`);
    await asked;
    socket.destroy();
    await expect(outcome.promise).rejects.toThrow(InvalidInput);
  });
});
