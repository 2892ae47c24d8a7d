import { InvalidInput } from '@hookline/domain';
import { describe, expect, test } from '@jest/globals';
import { checkServerUrl } from './server-url.ts';

const urlWith = (parameters: string) => `postgres://u:secret@db/hookline?${parameters}`;

describe('a URL by which TLS, or the check of a certificate, would be off unnoticed is refused', () => {
  test.each([
    ['ssl_mode=verify-full', '"ssl_mode" is unknown'],
    ['sslMode=verify-full', '"sslMode" is unknown'],
    ['SSLMODE=verify-full', '"SSLMODE" is unknown'],
    ['+sslmode=verify-full', '" sslmode" is unknown'],
    ['application_name=a&amp;sslmode=verify-full', '"amp;sslmode" is unknown'],
    ['sslmode=verify-full&sslrootcrt=/ca.pem', '"sslrootcrt" is unknown'],
    ['requiressl=1', '"requiressl" is unknown'],
    ['tls=true', '"tls" is unknown'],
    ['ssl=', 'ssl must be one of'],
    ['ssl=yes', 'ssl must be one of'],
    ['sslmode=', 'sslmode must be one of'],
    ['uselibpqcompat=true&sslmode=require', 'uselibpqcompat is not allowed'],
    ['sslmode=require&UseLibpqCompat=true', 'uselibpqcompat is not allowed'],
  ])('%s', (parameters, problem) => {
    const check = () => checkServerUrl(urlWith(parameters));
    expect(check).toThrow(InvalidInput);
    expect(check).toThrow(`database.url: `);
    expect(check).toThrow(problem);
    expect(check).toThrow('?sslmode=verify-full');
    expect(check).not.toThrow('secret');
  });
});

test.each([
  'sslmode=verify-full',
  'sslmode=require&channel_binding=require',
  'sslmode=verify-full&sslnegotiation=direct',
  'ssl=true',
  'application_name=a&options=-c%20search_path%3Dhookline',
])('a URL with %s stays as it is', (parameters) => {
  expect(checkServerUrl(urlWith(parameters))).toBe(urlWith(parameters));
});
