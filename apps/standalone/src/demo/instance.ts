import { fork } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** The Hookline that the demo talks to. */
export interface Instance {
  api: string;
  /** How it came about, for people. */
  kind: string;
  close(): Promise<void>;
}

const START_DEADLINE_MS = 60_000;

/** The instance that runs at `api`, or else one of the demo's own, with its data in a temporary folder. */
export async function findOrStartInstance(api: string): Promise<Instance> {
  if (await isReady(api)) return { api, kind: `the instance at ${api}`, close: async () => undefined };
  const folder = mkdtempSync(join(tmpdir(), 'hookline-demo-'));
  const ports = Object.fromEntries(
    ['GATEWAY', 'REGISTRY', 'INGESTION', 'DISPATCHER', 'RETRY_MANAGER', 'OBSERVABILITY'].map((name) => [
      `${name}_PORT`,
      '0',
    ]),
  );
  const child = fork(join(import.meta.dirname, 'own-instance.ts'), [folder], {
    env: {
      PATH: process.env['PATH'],
      HOOKLINE_DATA: folder,
      REGISTRY_GRPC_PORT: '0',
      GATEWAY_GRPC_PORT: '0',
      GATEWAY_DIALECT_PORT: '0',
      ...ports,
    },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  let printed = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    printed += chunk.toString('utf8');
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const deadlineAtMs = Date.now() + START_DEADLINE_MS;
  for (;;) {
    const own = /API\s+(http:\/\/\S+)/.exec(printed)?.[1];
    if (own !== undefined) {
      return {
        api: own,
        kind: 'an instance of its own, in a temporary folder',
        async close() {
          child.kill('SIGTERM');
          await ended;
        },
      };
    }
    if (child.exitCode !== null || Date.now() > deadlineAtMs) {
      child.kill('SIGTERM');
      throw new Error('no Hookline could be started (see above)');
    }
    await sleep(50);
  }
}

async function isReady(api: string): Promise<boolean> {
  try {
    const answer = await fetch(`${api}/health/ready`, { signal: AbortSignal.timeout(2_000) });
    await answer.body?.cancel();
    return answer.ok;
  } catch {
    return false;
  }
}
