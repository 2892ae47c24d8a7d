import { afterEach, describe, expect, test } from '@jest/globals';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '../wait.ts';
import { isAlive } from './cache.ts';
import { fetchMavenParts } from './maven.ts';

const index = join(import.meta.dirname, '..', 'index.ts');
const nobody = { uid: 65_534, gid: 65_534 };
const parents: ChildProcess[] = [];

interface Started {
  parent: ChildProcess;
  pids: number[];
  folders: string[];
}

/** A process that starts parts, tells of them, and then runs `then`. */
async function startParts(then: string, user: { uid?: number; gid?: number } = {}): Promise<Started> {
  const code = `const { startRedis, startPostgres, createTempDir } = await import(${JSON.stringify(index)});
    const parts = await Promise.all([startRedis(), startPostgres()]);
    const { path } = await createTempDir('hookline-test');
    const told = { pids: parts.map(({ pid }) => pid), folders: [path, ...parts.map(({ dataDir }) => dataDir)] };
    await new Promise((resolve) => process.stdout.write(JSON.stringify(told) + '\\n', resolve));
    ${then}`;
  const parent = spawn(process.execPath, ['--input-type=module', '--eval', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
    ...user,
  });
  parents.push(parent);
  const [line]: unknown[] = await once(parent.stdout, 'data');
  return { parent, ...JSON.parse(String(line)) };
}

async function expectNothingLeft({ pids, folders }: Started): Promise<void> {
  await eventually(() => expect([pids.filter(isAlive), folders.filter((path) => existsSync(path))]).toEqual([[], []]));
}

afterEach(() => {
  for (const parent of parents.splice(0)) parent.kill('SIGKILL');
});

describe('parts whose process ends without stopping them are ended and their folders removed', () => {
  const waitForEver = 'setInterval(() => {}, 1000);';

  test.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)('by %s', async (signal) => {
    const started = await startParts(waitForEver);
    expect(started.pids.map(isAlive)).toEqual([true, true]);
    expect(started.folders.map((path) => existsSync(path))).toEqual([true, true, true]);
    started.parent.kill(signal);
    await expectNothingLeft(started);
  });

  test('by returning, since parts keep no process alive', async () => {
    const started = await startParts('');
    await expectNothingLeft(started);
  });

  test('by leaving in the middle', async () => {
    const started = await startParts('process.exit(3);');
    await expectNothingLeft(started);
  });
});

// Only root can become somebody else, and only where that user may enter the repository; for everybody else all the other tests show it.
// Elsewhere the test is not there at all: in CI a skipped test is a failure.
if (process.getuid?.() === 0 && spawnSync(process.execPath, ['--version'], nobody).status === 0) {
  test('who starts them may be an unprivileged user', async () => {
    await fetchMavenParts();
    const started = await startParts('setInterval(() => {}, 1000);', nobody);
    started.parent.kill('SIGKILL');
    await expectNothingLeft(started);
  });
}
