import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, copyFile, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { errorCode, printedBy } from './failure.ts';
import { defaultCacheDir, fillOnce, repositoryRoot } from './cache.ts';

const run = promisify(execFile);
const POM = join(repositoryRoot, 'deploy', 'kafka', 'pom.xml');
const FETCH_TIMEOUT_MS = 10 * 60_000;

export interface MavenParts {
  /** Kafka's class path. */
  jarsDir: string;
  redisDir: string;
}

/** Kafka's jars and the Redis binaries, downloaded by Maven the first time and whenever deploy/kafka/pom.xml has changed. */
export async function fetchMavenParts(cacheDir = defaultCacheDir): Promise<MavenParts> {
  const version = createHash('sha256')
    .update(await readFile(POM))
    .digest('hex')
    .slice(0, 12);
  const folder = await fillOnce(join(cacheDir, `maven-${version}`), download);
  return { jarsDir: join(folder, 'target', 'jars'), redisDir: join(folder, 'target', 'redis') };
}

async function download(staging: string): Promise<void> {
  await requireJava();
  const pom = join(staging, 'pom.xml');
  await copyFile(POM, pom);
  try {
    await run('mvn', ['-q', '-B', '-f', pom, 'package'], { timeout: FETCH_TIMEOUT_MS, maxBuffer: 16 * 1024 * 1024 });
  } catch (error) {
    if (errorCode(error) === 'ENOENT') {
      throw new Error(
        'Maven is needed to fetch Kafka and Redis: install it (Debian and Ubuntu: apt-get install maven) and put mvn in PATH',
        { cause: error },
      );
    }
    const firstError =
      printedBy(error)
        .split('\n')
        .find((line) => line.includes('ERROR')) ?? String(error);
    throw new Error(`Maven could not fetch Kafka and Redis (deploy/kafka/pom.xml): ${firstError}`, { cause: error });
  }
  const redisDir = join(staging, 'target', 'redis');
  for (const name of await readdir(redisDir)) {
    if (name.startsWith('redis-server-')) await chmod(join(redisDir, name), 0o755);
  }
}

/** Throws one line that says what to install unless Java 17 or later is in PATH. */
export async function requireJava(): Promise<void> {
  const advice = 'install it (Debian and Ubuntu: apt-get install openjdk-17-jre-headless) and put java in PATH';
  const version = await run('java', ['-version']).then(
    ({ stderr, stdout }) => /version "(\d+)/.exec(stderr + stdout)?.[1],
    (error: unknown) => {
      if (errorCode(error) === 'ENOENT')
        throw new Error(`Java 17 or later is needed to run Kafka: ${advice}`, { cause: error });
      throw error;
    },
  );
  if (version === undefined || Number(version) < 17) {
    throw new Error(`Java 17 or later is needed to run Kafka, found ${version ?? 'an unknown one'}: ${advice}`);
  }
}
