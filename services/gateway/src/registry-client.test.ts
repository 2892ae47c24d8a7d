import { Server, ServerCredentials } from '@grpc/grpc-js';
import { Registry, type RegistryHandlers } from '@hookline/contracts/grpc';
import { TooLarge, Unavailable } from '@hookline/domain';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createRegistryClient, type RegistryClient } from './registry-client.ts';

const MIB = 1024 * 1024;
const server = new Server();
let client: RegistryClient;

beforeAll(async () => {
  const LogIn: RegistryHandlers['LogIn'] = ({ request }, answer) => {
    answer(null, { token: 't'.repeat(Number(request.username)), expiresIn: 1 });
  };
  // Never answers.
  const GetWebhook: RegistryHandlers['GetWebhook'] = () => {};
  server.addService(Registry.service, { LogIn, GetWebhook });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) resolve(bound);
      else reject(error);
    });
  });
  client = createRegistryClient(`127.0.0.1:${port}`);
});
afterAll(() => {
  client.close();
  server.forceShutdown();
});

test('an answer larger than gRPC takes by default is taken, one beyond the bound is too large', async () => {
  const logIn = (bytes: number) => client.logIn({ username: String(bytes), password: '' }, { 'x-request-id': 'r' });
  expect((await logIn(6 * MIB)).token).toHaveLength(6 * MIB);
  await expect(logIn(8 * MIB)).rejects.toThrow(TooLarge);
});

test('a read that is not answered is given up within 2 s, and may be tried again', async () => {
  const startedAt = performance.now();
  const asked = client.getWebhook({ id: 'wh_1' }, { 'x-request-id': 'r' });
  await expect(asked).rejects.toThrow(Unavailable);
  // The deadline is 1.9 s; the rest is for a busy machine.
  expect(performance.now() - startedAt).toBeLessThan(5_000);
});
