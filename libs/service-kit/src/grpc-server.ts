import { Server, type ServiceDefinition, type UntypedServiceImplementation } from '@grpc/grpc-js';
import { ReflectionService } from '@grpc/reflection';
import { HealthImplementation } from 'grpc-health-check';
import { createServer, type AddressInfo, type Server as Listener, type Socket } from 'node:net';
import { boundArrivals } from './grpc-arrivals.ts';
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
  /** How long it may take to come, where its caller isn't known before. */
  messageWithinMs?: number;
  /** How often every connection is pinged. */
  pingEveryMs?: number;
  /** TLS with these; a certificate that is replaced is used within 5 s, for new connections. */
  tls?: TlsFiles | undefined;
  log?: Log | undefined;
}

/** Calls under way on one connection; more wait at the client. */
const MAX_CALLS_PER_CONNECTION = 100;
/** Many proxies cut what is silent for a minute. Who has not answered when the next would be due has gone without a word: its calls are cancelled. */
const PING_MS = 15_000;
/** One on which nothing is called for so long is closed; its client connects again for the next call. */
const IDLE_CONNECTION_MS = 300_000;
const MAX_CONNECTIONS = 2_000;
/** How long the message of a call may take, before anybody knows who calls, and of how many calls at once it may be on its way. */
const MESSAGE_WITHIN_MS = 30_000;
const MAX_ARRIVING = 2_048;

/**
 * Services with health and reflection beside them.
 * @throws Conflict if the port is taken, InvalidInput if the address can't be used
 */
export async function serveGrpc(services: readonly GrpcService[], options: GrpcListenOptions): Promise<GrpcServer> {
  const { host, port, setting, maxMessageBytes, tls, log } = options;
  const { messageWithinMs = MESSAGE_WITHIN_MS, pingEveryMs = PING_MS } = options;
  const sockets = new Map<string, Socket>();
  const server = new Server({
    'grpc.max_receive_message_length': maxMessageBytes,
    'grpc.max_concurrent_streams': MAX_CALLS_PER_CONNECTION,
    'grpc.max_connection_idle_ms': IDLE_CONNECTION_MS,
    'grpc.keepalive_time_ms': pingEveryMs,
    'grpc.keepalive_timeout_ms': pingEveryMs,
    interceptors: [
      boundArrivals({
        withinMs: messageWithinMs,
        most: MAX_ARRIVING,
        cut: (peer) => sockets.get(peer)?.destroy(),
      }),
    ],
  });
  for (const { definition, handlers } of services) server.addService(definition, handlers);
  const health = new HealthImplementation();
  health.addToServer(server);
  new ReflectionService(Object.assign({}, ...services.map((service) => service.package))).addToServer(server);
  const { credentials, forget } = grpcListening(tls, log);
  const injector = server.createConnectionInjector(credentials);
  // grpc-js's own listener takes any number of connections.
  const listener = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    const peer = `${socket.remoteAddress}:${socket.remotePort}`;
    sockets.set(peer, socket);
    socket.once('close', () => sockets.delete(peer));
    injector.injectConnection(socket);
  });
  listener.maxConnections = MAX_CONNECTIONS;
  await begin(listener, host, port).catch((error: NodeJS.ErrnoException) => {
    forget();
    throw describeListenError(error, host, port, setting);
  });
  const setStatus = (status: 'SERVING' | 'NOT_SERVING') => {
    for (const name of ['', ...services.map((service) => service.name)]) health.setStatus(name, status);
  };
  setStatus('NOT_SERVING');
  let closing: Promise<void> | undefined;
  return {
    port: (listener.address() as AddressInfo).port,
    serving: (yes) => setStatus(yes ? 'SERVING' : 'NOT_SERVING'),
    close(deadlineAtMs) {
      forget();
      listener.close();
      closing ??= new Promise((resolve) => {
        const cutOff = setTimeout(() => server.forceShutdown(), Math.max(0, deadlineAtMs - Date.now()));
        server.tryShutdown(() => {
          clearTimeout(cutOff);
          // Those that have said nothing yet.
          for (const socket of sockets.values()) socket.destroy();
          resolve();
        });
      });
      return closing;
    },
  };
}

function begin(listener: Listener, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    listener.once('error', reject);
    listener.listen(port, host, resolve);
  });
}
