// Services that start before their stores were prepared, as where everything is applied at once.
import { execFile, spawn } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createBackends, type Backends } from '@hookline/backends';
import {
  createLog,
  databaseSection,
  hooklineSection,
  kafkaSection,
  loadConfig,
  redisSection,
} from '@hookline/service-kit';
import { eventually, freePort, useRealParts } from '@hookline/testkit';
import { afterEach, beforeAll, expect, test } from '@jest/globals';
import { Client } from 'pg';
import { z } from 'zod';
import { ROOT } from '../docs/markdown.ts';

const SECTIONS = { hookline: hooklineSection, database: databaseSection, kafka: kafkaSection, redis: redisSection };
const PATIENCE = { timeoutMs: 60_000, everyMs: 100 };

interface Line {
  level: string;
  event: string;
  store: string;
  error: string;
}

const parts = useRealParts({ postgres: true });
const toStop: (() => Promise<unknown>)[] = [];
let url: string;

beforeAll(async () => {
  url = await parts.createDatabase();
}, 60_000);

afterEach(async () => {
  for (const stop of toStop.splice(0)) await stop();
});

/** On PostgreSQL alone, whose log of events has its topics there too. */
function backends(awaitStores: string): { backends: Backends; lines: Line[] } {
  const env = { DATABASE_URL: url, HOOKLINE_AWAIT_STORES: awaitStores };
  const config = loadConfig(z.strictObject(SECTIONS), { env });
  const lines: Line[] = [];
  const log = createLog('test', 'info', { write: (line) => void lines.push(JSON.parse(line) as Line) });
  const made = createBackends(config, { service: 'test', log });
  toStop.push(() => made.close());
  return { backends: made, lines };
}

/** The service that needs the fewest settings. */
async function startRetryManager() {
  const port = await freePort();
  const env = { PATH: process.env['PATH'], DATABASE_URL: url, RETRY_MANAGER_PORT: String(port) };
  const child = spawn(process.execPath, [join(ROOT, 'services/retry-manager/src/main.ts')], {
    cwd: ROOT,
    env: { ...env, HOOKLINE_AWAIT_STORES: '100s' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let stdout = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString('utf8');
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  toStop.push(() => {
    child.kill('SIGKILL');
    return ended;
  });
  const lines = () => {
    const whole = stdout.slice(0, stdout.lastIndexOf('\n') + 1);
    return whole
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Line);
  };
  return { child, ended, lines, readyUrl: `http://127.0.0.1:${port}/health/ready` };
}

test('without patience a start fails at once, and says what is missing', async () => {
  const { backends: hasty, lines } = backends('0s');
  await expect(hasty.database()).rejects.toThrow(
    /^the database lacks migrations 0001-\S+, .*: run `npm run prepare-stores`$/,
  );
  expect(lines).toEqual([]);
});

test('a service waits for migrations and topics, says so once, and does its work when they are there', async () => {
  const { child, ended, lines, readyUrl } = await startRetryManager();
  const unprepared = () => lines().filter(({ event }) => event === 'stores.unprepared');
  await eventually(() => expect(unprepared()).toHaveLength(1), PATIENCE);
  expect(unprepared()[0]).toMatchObject({
    level: 'warn',
    store: 'PostgreSQL (DATABASE_URL)',
    error: expect.stringMatching(/lacks migrations 0001-.*npm run prepare-stores/),
  });
  await promisify(execFile)(process.execPath, [join(ROOT, 'tools/prepare-stores.ts')], {
    env: { PATH: process.env['PATH'], DATABASE_URL: url, LOG_LEVEL: 'error' },
  });
  await eventually(async () => expect((await fetch(readyUrl)).status).toBe(200), PATIENCE);
  const ofDatabase = unprepared().filter(({ store }) => store.startsWith('PostgreSQL'));
  expect(ofDatabase).toHaveLength(1);
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
}, 180_000);

test('a topic that is missing is waited for; one that is wrong is not', async () => {
  const client = new Client({ connectionString: url });
  await client.connect();
  toStop.push(() => client.end());
  const rename = (from: string, to: string) =>
    client.query('UPDATE log_topics SET name = $2 WHERE name = $1', [from, to]);

  await rename('webhook.health', 'elsewhere');
  const patient = backends('100s');
  const opening = patient.backends.eventLog();
  await eventually(() => expect(patient.lines.map(({ event }) => event)).toEqual(['stores.unprepared']));
  expect(patient.lines[0]?.error).toMatch(/^topics are not as they must be .*: topic webhook\.health is missing$/);
  await rename('elsewhere', 'webhook.health');
  await opening;

  await rename('webhook.health', 'elsewhere');
  await client.query("UPDATE log_topics SET partitions = 5 WHERE name = 'webhook.events'");
  const mistaken = backends('100s');
  await expect(mistaken.backends.eventLog()).rejects.toThrow(
    /: topic webhook\.events: partitions is 5, should be 12; topic webhook\.health is missing$/,
  );
  expect(mistaken.lines).toEqual([]);
}, 60_000);
