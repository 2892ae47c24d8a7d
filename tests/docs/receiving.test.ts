import { execFileSync, spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { buildRequest, createDestination, createPayload } from '@hookline/delivery';
import {
  createPolicies,
  createSecret,
  createSigning,
  createSigningKey,
  deliveryId,
  publicJwks,
  QUICK,
  type Event,
} from '@hookline/domain';
import { eventually } from '@hookline/testkit';
import { codeBlocks, readDoc, ROOT, section, tableRows } from './markdown.ts';

const doc = readDoc('receiving.md');
const [example = '', verifiers = ''] = codeBlocks(doc, 'js');
const event: Event = {
  tenant: 'default',
  id: 'order-1',
  type: 'order.created',
  source: 'shop',
  time: '2026-11-22T10:15:00Z',
  data: Buffer.from('{"total":19.90}'),
  contentType: 'application/json',
  acceptedAtMs: 0,
};

describe('the receiver in docs/receiving.md', () => {
  const secret = createSecret();
  let receiver: ChildProcessWithoutNullStreams;
  let printed: string;
  let url: string;

  beforeEach(async () => {
    printed = '';
    receiver = spawn(process.execPath, ['--input-type=module', '-'], {
      cwd: ROOT,
      env: { PATH: process.env['PATH'], WEBHOOK_SECRET: secret, PORT: '0' },
    });
    receiver.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString('utf8')));
    receiver.stderr.on('data', (chunk: Buffer) => (printed += chunk.toString('utf8')));
    receiver.stdin.end(example);
    await eventually(() => expect(printed).toMatch(/listening on \d+/));
    url = `http://localhost:${/listening on (\d+)/.exec(printed)?.[1]}`;
  });

  afterEach(async () => {
    const ended = new Promise((resolve) => receiver.once('exit', resolve));
    receiver.kill();
    await ended;
  });

  /** Sends what the dispatcher would. */
  async function deliver({ of = event, key = secret, nowMs = Date.now(), body = bodyOf(of) } = {}): Promise<number> {
    const signing = createSigning({ secrets: [key] });
    const destination = createDestination({ url: `${url}/hooks`, headers: {}, signing });
    const { headers } = buildRequest({
      destination,
      deliveryId: deliveryId(of.tenant, of.id, 'wh_1'),
      event: { ...of, payloads: null },
      traceparent: undefined,
      userAgent: 'Hookline/0.1',
      nowMs,
      timeoutMs: 1_000,
    });
    const pairs = Array.from({ length: headers.length / 2 }, (_, at) => [headers[2 * at]!, headers[2 * at + 1]!]);
    const answer = await fetch(`${url}/hooks`, {
      method: 'POST',
      headers: pairs as [string, string][],
      body: new Uint8Array(body),
    });
    return answer.status;
  }

  test('takes a genuine request, and handles a repeat of it once', async () => {
    expect(await deliver()).toBe(204);
    expect(await deliver()).toBe(204);
    // What it prints comes in order.
    expect(await deliver({ of: { ...event, id: 'order-2' } })).toBe(204);
    await eventually(() => expect(printed).toMatch(/order\.created order-2/));
    expect(printed.match(/^order\.created order-1: \{"total":19\.9\}$/gm)).toHaveLength(1);
  });

  test('refuses another secret, another body and an old timestamp', async () => {
    expect(await deliver({ key: createSecret() })).toBe(401);
    expect(await deliver({ body: Buffer.from(bodyOf(event).toString().replace('19.90', '0.01')) })).toBe(401);
    expect(await deliver({ nowMs: Date.now() - 6 * 60_000 })).toBe(401);
    expect(printed).not.toMatch(/order\.created/);
  });
});

describe('docs/receiving.md', () => {
  test('shows the body as it is sent', () => {
    expect(doc).toContain(`\n${bodyOf(event).toString()}\n`);
  });

  test('gives the presets as they are', () => {
    const rows = tableRows(section(doc, '## Answering').split('policy:\n')[1] ?? '');
    const { quick, standard } = createPolicies(QUICK);
    expect(rows.map(([, retries]) => Number(retries))).toEqual([quick.maxRetries, standard.maxRetries]);
    for (const [row, policy] of [
      [rows[0], quick],
      [rows[1], standard],
    ] as const) {
      const said = [...(row?.[2] ?? '').matchAll(/(\d+) (s|min|h)\b/g)].map(
        ([, count, unit]) => Number(count) * { s: 1_000, min: 60_000, h: 3_600_000 }[unit as 's' | 'min' | 'h'],
      );
      expect(said).toEqual(Array.from({ length: policy.maxRetries }, (_, retry) => policy.delay(retry + 1)));
    }
  });
});

describe('the verifiers in docs/receiving.md', () => {
  const secret = createSecret();
  const signingKey = createSigningKey();
  const signing = createSigning({
    profiles: ['standard', 'ed25519', 'github', 'stripe'],
    secrets: [createSecret(), secret],
    signingKeys: [createSigningKey(), signingKey],
  });
  const jwks = publicJwks([signingKey], 0);
  const body = bodyOf(event);

  function headersAt(nowMs: number): Record<string, string> {
    const destination = createDestination({ url: 'http://localhost', headers: {}, signing });
    const parts = { destination, deliveryId: 'dlv_1', traceparent: undefined, userAgent: 'u', nowMs, timeoutMs: 1 };
    const { headers } = buildRequest({ ...parts, event: { ...event, payloads: null } });
    const pairs = Array.from({ length: headers.length / 2 }, (_, at) => [headers[2 * at]!, headers[2 * at + 1]!]);
    return Object.fromEntries(pairs) as Record<string, string>;
  }

  /** In a process of its own, as what it is: JavaScript. */
  function judge(name: string, key: unknown, headers: Record<string, string>, bytes: Buffer): boolean {
    const call = `console.log(${name}(${JSON.stringify(key)}, ${JSON.stringify(headers)}, Buffer.from('${bytes.toString('hex')}', 'hex')));`;
    const words = ['--input-type=module', '--eval', verifiers + call];
    return execFileSync(process.execPath, words, { encoding: 'utf8' }) === 'true\n';
  }

  test.each([
    ['isGenuineEd25519', jwks, publicJwks([createSigningKey()], 0), true],
    ['isGenuineGithub', secret, createSecret(), false],
    ['isGenuineStripe', secret, createSecret(), true],
  ])('%s takes what is genuine and refuses another key, another body and an old request', (name, key, other, timed) => {
    const headers = headersAt(Date.now());
    expect(judge(name, key, headers, body)).toBe(true);
    expect(judge(name, other, headers, body)).toBe(false);
    expect(judge(name, key, headers, Buffer.from('{}'))).toBe(false);
    expect(judge(name, key, {}, body)).toBe(false);
    expect(judge(name, key, headersAt(Date.now() - 6 * 60_000), body)).toBe(!timed);
  });
});

function bodyOf(event: Event): Buffer {
  return createPayload(event, 'event').body;
}
