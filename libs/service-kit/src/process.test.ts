import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';

const RUN_SERVICE = JSON.stringify(join(import.meta.dirname, 'run-service.ts'));
const PROCESS = JSON.stringify(join(import.meta.dirname, 'process.ts'));
const SECTIONS = JSON.stringify(join(import.meta.dirname, 'config/sections.ts'));

/** A service that does `then` once it runs. */
const service = (then: string) => `
  import { z } from 'zod';
  import { runService } from ${RUN_SERVICE};
  import { hooklineSection, logSection, tracingSection } from ${SECTIONS};
  const schema = z.strictObject({ hookline: hooklineSection, log: logSection, tracing: tracingSection });
  await runService('registry', schema, async ({ log, fail }) => ({
    service: { name: 'registry', start: async () => void log.info('service.ready'), close: async () => {} },
    close: async () => {},
  }));
  ${then}
  setInterval(() => {}, 1_000);`;

interface Line {
  level: string;
  service: string;
  event: string;
  error: string;
}

/** Ends by itself. Its stdout is a pipe, as in a container. */
function run(script: string, env: Record<string, string> = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module-typescript', '--eval', script], {
    cwd: import.meta.dirname,
    env: { PATH: process.env['PATH'], ...env },
    encoding: 'utf8',
    timeout: 60_000,
  });
  const lines = stdout.split('\n').filter(Boolean);
  return { status, stderr, lines: lines.map((line) => JSON.parse(line) as Line) };
}

describe('what ends a service is a line of its log too:', () => {
  test('a wrong setting', () => {
    const { status, stderr, lines } = run(service(''), { LOG_LEVEL: 'loud' });
    const problem = expect.stringMatching(/^the configuration has a problem:\n {2}- log\.level: must be one of trace/);
    expect(status).toBe(1);
    expect(lines).toEqual([
      expect.objectContaining({ level: 'fatal', service: 'registry', event: 'process.failed', error: problem }),
    ]);
    expect(stderr).toBe(`registry: ${lines[0]?.error}\n`);
  });

  test.each([
    [
      'an error that nobody catches',
      "setTimeout(() => { throw new Error('it ends here'); });",
      /^Error: it ends here\n/,
    ],
    ['a rejection that nobody handles', "void Promise.reject(new Error('it ends here'));", /^Error: it ends here\n/],
    ['something thrown that is no error', "setTimeout(() => { throw 'it ends here'; });", /^it ends here$/],
  ])('%s', (_what, then, problem) => {
    const { status, stderr, lines } = run(service(then));
    expect(status).toBe(1);
    expect(lines).toEqual([
      expect.objectContaining({ level: 'info', event: 'service.ready' }),
      expect.objectContaining({ level: 'fatal', event: 'process.failed', error: expect.stringMatching(problem) }),
    ]);
    // Node's own words.
    expect(stderr).toContain('it ends here');
  });

  test('a loop that ended, and closing that fails', () => {
    const { status, stderr, lines } = run(`
      import { runProcess } from ${PROCESS};
      await runProcess('dispatcher', async (source, fail) => {
        setTimeout(() => fail(new Error('the loop ended')));
        return { gracePeriodMs: 10_000, close: () => Promise.reject(new Error('so did the store')) };
      }, { logs: true });
      setInterval(() => {}, 1_000);`);
    expect(status).toBe(1);
    expect(lines.map(({ event, error }) => [event, error])).toEqual([
      ['process.failed', expect.stringMatching(/^Error: the loop ended\n/)],
      ['process.failed', expect.stringMatching(/^closing failed: Error: so did the store\n/)],
    ]);
    expect(stderr).toMatch(/^dispatcher: Error: the loop ended\n[^]*^dispatcher: closing failed: Error: so did/m);
  });
});

test('of a command nothing but its problem is printed, in plain text', () => {
  const { status, stderr, lines } = run(`
    import { InvalidInput } from '@hookline/domain';
    import { runProcess } from ${PROCESS};
    await runProcess('migrate', () => Promise.reject(new InvalidInput('there is no such migration')));`);
  expect({ status, stderr, lines }).toEqual({ status: 1, stderr: 'migrate: there is no such migration\n', lines: [] });
});
