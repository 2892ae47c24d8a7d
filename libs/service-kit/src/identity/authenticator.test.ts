import { RateLimited, Unauthenticated, Unavailable } from '@hookline/domain';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createLog } from '../log.ts';
import { createAuthenticator, type Authenticator } from './authenticator.ts';
import { createApiKey, hashOfSecret, type Credentials, type FoundApiKey, type Revocation } from './credentials.ts';
import { createTokens } from './tokens.ts';

const START_MS = 1_800_000_000_000;
const MINUTE_MS = 60_000;

let nowMs: number;
const now = () => nowMs;
const tokens = createTokens('a-secret-of-at-least-32-characters!', 3_600_000, now);
const log = createLog('test', 'silent');

/** The registry, as far as it can be told what to say. */
let keys: Map<string, FoundApiKey>;
let revoked: Revocation[];
let away: boolean;
/** Or whether it does not answer. */
let silent: boolean;
let asked: number;
/** In how many the registry tells what was revoked, in the last of them. */
let pages: number;
const credentials: Credentials = {
  async findApiKey(hash) {
    asked++;
    if (silent) await new Promise(() => undefined);
    if (away) throw new Unavailable('away');
    return keys.get(hash) ?? null;
  },
  async revocations() {
    if (away) throw new Unavailable('away');
    pages--;
    return { revocations: pages > 0 ? [] : revoked, cursor: '1', more: pages > 0 };
  },
};
let authenticator: Authenticator;

beforeEach(() => {
  nowMs = START_MS;
  [keys, revoked, away, silent, asked, pages] = [new Map(), [], false, false, 0, 1];
  authenticator = createAuthenticator({ tokens, credentials, log, now });
});
afterEach(() => authenticator.close());

function makeKey(more: Partial<FoundApiKey> = {}): string {
  const key = createApiKey();
  keys.set(hashOfSecret(key), { id: 'key_1', tenant: 'acme', scopes: ['events:publish'], expiresAtMs: null, ...more });
  return key;
}

async function verify(token: string): Promise<unknown> {
  return authenticator.verify(`Bearer ${token}`).catch((error: unknown) => {
    expect(error instanceof Unauthenticated || error instanceof Unavailable).toBe(true);
    return (error as Unauthenticated).code;
  });
}

describe('an API key', () => {
  const IDENTITY = {
    tenant: 'acme',
    subject: 'key_1',
    scopes: ['events:publish'],
    via: 'api_key',
    credential: 'key_1',
  };

  test('is looked up once a minute, and once for many requests at a time', async () => {
    const key = makeKey();
    expect(await Promise.all([verify(key), verify(key), verify(key)])).toEqual([IDENTITY, IDENTITY, IDENTITY]);
    nowMs += MINUTE_MS - 1;
    await verify(key);
    expect(asked).toBe(1);
    nowMs += 1;
    await verify(key);
    expect(asked).toBe(2);
  });

  test('that is gone is refused a minute later without having been revoked', async () => {
    const key = makeKey();
    await verify(key);
    keys.clear();
    nowMs += MINUTE_MS;
    await verify(key);
    while ((await verify(key)) !== 'unauthenticated') await sleep(20);
  });

  test('that is known waits for nobody who does not answer', async () => {
    const key = makeKey();
    await verify(key);
    silent = true;
    nowMs += MINUTE_MS;
    expect(await Promise.race([verify(key), sleep(500)])).toEqual(IDENTITY);
  });

  test('that is not known is looked up for who has been refused too often only while few are', async () => {
    silent = true;
    const asks = (key: string) => {
      const refused = new RateLimited('enough', { retryAfterMs: 1 });
      const verified = authenticator.verify(`Bearer ${key}`, () => {
        throw refused;
      });
      return verified.catch((error: unknown) => (error as RateLimited).code);
    };
    const first = Array.from({ length: 16 }, () => asks(makeKey()));
    expect(await asks(makeKey())).toBe('rate_limited');
    const other = authenticator.verify(`Bearer ${makeKey()}`, () => undefined).catch(() => undefined);
    expect(asked).toBe(17);
    expect(await Promise.all(first)).toEqual(first.map(() => 'keys_unavailable'));
    await other;
  }, 20_000);

  test('is good for 15 minutes more while the registry is away, and no longer', async () => {
    const key = makeKey();
    await verify(key);
    away = true;
    nowMs += 15 * MINUTE_MS - 1;
    expect(await verify(key)).toEqual(IDENTITY);
    // So that the question that this one left behind is answered.
    await sleep(1);
    nowMs += 1;
    expect(await verify(key)).toBe('keys_unavailable');
    expect(await verify(makeKey())).toBe('keys_unavailable');
    away = false;
    expect(await verify(key)).toEqual(IDENTITY);
  });

  test('is not asked for with every request while the registry is away', async () => {
    const key = makeKey();
    await verify(key);
    away = true;
    nowMs += MINUTE_MS;
    for (let i = 0; i < 10; i++) await verify(key);
    expect(asked).toBe(2);
  });

  test('ends when it expires, whatever is remembered', async () => {
    const key = makeKey({ expiresAtMs: START_MS + 1_000 });
    expect(await verify(key)).toEqual(IDENTITY);
    nowMs += 1_000;
    away = true;
    expect(await verify(key)).toBe('keys_unavailable');
  });

  test('of another form is not looked up', async () => {
    for (const text of ['hl_short', `hl_${'x'.repeat(44)}`, `HL_${'x'.repeat(43)}`]) {
      expect(await verify(text)).toBe('unauthenticated');
    }
    expect(asked).toBe(0);
  });
});

describe('what was revoked', () => {
  test('is refused: a token by its session, a key by being looked up anew; others are not', async () => {
    const { token } = tokens.issue({ tenant: 'acme', subject: 'usr_1', scopes: [], credential: 'ses_1' });
    const other = tokens.issue({ tenant: 'acme', subject: 'usr_1', scopes: [], credential: 'ses_2' }).token;
    const key = makeKey();
    authenticator.start();
    for (const good of [token, other, key]) expect(await verify(good)).toMatchObject({ tenant: 'acme' });
    keys.clear();
    revoked = [
      { credential: 'ses_1', refusedUntilMs: nowMs + 3_600_000 },
      { credential: 'key_1', refusedUntilMs: 0 },
    ];
    while ((await verify(token)) !== 'token_revoked') await sleep(20);
    expect(await verify(key)).toBe('unauthenticated');
    expect(await verify(other)).toMatchObject({ credential: 'ses_2' });
    away = true;
    expect(await verify(token)).toBe('token_revoked');
  }, 20_000);

  test('is learnt at once, however many pages it is told in', async () => {
    const { token } = tokens.issue({ tenant: 'acme', subject: 'usr_1', scopes: [], credential: 'ses_1' });
    revoked = [{ credential: 'ses_1', refusedUntilMs: nowMs + 3_600_000 }];
    pages = 100;
    authenticator.start();
    while ((await verify(token)) !== 'token_revoked') await sleep(20);
  }, 20_000);

  test('nothing is known of is accepted while the registry is away from the start', async () => {
    away = true;
    authenticator.start();
    const { token } = tokens.issue({ tenant: 'acme', subject: 'usr_1', scopes: [], credential: 'ses_1' });
    expect(await verify(token)).toMatchObject({ credential: 'ses_1' });
  });
});

test('a token is verified again after a minute, and never past its end', async () => {
  const { token } = tokens.issue({ tenant: 'acme', subject: 'usr_1', scopes: [] }, 90_000);
  expect(await verify(token)).toMatchObject({ subject: 'usr_1' });
  nowMs += 89_999;
  expect(await verify(token)).toMatchObject({ subject: 'usr_1' });
  nowMs += 1;
  expect(await verify(token)).toBe('token_expired');
});

test.each([undefined, '', 'Bearer', 'Bearer ', 'Basic YTpi', `Bearer a b`])(
  'a token is missing in %p',
  async (header) => {
    await expect(authenticator.verify(header)).rejects.toThrow('A token is needed');
  },
);

test('many more credentials than are remembered are still verified', async () => {
  const first = makeKey({ id: 'key_first' });
  await verify(first);
  for (let i = 0; i < 10_000; i++) await verify(makeKey());
  expect(await verify(first)).toMatchObject({ credential: 'key_first' });
  expect(asked).toBe(10_002);
}, 30_000);
