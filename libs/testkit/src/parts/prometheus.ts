import { execFile } from 'node:child_process';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { defaultCacheDir, fillOnce } from './cache.ts';
import { createPartProcess } from './part-process.ts';
import { onPort } from './port.ts';
import { createTempDir } from './temp-dir.ts';

const run = promisify(execFile);
const FETCH_TIMEOUT_MS = 5 * 60_000;
const READY_TIMEOUT_MS = 30_000;

export interface PrometheusTools {
  prometheus: string;
  promtool: string;
}

export interface PrometheusPart {
  url: string;
  /** May be called again. */
  stop: () => Promise<void>;
}

/** Those in PATH; otherwise those of the Debian package `prometheus`, fetched once into the cache: that needs apt-get and dpkg, but no root. */
export async function findPrometheus(cacheDir = defaultCacheDir): Promise<PrometheusTools> {
  const installed = await Promise.all(['prometheus', 'promtool'].map((name) => isInstalled(name)));
  if (installed.every(Boolean)) return { prometheus: 'prometheus', promtool: 'promtool' };
  const folder = await fillOnce(join(cacheDir, 'prometheus'), download);
  const bin = join(folder, 'root', 'usr', 'bin');
  return { prometheus: join(bin, 'prometheus'), promtool: join(bin, 'promtool') };
}

function isInstalled(name: string): Promise<boolean> {
  return run(name, ['--version']).then(
    () => true,
    () => false,
  );
}

/** With lists and a cache of its own, apt-get needs nobody's rights. */
async function download(staging: string): Promise<void> {
  const lists = join(staging, 'lists');
  const cache = join(staging, 'cache');
  await mkdir(join(lists, 'partial'), { recursive: true });
  await mkdir(join(cache, 'archives', 'partial'), { recursive: true });
  const options = { cwd: staging, timeout: FETCH_TIMEOUT_MS, maxBuffer: 16 * 1024 * 1024 };
  const settings = [`Dir::State::lists=${lists}`, `Dir::Cache=${cache}`, 'Debug::NoLocking=1'];
  const apt = (...args: string[]) =>
    run('apt-get', [...settings.flatMap((each) => ['-o', each]), '-q', ...args], options);
  try {
    await apt('update');
    await apt('download', 'prometheus');
    const [name = 'prometheus.deb'] = (await readdir(staging)).filter((each) => each.endsWith('.deb'));
    const file = join(staging, name);
    await run('dpkg', ['-x', file, join(staging, 'root')], options);
    for (const leftover of [lists, cache, file]) await rm(leftover, { recursive: true });
  } catch (error) {
    throw new Error(
      'Prometheus is needed and could not be fetched: install it (Debian and Ubuntu: apt-get install prometheus) and put prometheus and promtool in PATH',
      { cause: error },
    );
  }
}

/** A Prometheus on 127.0.0.1 with its data in a temp folder; resolves when it answers. @param config its configuration, as YAML or JSON */
export async function startPrometheus(config: string): Promise<PrometheusPart> {
  const { prometheus } = await findPrometheus();
  return onPort('Prometheus', undefined, 1, async (port) => {
    const temp = await createTempDir('hookline-prometheus');
    const configFile = join(temp.path, 'prometheus.yml');
    await writeFile(configFile, config);
    const url = `http://127.0.0.1:${port}`;
    const process = createPartProcess({
      name: 'Prometheus',
      command: {
        file: prometheus,
        args: [
          `--config.file=${configFile}`,
          `--storage.tsdb.path=${join(temp.path, 'data')}`,
          `--web.listen-address=127.0.0.1:${port}`,
        ],
      },
      logFile: join(temp.path, 'prometheus.log'),
      isReady: () =>
        fetch(`${url}/-/ready`).then(
          ({ ok }) => ok,
          () => false,
        ),
      readyTimeoutMs: READY_TIMEOUT_MS,
    });
    async function stop(): Promise<void> {
      await process.end('SIGKILL', 0);
      await temp.remove();
    }
    try {
      await process.start();
    } catch (error) {
      await stop();
      throw error;
    }
    return { url, stop };
  });
}
