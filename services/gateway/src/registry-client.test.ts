import { Server, ServerCredentials } from '@grpc/grpc-js';
import { Registry, type RegistryHandlers } from '@hookline/contracts/grpc';
import { TooLarge } from '@hookline/domain';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createRegistryClient, type RegistryClient } from './registry-client.ts';

const MIB = 1024 * 1024;
const server = new Server();
let client: RegistryClient;

beforeAll(async () => {
  const LogIn: RegistryHandlers['LogIn'] = ({ request }, answer) => {
    answer(null, { token: 't'.repeat(Number(request.username)), expiresIn: 1 });
  };
  server.addService(Registry.service, { LogIn });
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
