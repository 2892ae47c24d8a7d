import { describe, expect, test } from '@jest/globals';
import { createSecret, secretKey, signature } from './sign.ts';

// The example of the Standard Webhooks specification.
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const ID = 'msg_p5jXN8AQM9LWM0D4loKWxJek';
const TIMESTAMP = 1614265330;
const BODY = Buffer.from('{"test": 2432232314}');
const EXPECTED = 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=';

describe('signature', () => {
  test('is that of the specification', () => {
    expect(signature([secretKey(SECRET)], ID, TIMESTAMP, [BODY])).toBe(EXPECTED);
  });

  test('of a body in parts is that of the whole', () => {
    for (let at = 0; at <= BODY.length; at++) {
      expect(signature([secretKey(SECRET)], ID, TIMESTAMP, [BODY.subarray(0, at), BODY.subarray(at)])).toBe(EXPECTED);
    }
  });

  test('has one part for each key, in their order', () => {
    const other = secretKey('whsec_' + Buffer.from('another key of some bytes').toString('base64'));
    const alone = signature([other], ID, TIMESTAMP, [BODY]);
    expect(alone).not.toBe(EXPECTED);
    expect(signature([other, secretKey(SECRET)], ID, TIMESTAMP, [BODY])).toBe(`${alone} ${EXPECTED}`);
  });

  test.each([
    ['id', signature([secretKey(SECRET)], `${ID}x`, TIMESTAMP, [BODY])],
    ['time', signature([secretKey(SECRET)], ID, TIMESTAMP + 1, [BODY])],
    ['body', signature([secretKey(SECRET)], ID, TIMESTAMP, [Buffer.from('{"test":2432232314}')])],
    ['secret', signature([secretKey(createSecret())], ID, TIMESTAMP, [BODY])],
  ])('is another for another %s', (_what, other) => {
    expect(other).toMatch(/^v1,[A-Za-z0-9+/]{43}=$/);
    expect(other).not.toBe(EXPECTED);
  });

  test('signs bytes that are no text', () => {
    const binary = Buffer.from([0, 255, 254, 128]);
    const asText = Buffer.from(binary.toString('utf8'));
    expect(signature([secretKey(SECRET)], ID, TIMESTAMP, [binary])).not.toBe(
      signature([secretKey(SECRET)], ID, TIMESTAMP, [asText]),
    );
  });
});

describe('secretKey', () => {
  test('of a secret with the prefix is what the base64 behind it says', () => {
    expect(secretKey(SECRET).export().toString('hex')).toBe('31f290f6bf06298aab4f08d43c3f082cf648a362da2da4b0');
  });

  test('of a secret without the prefix is its UTF-8 bytes, also where it looks like base64', () => {
    expect(secretKey('Schlüssel').export()).toEqual(Buffer.from('Schlüssel', 'utf8'));
    expect(secretKey('MfKQ9r8G').export()).toEqual(Buffer.from('MfKQ9r8G', 'utf8'));
  });
});

test('a new secret has 32 bytes, and is never the same', () => {
  const secrets = Array.from({ length: 100 }, () => createSecret());
  for (const secret of secrets) {
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(secretKey(secret).symmetricKeySize).toBe(32);
  }
  expect(new Set(secrets).size).toBe(100);
});
