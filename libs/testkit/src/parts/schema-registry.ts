import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { defaultCacheDir, fillOnce } from './cache.ts';
import { printedBy } from './failure.ts';
import { requireJava } from './maven.ts';
import { createPartProcess } from './part-process.ts';
import { onPort } from './port.ts';
import { createTempDir } from './temp-dir.ts';

const run = promisify(execFile);
/** As compose has it. */
const VERSION = '2.6.13.Final';
const FETCH_TIMEOUT_MS = 10 * 60_000;

export interface SchemaRegistryPart {
  /** Of its Confluent API. */
  url: string;
  stop: () => Promise<void>;
}

/** An Apicurio Registry on 127.0.0.1 that keeps schemas in memory; 142 MB, downloaded by Maven the first time. Resolves when it answers. */
export async function startSchemaRegistry(): Promise<SchemaRegistryPart> {
  await requireJava();
  const folder = await fillOnce(join(defaultCacheDir, `apicurio-${VERSION}`), download);
  return onPort('the schema registry', undefined, 1, (port) => startOn(port, folder));
}

async function startOn(port: number, folder: string): Promise<SchemaRegistryPart> {
  const temp = await createTempDir('hookline-schemas');
  const jar = (await readdir(folder)).find((name) => name.endsWith('-runner.jar'));
  const url = `http://127.0.0.1:${port}/apis/ccompat/v7`;
  const memory = ['-Xms64m', '-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];
  const settings = ['-Dquarkus.http.host=127.0.0.1', `-Dquarkus.http.port=${port}`];
  const process = createPartProcess({
    name: 'The schema registry',
    command: { file: 'java', args: [...memory, ...settings, '-jar', join(folder, jar ?? '')] },
    logFile: join(temp.path, 'registry.log'),
    async isReady() {
      const answer = await fetch(`${url}/subjects`, { signal: AbortSignal.timeout(2_000) }).catch(() => null);
      await answer?.body?.cancel();
      return answer?.ok === true;
    },
    readyTimeoutMs: 120_000,
  });
  async function stop(): Promise<void> {
    await process.end('SIGKILL', 10_000);
    await temp.remove();
  }
  try {
    await process.start();
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, stop };
}

async function download(staging: string): Promise<void> {
  const artifact = `io.apicurio:apicurio-registry-app:${VERSION}:zip:all`;
  const args = ['-q', '-B', 'dependency:unpack', `-Dartifact=${artifact}`, `-DoutputDirectory=${staging}`];
  // Maven leaves a mark of what it has unpacked in the folder that it runs in, and unpacks that no second time.
  const options = { cwd: staging, timeout: FETCH_TIMEOUT_MS, maxBuffer: 16 * 1024 * 1024 };
  await run('mvn', args, options).catch((error: unknown) => {
    throw new Error(`Maven could not fetch ${artifact}: ${printedBy(error) || String(error)}`, { cause: error });
  });
}
