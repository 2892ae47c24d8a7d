import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createTempDir, eventually, type TempDir } from '@hookline/testkit';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startStandalone, type StandaloneProcess, type Welcome } from './standalone-process.ts';

const DOCS = join(import.meta.dirname, '../../docs');
const run = promisify(execFile);

let folder: TempDir;
let standalone: StandaloneProcess;
let welcome: Welcome;

beforeAll(async () => {
  folder = await createTempDir('hookline-others');
  standalone = startStandalone(folder.path);
  welcome = await standalone.ready();
}, 120_000);

afterAll(async () => {
  standalone?.signal('SIGTERM');
  await standalone?.ended;
  await folder?.remove();
});

test('the example client of docs/examples runs against npm start', async () => {
  const { gatewayUrl, grpcAddress } = welcome;
  const { stdout, stderr } = await run(process.execPath, [join(DOCS, 'examples/grpc-client.ts')], {
    env: { PATH: process.env['PATH'], HOOKLINE_API: gatewayUrl, HOOKLINE_GRPC: grpcAddress },
    timeout: 60_000,
  });
  expect(stderr).toBe('');
  expect(stdout).toMatch(/^registered wh_\w+$/m);
  expect(stdout).toMatch(/^pushed evt_\w+, for 1 webhook/m);
  expect(stdout).toContain('pushed 10 more in a stream');
  expect(stdout).toContain('succeeded after 1 attempt(s), answer 200');
}, 90_000);

/** The shell commands of a heading of docs/dialects.md, at the ports of this instance, without the last one. */
function commandsOf(heading: string): string {
  const text = readFileSync(join(DOCS, 'dialects.md'), 'utf8');
  const block = text.split(`## ${heading}`)[1]?.split('```sh\n')[1]?.split('```')[0] ?? '';
  const commands = block.trim().split('\n').slice(0, -1).join('\n');
  const { gatewayUrl, dialectUrl } = welcome;
  return commands
    .replaceAll('http://127.0.0.1:8080', gatewayUrl)
    .replaceAll('localhost:8080', gatewayUrl)
    .replaceAll('localhost:8000', dialectUrl);
}

async function get<T>(url: string): Promise<T> {
  return (await (await fetch(url)).json()) as T;
}

test('the commands of docs/dialects.md for subscribers run as they are, without a token', async () => {
  const { stdout } = await run('sh', ['-euc', commandsOf('Subscribers')]);
  const eventId = /"event_id":"([^"]+)"/.exec(stdout)?.[1];
  expect(stdout).toContain('"deliveries_queued":1');
  const url = `${welcome.gatewayUrl}/api/v1/deliveries?event_id=${String(eventId)}&status=success`;
  await eventually(async () => {
    expect(await get(url)).toMatchObject([{ event_id: eventId, attempt_number: 1, http_status_code: 200 }]);
  });
}, 60_000);

test('those for subscriptions and tasks do', async () => {
  const script = `${commandsOf('Subscriptions and tasks')}\necho "$ID $TASK"`;
  const [id = '', task = ''] = (await run('sh', ['-euc', script])).stdout.trim().split(' ');
  await eventually(async () => {
    expect(await get(`${welcome.dialectUrl}/status/${task}`)).toMatchObject({
      status: 'SUCCESS',
      deliveries: [{ subscription_id: id, status: 'SUCCESS', attempts: 1, status_code: 200 }],
    });
  });
}, 60_000);

test('what else there is wants a token', async () => {
  expect((await fetch(`${welcome.dialectUrl}/api/v1/webhooks`)).status).toBe(401);
  expect((await fetch(`${welcome.gatewayUrl}/api/v1/recoveries`)).status).toBe(401);
});
