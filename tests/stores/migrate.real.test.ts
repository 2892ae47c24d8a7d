import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { useRealParts } from '@hookline/testkit';
import { ROOT } from '../docs/markdown.ts';

const parts = useRealParts({ postgres: true });
const names = readdirSync(join(ROOT, 'migrations')).map((file) => file.replace(/\.sql$/, ''));

/** `npm run migrate -- ...args`; resolves with its lines and its exit code. */
async function migrate(databaseUrl: string, ...args: string[]): Promise<{ lines: string[]; code: number }> {
  const env = { PATH: process.env['PATH'], DATABASE_URL: databaseUrl, LOG_LEVEL: 'error', HOOKLINE_AWAIT_STORES: '1s' };
  const run = promisify(execFile)(process.execPath, [join(ROOT, 'tools/migrate.ts'), ...args], { env });
  const { stdout, code } = await run.then(
    (printed) => ({ ...printed, code: 0 }),
    (error: unknown) => error as { stdout: string; code: number },
  );
  return { lines: stdout.trim().split('\n'), code };
}

test('ten copies that start at once apply each migration once', async () => {
  const url = await parts.createDatabase();
  const before = await migrate(url, 'status');
  expect(before).toEqual({ lines: names.map((name) => `pending  ${name}`), code: 1 });

  const copies = await Promise.all(Array.from({ length: 10 }, () => migrate(url)));
  expect(copies.map(({ code }) => code)).toEqual(copies.map(() => 0));
  const applied = copies.flatMap(({ lines }) => lines).filter((line) => line !== 'Nothing to apply.');
  expect(applied).toEqual(names.map((name) => `applied ${name}`));

  const { lines, code } = await migrate(url, 'status');
  expect(lines.map((line) => line.split(/ +/).slice(0, 2))).toEqual(names.map((name) => ['applied', name]));
  expect(code).toBe(0);
}, 120_000);

test.each([
  ['a database that is not there', ['up'], 1],
  ['a command that it has not', ['down'], 2],
  ['a name that is none', ['create', 'Add Quotas'], 1],
])('%s is an error', async (_what, args, code) => {
  expect((await migrate('postgres://127.0.0.1:1/nowhere?connect_timeout=1', ...args)).code).toBe(code);
});
