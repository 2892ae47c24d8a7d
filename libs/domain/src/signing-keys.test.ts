import { describe, expect, test } from '@jest/globals';
import { createPublicKey, verify } from 'node:crypto';
import { InvalidInput } from './errors.ts';
import { createSigningKey, liveSecrets, publicJwks, publicKeyText, signingKeyObject } from './signing-keys.ts';
import { signEd25519 } from './sign.ts';

// The example of the Standard Webhooks specification.
const KEY = 'whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==';

describe('signing keys', () => {
  test('the public half is that of the specification', () => {
    expect(publicKeyText(KEY)).toBe('whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=');
  });

  test('a new one signs what its published half verifies', () => {
    const key = createSigningKey();
    expect(key).not.toBe(createSigningKey());
    const body = Buffer.from('{}');
    const signature = Buffer.from(signEd25519(signingKeyObject(key), 'dlv_1', '1', body).slice(4), 'base64');
    const [jwk] = publicJwks([key], 0).keys;
    const published = createPublicKey({ format: 'jwk', key: { ...jwk } });
    expect(verify(null, Buffer.from('dlv_1.1.{}'), published, signature)).toBe(true);
    expect(verify(null, Buffer.from('dlv_1.1.{ }'), published, signature)).toBe(false);
  });

  test('the set names each key by its thumbprint, and no private half', () => {
    // The example of RFC 8037, appendix A.
    const seed = Buffer.from('nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A', 'base64url');
    const publicKey = Buffer.from('11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo', 'base64url');
    const key = `whsk_${Buffer.concat([seed, publicKey]).toString('base64')}`;
    expect(publicJwks([key], 0)).toEqual({
      keys: [
        {
          kty: 'OKP',
          crv: 'Ed25519',
          x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
          use: 'sig',
          alg: 'EdDSA',
          kid: 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k',
        },
      ],
    });
  });

  test('expired ones are not published', () => {
    const [newest, old, older] = [createSigningKey(), createSigningKey(), createSigningKey()];
    const keys = [newest, { secret: old, expiresAtMs: 2_000 }, { secret: older, expiresAtMs: 1_000 }];
    expect(publicJwks(keys, 1_000).keys).toHaveLength(2);
    expect(publicJwks(keys, 2_000)).toEqual(publicJwks([newest], 0));
  });

  test.each([
    ['no prefix', KEY.slice(5)],
    ['a public key', 'whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4='],
    ['too short', 'whsk_6Xb/dCcHpPea21PS1N9VYw=='],
    ['of two keys', `whsk_${Buffer.concat([Buffer.alloc(32, 1), Buffer.alloc(32, 2)]).toString('base64')}`],
    ['', ''],
  ])('%s is none', (_what, text) => {
    expect(() => signingKeyObject(text)).toThrow(InvalidInput);
  });
});

test('the newest secret always signs, whatever is said of its end', () => {
  const list = [{ secret: 'a', expiresAtMs: 1 }, { secret: 'b', expiresAtMs: 1 }, 'c', { secret: 'd' }];
  expect(liveSecrets(list, 2).map(({ secret }) => secret)).toEqual(['a', 'c', 'd']);
});
