import { status, type ServerInterceptingCallInterface, type ServerMethodDefinition } from '@grpc/grpc-js';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { connect, type ClientHttp2Session } from 'node:http2';
import { connect as connectSocket } from 'node:net';
import { boundArrivals } from './grpc-arrivals.ts';
import { serveGrpc, type GrpcServer } from './grpc-server.ts';

const AT = { host: '127.0.0.1', port: 0, setting: 'x.port', maxMessageBytes: 1_024 };
/** RFC 9113, 6.5; an empty one comes first. */
const SETTINGS_FRAME = 4;
let server: GrpcServer;

beforeAll(async () => {
  server = await serveGrpc([], { ...AT, messageWithinMs: 1_000 });
});
afterAll(() => server?.close(Date.now() + 1_000));

/** A call of the health service of which these bytes come. */
async function call(session: ClientHttp2Session, bytes: Buffer, isWhole: boolean): Promise<string | undefined> {
  const path = '/grpc.health.v1.Health/Check';
  const stream = session.request({ ':method': 'POST', ':path': path, 'content-type': 'application/grpc' });
  let code: string | undefined;
  const note = (headers: Record<string, unknown>) => (code ??= headers['grpc-status'] as string | undefined);
  stream
    .on('response', note)
    .on('trailers', note)
    .on('error', () => {})
    .resume();
  stream.write(bytes);
  if (isWhole) stream.end();
  await once(stream, 'close');
  return code;
}

test('a client whose message does not come is told so, and cut off', async () => {
  const session = connect(`http://127.0.0.1:${server.port}`);
  session.on('error', () => {});
  const closed = once(session, 'close');
  // Of a message that may be empty.
  expect(await call(session, Buffer.alloc(5), true)).toBe(String(status.OK));
  const announced = Buffer.from([0, 0, 0, 1, 0, 7]);
  expect(await call(session, announced, false)).toBe(String(status.DEADLINE_EXCEEDED));
  await closed;
}, 20_000);

test('a client is pinged while nothing happens, and cut off if it does not answer', async () => {
  const pinging = await serveGrpc([], { ...AT, pingEveryMs: 2_000 });
  // Node answers by itself.
  const session = connect(`http://127.0.0.1:${pinging.port}`);
  const mute = connectSocket(pinging.port, '127.0.0.1');
  mute.on('error', () => {}).resume();
  mute.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
  mute.write(Buffer.from([0, 0, 0, SETTINGS_FRAME, 0, 0, 0, 0, 0]));
  const twice = once(session, 'ping').then(() => once(session, 'ping'));
  await Promise.all([twice, once(mute, 'close')]);
  session.destroy();
  await pinging.close(Date.now() + 1_000);
}, 20_000);

test('messages on their way are bounded over all connections; one that has come makes room', () => {
  const bound = boundArrivals({ withinMs: 60_000, most: 1, cut() {} });
  const begin = (requestStream: boolean) => {
    const codes: unknown[] = [];
    let listener: Parameters<ServerInterceptingCallInterface['start']>[0] | undefined;
    const base = {
      start: (given: typeof listener) => void (listener = given),
      sendStatus: ({ code }: { code: status }) => void codes.push(code),
    } as unknown as ServerInterceptingCallInterface;
    const nothing = () => {};
    const method = { requestStream } as ServerMethodDefinition<unknown, unknown>;
    bound(method, base).start({
      onReceiveMetadata: nothing,
      onReceiveMessage: nothing,
      onReceiveHalfClose: nothing,
      onCancel: nothing,
    });
    return {
      codes,
      isGivenOn: listener !== undefined,
      arrive: () => listener?.onReceiveMessage({}),
      end: () => listener?.onCancel(),
    };
  };
  const first = begin(false);
  expect([first.isGivenOn, begin(false)]).toMatchObject([true, { isGivenOn: false, codes: [status.UNAVAILABLE] }]);
  expect(begin(true).isGivenOn).toBe(true);
  first.arrive();
  first.end();
  const next = begin(false);
  expect([next.isGivenOn, begin(false).isGivenOn]).toEqual([true, false]);
  next.end();
  const last = begin(false);
  expect(last.isGivenOn).toBe(true);
  last.end();
});
