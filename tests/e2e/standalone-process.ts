import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';

/** What `npm start` runs, as a process of its own. */
export interface StandaloneProcess {
  pid: number;
  /** Resolves with what it printed when it says that it runs. Rejects if it ends before, or takes too long. */
  ready(): Promise<Welcome>;
  signal(name: NodeJS.Signals): void;
  ended: Promise<End>;
}

export interface Welcome {
  text: string;
  gatewayUrl: string;
  ingestionUrl: string;
  /** `address:port` */
  grpcAddress: string;
  /** Where other systems' commands look for it. */
  dialectUrl: string;
}

export interface End {
  /** null: by a signal. */
  code: number | null;
  stdout: string;
  stderr: string;
}

const MAIN = join(import.meta.dirname, '../../apps/standalone/src/main.ts');
const START_DEADLINE_MS = 60_000;

export const PORTS = {
  GATEWAY_PORT: 'gateway.port',
  GATEWAY_GRPC_PORT: 'gateway.grpc_port',
  REGISTRY_PORT: 'registry.port',
  REGISTRY_GRPC_PORT: 'registry.grpc_port',
  INGESTION_PORT: 'ingestion.port',
  OBSERVABILITY_PORT: 'observability.port',
  RETRY_MANAGER_PORT: 'retry_manager.port',
  DISPATCHER_PORT: 'dispatcher.port',
};
// One that is taken stops no start.
const FREE_PORTS = Object.fromEntries([...Object.keys(PORTS), 'GATEWAY_DIALECT_PORT'].map((name) => [name, '0']));

/** @param cwd where it looks for config.yaml; its data go to `data` there unless `env` says otherwise */
export function startStandalone(cwd: string, env: Record<string, string> = {}): StandaloneProcess {
  const child: ChildProcess = spawn(process.execPath, [MAIN], {
    cwd,
    env: { PATH: process.env['PATH'], HOOKLINE_DATA: join(cwd, 'data'), ...FREE_PORTS, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const welcomed = Promise.withResolvers<Welcome>();
  welcomed.promise.catch(() => {});
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    stdout += chunk.toString('utf8');
    const urlAfter = (label: string) => new RegExp(`${label} +(http://[^/\\s]+)`).exec(stdout)?.[1] ?? '';
    if (stdout.includes('Ctrl-C stops it')) {
      const grpcAddress = /gRPC +(\S+)/.exec(stdout)?.[1] ?? '';
      welcomed.resolve({
        text: stdout,
        gatewayUrl: urlAfter('API'),
        ingestionUrl: urlAfter('Events'),
        dialectUrl: urlAfter('Others'),
        grpcAddress,
      });
    }
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr += chunk.toString('utf8');
  });
  const ended = new Promise<End>((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr })));
  const late = setTimeout(
    () => welcomed.reject(new Error(`no welcome within ${START_DEADLINE_MS} ms: ${stdout}${stderr}`)),
    START_DEADLINE_MS,
  );
  void welcomed.promise.catch(() => {}).finally(() => clearTimeout(late));
  void ended.then(({ code }) =>
    welcomed.reject(new Error(`ended with ${code} before it was ready: ${stdout}${stderr}`)),
  );
  return {
    pid: child.pid as number,
    ready: () => welcomed.promise,
    signal: (name) => void child.kill(name),
    ended,
  };
}
