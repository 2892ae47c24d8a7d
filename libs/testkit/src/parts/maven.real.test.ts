import { afterEach, describe, expect, test } from '@jest/globals';
import { execFile, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fillOnce } from './cache.ts';
import { createTempDir, type TempDir } from './temp-dir.ts';

const run = promisify(execFile);
const maven = join(import.meta.dirname, 'maven.ts');
const cache = join(import.meta.dirname, 'cache.ts');
const folders: TempDir[] = [];

async function folder(): Promise<string> {
  const created = await createTempDir('hookline-test');
  folders.push(created);
  return created.path;
}

/** Evaluates a module in a process of its own. */
function nodeArguments(code: string): string[] {
  return ['--input-type=module', '--eval', code];
}

function firstError(code: string, searchPath: string): string {
  const { stderr } = spawnSync(process.execPath, nodeArguments(`${code}.catch((e) => console.error(e.message))`), {
    env: { PATH: searchPath },
    encoding: 'utf8',
  });
  return stderr.trim();
}

afterEach(async () => {
  for (const created of folders.splice(0)) await created.remove();
});

describe('what Maven fetches', () => {
  test('two processes that begin with an empty cache share one download', async () => {
    const cacheDir = await folder();
    const code = `const { fetchMavenParts } = await import(${JSON.stringify(maven)});
      console.log(JSON.stringify(await fetchMavenParts(${JSON.stringify(cacheDir)})));`;
    const outputs = await Promise.all([1, 2].map(() => run(process.execPath, nodeArguments(code))));
    const [first, second] = outputs.map(({ stdout }): { jarsDir: string; redisDir: string } => JSON.parse(stdout));
    expect(second).toEqual(first);
    expect(readdirSync(cacheDir)).toHaveLength(1);
    expect(readdirSync(first!.jarsDir).filter((name) => name.startsWith('kafka_2.13-'))).toHaveLength(1);
    expect(readdirSync(first!.redisDir).some((name) => name.startsWith('redis-server-'))).toBe(true);
  });

  test('a folder is filled once by many, and taken over from one that died while filling it', async () => {
    const target = join(await folder(), 'thing');
    const dying = `const { fillOnce } = await import(${JSON.stringify(cache)});
      await fillOnce(${JSON.stringify(target)}, () => process.kill(process.pid, 'SIGKILL'));`;
    expect(spawnSync(process.execPath, nodeArguments(dying)).signal).toBe('SIGKILL');
    expect([existsSync(target), existsSync(`${target}.lock`)]).toEqual([false, true]);

    let fills = 0;
    const fill = (staging: string) => {
      fills += 1;
      writeFileSync(join(staging, 'whole'), '');
      return Promise.resolve();
    };
    await Promise.all([1, 2, 3].map(() => fillOnce(target, fill)));
    expect([fills, readdirSync(target), readdirSync(join(target, '..'))]).toEqual([1, ['whole'], ['thing']]);
  });

  test('a failed filling leaves nothing that looks whole', async () => {
    const target = join(await folder(), 'thing');
    await expect(fillOnce(target, () => Promise.reject(new Error('no network')))).rejects.toThrow('no network');
    expect(existsSync(target)).toBe(false);
    await fillOnce(target, () => Promise.resolve());
    expect(existsSync(target)).toBe(true);
  });

  test('missing or old Java and missing Maven are one line each that says what to install', async () => {
    const searchPath = await folder();
    const cacheDir = await folder();
    const fetch = `(await import(${JSON.stringify(maven)})).fetchMavenParts(${JSON.stringify(cacheDir)})`;
    const fake = (name: string, script: string) => {
      writeFileSync(join(searchPath, name), `#!/bin/sh\n${script}\n`);
      chmodSync(join(searchPath, name), 0o755);
    };
    expect(firstError(fetch, searchPath)).toMatch(
      /^Java 17 or later is needed to run Kafka: install it .*java in PATH$/,
    );
    fake('java', `echo 'openjdk version "11.0.2"' >&2`);
    expect(firstError(fetch, searchPath)).toMatch(/^Java 17 or later is needed to run Kafka, found 11: install it .*$/);
    fake('java', `echo 'openjdk version "21.0.1"' >&2`);
    expect(firstError(fetch, searchPath)).toMatch(
      /^Maven is needed to fetch Kafka and Redis: install it .*mvn in PATH$/,
    );
    fake('mvn', `echo '[ERROR] Could not resolve kafka'; exit 1`);
    expect(firstError(fetch, searchPath)).toMatch(/^Maven could not fetch .*: \[ERROR\] Could not resolve kafka$/);
  });
});
