import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { defaultCacheDir } from './cache.ts';
import { fetchDebianPackage, isInstalled } from './debian.ts';
import { createPartProcess } from './part-process.ts';
import { onPort } from './port.ts';
import { createTempDir } from './temp-dir.ts';

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
  const bin = join(await fetchDebianPackage('prometheus', cacheDir), 'usr', 'bin');
  return { prometheus: join(bin, 'prometheus'), promtool: join(bin, 'promtool') };
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
