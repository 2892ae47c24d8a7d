import { describe, expect, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { weakSecrets } from './weak-secrets.ts';

const GOOD = {
  jwt_secret: randomBytes(48).toString('base64'),
  encryption_key: randomBytes(32).toString('base64'),
  admin_password: 'correct horse battery',
};
const problemsOf = (security: object, host = '0.0.0.0') =>
  weakSecrets({ hookline: { host }, security: { ...GOOD, ...security } });

describe('secrets of what other machines can reach', () => {
  test('that are random are good', () => {
    expect(problemsOf({})).toEqual([]);
    expect(weakSecrets({ hookline: { host: '0.0.0.0' } })).toEqual([]);
  });

  test.each([
    ['jwt_secret', 'change-me-change-me-change-me-0123456789'],
    ['jwt_secret', 'your-secret-key-of-at-least-32-characters'],
    ['jwt_secret', 'x'.repeat(48)],
    ['jwt_secret', '01'.repeat(24)],
    ['encryption_key', Buffer.alloc(32).toString('base64')],
    ['encryption_key', Buffer.alloc(32, 'ab').toString('base64')],
    ['admin_password', 'password'],
    ['admin_password', 'Changeme'],
  ])('that can be guessed are told in a line: %s=%s', (key, value) => {
    const [problem, ...others] = problemsOf({ [key]: value });
    expect(problem).toMatch(new RegExp(`^security\\.${key}: can be guessed.*e\\.g\\. SECURITY_`));
    expect(problem).not.toContain(`=${value}`);
    expect(others).toEqual([]);
    expect(problemsOf({ [key]: value }, '127.0.0.1')).toEqual([]);
  });
});
