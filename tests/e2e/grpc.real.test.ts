import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createTempDir } from '@hookline/testkit';
import { expect, test } from '@jest/globals';
import { startStandalone } from './standalone-process.ts';

const EXAMPLE = join(import.meta.dirname, '../../docs/examples/grpc-client.ts');

test('the example client of docs/examples runs against npm start', async () => {
  const folder = await createTempDir('hookline-grpc');
  const standalone = startStandalone(folder.path);
  try {
    const { gatewayUrl, grpcAddress } = await standalone.ready();
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [EXAMPLE], {
      env: { PATH: process.env['PATH'], HOOKLINE_API: gatewayUrl, HOOKLINE_GRPC: grpcAddress },
      timeout: 60_000,
    });
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^registered wh_\w+$/m);
    expect(stdout).toMatch(/^pushed evt_\w+, for 1 webhook/m);
    expect(stdout).toContain('pushed 10 more in a stream');
    expect(stdout).toContain('succeeded after 1 attempt(s), answer 200');
  } finally {
    standalone.signal('SIGTERM');
    await standalone.ended;
    await folder.remove();
  }
}, 120_000);
