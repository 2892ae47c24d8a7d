import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvalidInput } from '@hookline/domain';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { isLoopbackHost, localSecrets } from './local-secrets.ts';

let temp: string;
beforeEach(() => {
  temp = mkdtempSync(join(tmpdir(), 'hookline-secrets-'));
});
afterEach(() => {
  rmSync(temp, { recursive: true, force: true });
});

describe('local secrets', () => {
  test('are made once, in a folder that is made for them, for the owner only', () => {
    const folder = join(temp, 'a', 'b');
    const secrets = localSecrets(folder);
    expect(secrets.jwt_secret.length).toBeGreaterThanOrEqual(32);
    expect(Buffer.from(secrets.encryption_key, 'base64')).toHaveLength(32);
    expect(readdirSync(folder)).toEqual(['local-secrets.json']);
    expect(statSync(join(folder, 'local-secrets.json')).mode & 0o777).toBe(0o600);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(localSecrets(folder)).toEqual(secrets);
  });

  test('are others in another folder', () => {
    const [one, two] = [localSecrets(join(temp, 'one')), localSecrets(join(temp, 'two'))];
    expect(one.jwt_secret).not.toBe(two.jwt_secret);
    expect(one.encryption_key).not.toBe(two.encryption_key);
  });

  test('that cannot be read are not made anew', () => {
    const file = join(temp, 'local-secrets.json');
    writeFileSync(file, '{"jwt_secret": "cut o');
    expect(() => localSecrets(temp)).toThrow(InvalidInput);
    expect(() => localSecrets(temp)).toThrow(`${file} cannot be read`);
    expect(readFileSync(file, 'utf8')).toBe('{"jwt_secret": "cut o');
  });

  test('a folder where the file should be is no file', () => {
    mkdirSync(join(temp, 'local-secrets.json'));
    expect(() => localSecrets(temp)).toThrow('cannot be read');
  });

  test.each(['taken', 'taken/below', 'taken/far/below'])('say that %s takes no folder', (path) => {
    writeFileSync(join(temp, 'taken'), '');
    expect(() => localSecrets(join(temp, path))).toThrow(InvalidInput);
    expect(() => localSecrets(join(temp, path))).toThrow('choose another with HOOKLINE_DATA');
    expect(existsSync(join(temp, 'taken'))).toBe(true);
  });
});

describe('isLoopbackHost', () => {
  test.each(['localhost', '127.0.0.1', '127.8.9.10', '::1'])('%s is', (host) => {
    expect(isLoopbackHost(host)).toBe(true);
  });

  test.each(['0.0.0.0', '::', '', '10.0.0.1', '128.0.0.1', '127.evil.example', '127.0.0.1.example.com', 'x127.0.0.1'])(
    '%p is not',
    (host) => {
      expect(isLoopbackHost(host)).toBe(false);
    },
  );
});
