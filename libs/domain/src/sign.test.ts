import { describe, expect, test } from '@jest/globals';
import { InvalidInput } from './errors.ts';
import { createSecret, secretKey, signEd25519, signGithub, signStandard, signStripe, textKey } from './sign.ts';
import { signingKeyObject } from './signing-keys.ts';

// The examples of the Standard Webhooks specification.
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const SIGNING_KEY = 'whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==';
const ID = 'msg_p5jXN8AQM9LWM0D4loKWxJek';
const TIMESTAMP = '1614265330';
const BODY = Buffer.from('{"test": 2432232314}');
const EXPECTED = 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=';

describe('v1', () => {
  test('is that of the specification', () => {
    expect(signStandard(secretKey(SECRET), ID, TIMESTAMP, BODY)).toBe(EXPECTED);
  });

  test.each([
    ['id', signStandard(secretKey(SECRET), `${ID}x`, TIMESTAMP, BODY)],
    ['time', signStandard(secretKey(SECRET), ID, '1614265331', BODY)],
    ['body', signStandard(secretKey(SECRET), ID, TIMESTAMP, Buffer.from('{"test":2432232314}'))],
    ['secret', signStandard(secretKey(createSecret()), ID, TIMESTAMP, BODY)],
  ])('is another for another %s', (_what, other) => {
    expect(other).toMatch(/^v1,[A-Za-z0-9+/]{43}=$/);
    expect(other).not.toBe(EXPECTED);
  });

  test('signs bytes that are no text', () => {
    const binary = Buffer.from([0, 255, 254, 128]);
    const asText = Buffer.from(binary.toString('utf8'));
    expect(signStandard(secretKey(SECRET), ID, TIMESTAMP, binary)).not.toBe(
      signStandard(secretKey(SECRET), ID, TIMESTAMP, asText),
    );
  });
});

test('v1a is that of the specification', () => {
  expect(signEd25519(signingKeyObject(SIGNING_KEY), ID, TIMESTAMP, BODY)).toBe(
    'v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg==',
  );
});

test("GitHub's is that of its documentation", () => {
  // https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries#testing-the-webhook-payload-validation
  expect(signGithub(textKey("It's a Secret to Everybody"), Buffer.from('Hello, World!'))).toBe(
    'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17',
  );
});

test("Stripe's key is the secret as it stands, its prefix included", () => {
  const signed = signStripe(textKey(SECRET), TIMESTAMP, BODY);
  expect(signed).toMatch(/^v1=[0-9a-f]{64}$/);
  expect(signed).not.toBe(signStripe(secretKey(SECRET), TIMESTAMP, BODY));
});

describe('secretKey', () => {
  test('of a secret with the prefix is what the base64 behind it says', () => {
    expect(secretKey(SECRET).export().toString('hex')).toBe('31f290f6bf06298aab4f08d43c3f082cf648a362da2da4b0');
  });

  test('of a secret without the prefix is its UTF-8 bytes, also where it looks like base64', () => {
    expect(secretKey('Schlüssel').export()).toEqual(Buffer.from('Schlüssel', 'utf8'));
    expect(secretKey('MfKQ9r8G').export()).toEqual(Buffer.from('MfKQ9r8G', 'utf8'));
  });

  test('is made of base64 without padding and of its other alphabet, too', () => {
    expect(secretKey('whsec_-_8').export()).toEqual(Buffer.from([0xfb, 0xff]));
    expect(secretKey('whsec_+/8=').export()).toEqual(Buffer.from([0xfb, 0xff]));
  });

  test.each(['', '=', '====', 'A', '!', 'not base64 at all', 'AAAA AAAA', 'AAAA\n', 'AA=A', 'Schlüssel'])(
    'of whsec_ and %j there is none',
    (encoded) => {
      expect(() => secretKey(`whsec_${encoded}`)).toThrow(InvalidInput);
    },
  );
});

test('a new secret has 32 bytes, and is never the same', () => {
  const secrets = Array.from({ length: 100 }, () => createSecret());
  for (const secret of secrets) {
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(secretKey(secret).symmetricKeySize).toBe(32);
  }
  expect(new Set(secrets).size).toBe(100);
});
