import { credentials, loadPackageDefinition, makeClientConstructor, type ClientDuplexStream } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import {
  MAX_MESSAGE_BYTES,
  Registry,
  REGISTRY_SERVICE,
  type AccessHandlers,
  type RegistryHandlers,
} from '@hookline/contracts/grpc';
import { TooLarge } from '@hookline/domain';
import { errorOfGrpc, type GrpcServer } from '@hookline/service-kit/grpc';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { service as healthService } from 'grpc-health-check';
import { join } from 'node:path';
import { listenGrpc } from './server.ts';

const HOST = '127.0.0.1';
const answer: RegistryHandlers['LogIn'] = (_call, callback) => callback(null, { token: 't', expiresIn: 1 });
const METHODS = [
  'LogIn',
  'ChangePassword',
  'CreateWebhook',
  'GetWebhook',
  'ListWebhooks',
  'ReplaceWebhook',
  'DeleteWebhook',
];
const registry = Object.fromEntries(METHODS.map((method) => [method, answer])) as unknown as RegistryHandlers;
const handlers = { registry, access: {} as AccessHandlers };

let server: GrpcServer;
beforeEach(async () => {
  server = await listenGrpc(handlers, { host: HOST, port: 0, setting: 'registry.grpc_port' });
});
afterEach(() => server.close(Date.now() + 1_000));

test.each(['', REGISTRY_SERVICE])('the health service tells whether %j serves', async (service) => {
  const Health = makeClientConstructor(healthService, 'Health');
  const client = new Health(`${HOST}:${server.port}`, credentials.createInsecure());
  const check = () =>
    new Promise((resolve, reject) => {
      const call = client['check'] as (request: object, done: (error: Error | null, answer: object) => void) => void;
      call.call(client, { service }, (error, response) => (error === null ? resolve(response) : reject(error)));
    });
  expect(await check()).toMatchObject({ status: 'NOT_SERVING' });
  server.serving(true);
  expect(await check()).toMatchObject({ status: 'SERVING' });
  client.close();
});

test('a call is taken up to the bound, and beyond it is too large', async () => {
  const client = new Registry(`${HOST}:${server.port}`, credentials.createInsecure());
  const logIn = (bytes: number) =>
    new Promise((resolve, reject) => {
      client.LogIn({ username: 'x'.repeat(bytes) }, (error, response) => {
        if (error === null) resolve(response);
        else reject(errorOfGrpc(error, 'registry'));
      });
    });
  expect(await logIn(MAX_MESSAGE_BYTES - 100)).toMatchObject({ token: 't' });
  await expect(logIn(MAX_MESSAGE_BYTES)).rejects.toThrow(TooLarge);
  client.close();
});

test('the reflection service lists the registry', async () => {
  const proto = join(
    import.meta.dirname,
    '../../../../node_modules/@grpc/reflection/build/proto/grpc/reflection/v1/reflection.proto',
  );
  const loaded = loadPackageDefinition(loadSync(proto)) as unknown as {
    grpc: { reflection: { v1: { ServerReflection: ReturnType<typeof makeClientConstructor> } } };
  };
  const client = new loaded.grpc.reflection.v1.ServerReflection(`${HOST}:${server.port}`, credentials.createInsecure());
  const stream = (client['ServerReflectionInfo'] as () => ClientDuplexStream<object, object>)();
  const answered = new Promise((resolve, reject) => stream.once('data', resolve).once('error', reject));
  stream.write({ listServices: '' });
  expect(JSON.stringify(await answered)).toContain(REGISTRY_SERVICE);
  stream.end();
  client.close();
});

test('a port that is taken is told by its setting', async () => {
  const again = listenGrpc(handlers, { host: HOST, port: server.port, setting: 'registry.grpc_port' });
  await expect(again).rejects.toThrow(`port ${server.port} on ${HOST} is taken`);
  await expect(again).rejects.toThrow('registry.grpc_port');
});
