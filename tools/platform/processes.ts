import { nextFreePort } from '@hookline/testkit';
import { addressOf } from '../../apps/standalone/src/address.ts';
import { createServiceCopy, type RunFrom, type ServiceCopy } from './copy.ts';
import { SERVICE_NAMES, SERVICES, type ServiceName } from './services.ts';

/** The six services as processes of their own, each in as many copies as wanted. */
export interface PlatformProcesses {
  copies: readonly ServiceCopy[];
  /** Base URLs of the first copies. */
  gatewayUrl: string;
  ingestionUrl: string;
  /** Of the first gateway's gRPC API. */
  grpcPort: number;
  /** Starts all (but for those that are to be started later), each service when those that it calls are ready. */
  start(later?: (service: ServiceName, copy: number) => boolean): Promise<void>;
  /** SIGTERM to all, the callers first. Resolves with those that did not exit with 0. */
  stop(): Promise<string[]>;
}

export interface PlatformOptions {
  /** Stores, secrets and whatever else all services need. */
  env: Record<string, string>;
  /** What the services listen on, 127.0.0.1 unless told otherwise. */
  host?: string;
  /** Further settings of one service. */
  envOf?: Partial<Record<ServiceName, Record<string, string>>>;
  copies?: Partial<Record<ServiceName, number>>;
  /** false: the services' own ports, as they are documented; true: free ones. */
  freePorts?: boolean;
  /** By default this repository, as whoever runs it. */
  from?: RunFrom;
  outputOf?: (service: ServiceName, copy: number) => number;
  ended: (service: ServiceName, code: number | null, signal: NodeJS.Signals | null) => void;
}

export async function createPlatformProcesses(options: PlatformOptions): Promise<PlatformProcesses> {
  const { env, envOf = {}, copies = {}, freePorts = false, from, outputOf, ended } = options;
  const address = addressOf(options.host ?? '127.0.0.1');
  const taken = new Set<number>();
  const made: ServiceCopy[] = [];
  const urls: Partial<Record<ServiceName, string>> = {};
  let registryAddress = '';
  let grpcPort = 0;

  async function choosePort(preferred: number, copy: number): Promise<number> {
    if (!freePorts && copy === 0) return preferred;
    let port = await nextFreePort(freePorts ? 20_000 + Math.floor(Math.random() * 10_000) : preferred + 100 * copy);
    while (taken.has(port)) port = await nextFreePort(port + 1);
    taken.add(port);
    return port;
  }

  for (const service of SERVICE_NAMES) {
    const spec = SERVICES[service];
    for (let copy = 0; copy < (copies[service] ?? 1); copy++) {
      const port = await choosePort(spec.port, copy);
      const ports: Record<string, string> = { [spec.portVariable]: String(port) };
      for (const [variable, preferred] of Object.entries(spec.otherPorts)) {
        ports[variable] = String(await choosePort(preferred, copy));
      }
      if (copy === 0) urls[service] = `http://${address}:${port}`;
      if (copy === 0 && service === 'registry') registryAddress = `${address}:${ports['REGISTRY_GRPC_PORT']}`;
      if (copy === 0 && service === 'gateway') grpcPort = Number(ports['GATEWAY_GRPC_PORT']);
      const calls: Record<string, string> = {
        GATEWAY_REGISTRY_ADDRESS: registryAddress,
        INGESTION_REGISTRY_ADDRESS: registryAddress,
        OBSERVABILITY_REGISTRY_ADDRESS: registryAddress,
        ...(service === 'gateway'
          ? { GATEWAY_INGESTION_URL: urls.ingestion as string, GATEWAY_OBSERVABILITY_URL: urls.observability as string }
          : {}),
      };
      made.push(
        createServiceCopy({
          service,
          healthUrl: `http://${address}:${port}/health`,
          env: { ...env, ...calls, ...envOf[service], ...ports },
          ...(from === undefined ? {} : { from }),
          ...(outputOf === undefined ? {} : { output: outputOf(service, copy) }),
          ended: (code, signal) => ended(service, code, signal),
        }),
      );
    }
  }

  const of = (service: ServiceName) => made.filter((copy) => copy.service === service);

  return {
    copies: made,
    gatewayUrl: urls.gateway as string,
    ingestionUrl: urls.ingestion as string,
    grpcPort,
    async start(later = () => false) {
      for (const service of SERVICE_NAMES) {
        const now = of(service).filter((_, index) => !later(service, index));
        await Promise.all(now.map((copy) => copy.start()));
      }
    },
    async stop() {
      const failed: string[] = [];
      for (const service of SERVICE_NAMES.toReversed()) {
        const codes = await Promise.all(of(service).map((copy) => copy.stop()));
        for (const code of codes) if (code !== 0) failed.push(`${service} (exit code ${code})`);
      }
      return failed;
    },
  };
}
