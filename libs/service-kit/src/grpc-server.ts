import { Server, type ServiceDefinition, type UntypedServiceImplementation } from '@grpc/grpc-js';
import { ReflectionService } from '@grpc/reflection';
import { HealthImplementation } from 'grpc-health-check';
import { createServer } from 'node:net';
import { grpcListening } from './grpc-tls.ts';
import { describeListenError } from './http/server.ts';
import type { TlsFiles } from './http/tls-files.ts';
import type { Log } from './log.ts';

export interface GrpcServer {
  readonly port: number;
  /** What the health service says. */
  serving(yes: boolean): void;
  /** Takes no new calls, lets those under way finish until the deadline, then cuts them off. Idempotent. */
  close(deadlineAtMs: number): Promise<void>;
}

export interface GrpcService {
  /** `hookline.v1.Registry`, as the health service calls it. */
  name: string;
  definition: ServiceDefinition;
  handlers: UntypedServiceImplementation;
  /** For the reflection service. */
  package: ConstructorParameters<typeof ReflectionService>[0];
}

export interface GrpcListenOptions {
  host: string;
  /** 0: any free one. */
  port: number;
  /** The config key of the port, for the message when it is taken. */
  setting: string;
  /** Of a call's message; a larger one is RESOURCE_EXHAUSTED. */
  maxMessageBytes: number;
  /** TLS with these; a certificate that is replaced is used within 5 s, for new connections. */
  tls?: TlsFiles | undefined;
  log?: Log | undefined;
}

/** Calls under way on one connection; more wait at the client. */
const MAX_CALLS_PER_CONNECTION = 1_000;
/** A client that has gone without a word is noticed by then, and its calls are cancelled. */
const KEEPALIVE_MS = 60_000;
const KEEPALIVE_TIMEOUT_MS = 20_000;

/**
 * Services with health and reflection beside them.
 * @throws Conflict if the port is taken, InvalidInput if the address can't be used
 */
export async function serveGrpc(
  services: readonly GrpcService[],
  { host, port, setting, maxMessageBytes, tls, log }: GrpcListenOptions,
): Promise<GrpcServer> {
  await claimable(host, port).catch((error: NodeJS.ErrnoException) => {
    throw describeListenError(error, host, port, setting);
  });
  const server = new Server({
    'grpc.max_receive_message_length': maxMessageBytes,
    'grpc.max_concurrent_streams': MAX_CALLS_PER_CONNECTION,
    'grpc.keepalive_time_ms': KEEPALIVE_MS,
    'grpc.keepalive_timeout_ms': KEEPALIVE_TIMEOUT_MS,
  });
  for (const { definition, handlers } of services) server.addService(definition, handlers);
  const health = new HealthImplementation();
  health.addToServer(server);
  new ReflectionService(Object.assign({}, ...services.map((service) => service.package))).addToServer(server);
  const { credentials, forget } = grpcListening(tls, log);
  const bound = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`${host.includes(':') ? `[${host}]` : host}:${port}`, credentials, (error, actual) => {
      if (error === null) resolve(actual);
      else reject(describeListenError(error, host, port, setting));
    });
  });
  const setStatus = (status: 'SERVING' | 'NOT_SERVING') => {
    for (const name of ['', ...services.map((service) => service.name)]) health.setStatus(name, status);
  };
  setStatus('NOT_SERVING');
  let closing: Promise<void> | undefined;
  return {
    port: bound,
    serving: (yes) => setStatus(yes ? 'SERVING' : 'NOT_SERVING'),
    close(deadlineAtMs) {
      forget();
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
