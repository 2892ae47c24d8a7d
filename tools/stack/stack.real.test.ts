import { afterEach, expect, test } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTempDir, eventually } from '@hookline/testkit';
import { Client } from 'pg';

const script = join(import.meta.dirname, '..', 'stack.ts');
const running: ChildProcess[] = [];

interface StackRun {
  child: ChildProcess;
  output: () => string;
  exitCode: () => Promise<unknown>;
}

function runStack(...flags: string[]): StackRun {
  const child = spawn(process.execPath, [script, ...flags], { stdio: ['ignore', 'pipe', 'pipe'] });
  running.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
  const exited = once(child, 'close');
  return { child, output: () => output, exitCode: async () => (await exited)[0] };
}

async function databaseUrl({ output, exitCode }: StackRun): Promise<string> {
  const printed = eventually(() => expect(output()).toContain('Ctrl-C'), { timeoutMs: 120_000 });
  await Promise.race([printed, exitCode()]);
  const url = /export DATABASE_URL=(\S+)/.exec(output())?.[1];
  if (url === undefined) throw new Error(`the stack ended: ${output()}`);
  return url;
}

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
});

test('starts all three, keeps their data until --fresh, is alone in its folder, and stops all when asked', async () => {
  const folder = await createTempDir('hookline-test');
  writeFileSync(join(folder.path, 'notes.txt'), 'not of the stack');

  const first = runStack(`--data=${folder.path}`);
  const url = await databaseUrl(first);
  expect(first.output()).toMatch(
    /export KAFKA_BROKERS=127\.0\.0\.1:\d+\n  export REDIS_URL=redis:\/\/127\.0\.0\.1:\d+\n/,
  );
  await query(url, 'CREATE TABLE t AS SELECT 1 AS n');
  const second = runStack(`--data=${folder.path}`);
  expect(await second.exitCode()).toBe(1);
  expect(second.output()).toBe(
    `hookline stack: another stack (process ${first.child.pid}) is using ${folder.path}: stop that one first\n`,
  );
  first.child.kill('SIGINT');
  expect(await first.exitCode()).toBe(0);
  await expect(query(url, 'SELECT 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });

  const again = runStack(`--data=${folder.path}`);
  expect(await query(await databaseUrl(again), 'SELECT n FROM t')).toEqual([{ n: 1 }]);
  again.child.kill('SIGTERM');
  expect(await again.exitCode()).toBe(0);

  const fresh = runStack(`--data=${folder.path}`, '--fresh');
  await expect(query(await databaseUrl(fresh), 'SELECT n FROM t')).rejects.toThrow('relation "t" does not exist');
  fresh.child.kill('SIGTERM');
  expect(await fresh.exitCode()).toBe(0);
  expect(existsSync(join(folder.path, 'notes.txt'))).toBe(true);
  await folder.remove();
}, 180_000);

test('a bad flag is one line and exit code 1', async () => {
  const stack = runStack('--flesh');
  expect(await stack.exitCode()).toBe(1);
  expect(stack.output()).toMatch(/^hookline stack: Unknown option '--flesh'[^\n]*\n$/);
});
