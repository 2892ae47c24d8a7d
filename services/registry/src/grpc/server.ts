import {
  MAX_MESSAGE_BYTES,
  Registry,
  REGISTRY_SERVICE,
  registryPackage,
  type RegistryHandlers,
} from '@hookline/contracts/grpc';
import { describeListenError } from '@hookline/service-kit';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { ReflectionService } from '@grpc/reflection';
import { HealthImplementation } from 'grpc-health-check';
import { createServer } from 'node:net';

export interface GrpcServer {
  readonly port: number;
  /** What the health service says. */
  serving(yes: boolean): void;
  /** Takes no new calls, lets those under way finish until the deadline, then cuts them off. Idempotent. */
  close(deadlineAtMs: number): Promise<void>;
}

/** @throws Conflict if the port is taken, InvalidInput if the address can't be used */
export async function listenGrpc(
  handlers: RegistryHandlers,
  { host, port, setting }: { host: string; port: number; setting: string },
): Promise<GrpcServer> {
  await claimable(host, port).catch((error: NodeJS.ErrnoException) => {
    throw describeListenError(error, host, port, setting);
  });
  const server = new Server({
    'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
    'grpc.max_concurrent_streams': 1_000,
  });
  server.addService(Registry.service, handlers);
  const health = new HealthImplementation();
  health.addToServer(server);
  new ReflectionService(registryPackage).addToServer(server);
  const bound = await new Promise<number>((resolve, reject) => {
    server.bindAsync(
      `${host.includes(':') ? `[${host}]` : host}:${port}`,
      ServerCredentials.createInsecure(),
      (error, actual) => {
        if (error === null) resolve(actual);
        else reject(describeListenError(error, host, port, setting));
      },
    );
  });
  const setStatus = (status: 'SERVING' | 'NOT_SERVING') => {
    for (const service of ['', REGISTRY_SERVICE]) health.setStatus(service, status);
  };
  setStatus('NOT_SERVING');
  let closing: Promise<void> | undefined;
  return {
    port: bound,
    serving: (yes) => setStatus(yes ? 'SERVING' : 'NOT_SERVING'),
    close(deadlineAtMs) {
      closing ??= new Promise((resolve) => {
        const cutOff = setTimeout(() => server.forceShutdown(), Math.max(0, deadlineAtMs - Date.now()));
        server.tryShutdown(() => {
          clearTimeout(cutOff);
          resolve();
        });
      });
      return closing;
    },
  };
}

/** Asked first, since grpc-js tells why it can't listen in words only, and on the console. */
async function claimable(host: string, port: number): Promise<void> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once('error', reject);
    probe.listen(port, host, resolve);
  });
  await new Promise<void>((resolve) => probe.close(() => resolve()));
}
