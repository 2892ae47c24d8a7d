import { expect, test } from '@jest/globals';
import { createHmac } from 'node:crypto';
import { isSignedBy } from './inbound.ts';

const BODY = Buffer.from('{"total": 19.90}');
const NOW = 1_000;
const SECRETS = [{ secret: 'new' }, { secret: 'old', expiresAtMs: NOW + 1 }, { secret: 'gone', expiresAtMs: NOW - 1 }];
const hex = (secret: string, body = BODY) => createHmac('sha256', secret).update(body).digest('hex');

test.each([
  ['the newest', hex('new'), true],
  ['upper case', hex('new').toUpperCase(), true],
  ['with its prefix', `sha256=${hex('new')}`, true],
  ['one that signs still', hex('old'), true],
  ['one that has expired', hex('gone'), false],
  ['somebody else’s', hex('x'), false],
  ['of another body', hex('new', Buffer.from('{}')), false],
  ['a part of it', hex('new').slice(2), false],
  ['too long', `${hex('new')}00`, false],
  ['none', '', false],
  ['base64', createHmac('sha256', 'new').update(BODY).digest('base64'), false],
])('%s', (_name, signature, right) => {
  expect(isSignedBy(SECRETS, BODY, signature, NOW)).toBe(right);
});
