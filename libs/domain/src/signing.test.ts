import { describe, expect, test } from '@jest/globals';
import { createHmac } from 'node:crypto';
import { InvalidInput } from './errors.ts';
import { createSecret, secretKey, signEd25519, signStandard } from './sign.ts';
import { createSigningKey, signingKeyObject } from './signing-keys.ts';
import { createSigning, SIGNATURE_HEADERS, type SigningOptions } from './signing.ts';

const NOW = 1_700_000_000;
const BODY = Buffer.from('{"é":1}');
const [NEW, OLD] = [createSecret(), createSecret()];
const [NEW_KEY, OLD_KEY] = [createSigningKey(), createSigningKey()];

function headersOf(options: SigningOptions, timestamp = NOW): Record<string, string> {
  const headers: string[] = [];
  createSigning(options).sign(headers, 'dlv_1', timestamp, BODY);
  const object: Record<string, string> = {};
  for (let at = 0; at < headers.length; at += 2) object[headers[at] as string] = headers[at + 1] as string;
  return object;
}

function v1(secret: string): string {
  return signStandard(secretKey(secret), 'dlv_1', String(NOW), BODY);
}

function hex(secret: string, content: string): string {
  return createHmac('sha256', secret).update(content).digest('hex');
}

describe('signing', () => {
  test('is by Standard Webhooks where nothing else is said, once for each secret, newest first', () => {
    expect(headersOf({ secrets: [NEW] })).toEqual({ 'webhook-signature': v1(NEW) });
    expect(headersOf({ secrets: [NEW, OLD] })).toEqual({ 'webhook-signature': `${v1(NEW)} ${v1(OLD)}` });
  });

  test('a replaced secret signs until it has expired, without anybody changing the webhook', () => {
    const signing = createSigning({ secrets: [NEW, { secret: OLD, expiresAtMs: (NOW + 10) * 1_000 }] });
    const count = (timestamp: number) => {
      const headers: string[] = [];
      signing.sign(headers, 'dlv_1', timestamp, BODY);
      return headers[1]?.split(' ').length;
    };
    expect([NOW, NOW + 9, NOW + 10, NOW + 11].map(count)).toEqual([2, 2, 1, 1]);
  });

  test('v1 and v1a share a header', () => {
    const options = { profiles: ['standard', 'ed25519'] as const, secrets: [NEW], signingKeys: [NEW_KEY, OLD_KEY] };
    const v1a = options.signingKeys.map((key) => signEd25519(signingKeyObject(key), 'dlv_1', String(NOW), BODY));
    expect(headersOf(options)).toEqual({ 'webhook-signature': [v1(NEW), ...v1a].join(' ') });
    expect(headersOf({ ...options, profiles: ['ed25519'] })).toEqual({ 'webhook-signature': v1a.join(' ') });
  });

  test("GitHub's header has one signature: of the oldest secret, until that has expired", () => {
    const options = {
      profiles: ['github'] as const,
      secrets: [NEW, { secret: OLD, expiresAtMs: (NOW + 10) * 1_000 }],
    };
    expect(headersOf(options)).toEqual({ 'x-hub-signature-256': `sha256=${hex(OLD, BODY.toString())}` });
    expect(headersOf(options, NOW + 10)).toEqual({ 'x-hub-signature-256': `sha256=${hex(NEW, BODY.toString())}` });
  });

  test("Stripe's header has one for each secret", () => {
    const content = `${NOW}.${BODY.toString()}`;
    expect(headersOf({ profiles: ['stripe'], secrets: [NEW, OLD] })).toEqual({
      'stripe-signature': `t=${NOW},v1=${hex(NEW, content)},v1=${hex(OLD, content)}`,
    });
  });

  test('by all profiles at once sets the header of each', () => {
    const all = headersOf({
      profiles: ['standard', 'ed25519', 'github', 'stripe'],
      secrets: [NEW],
      signingKeys: [NEW_KEY],
    });
    expect(Object.keys(all).toSorted()).toEqual([...SIGNATURE_HEADERS].toSorted());
  });

  test.each<[string, SigningOptions]>([
    ['no secret', { secrets: [] }],
    ['no signing key', { profiles: ['ed25519'], secrets: [NEW] }],
    ['a signing key that is none', { profiles: ['ed25519'], secrets: [NEW], signingKeys: ['whsk_x'] }],
  ])('is refused with %s', (_what, options) => {
    expect(() => headersOf(options)).toThrow(InvalidInput);
  });
});
