import { describe, expect, test } from '@jest/globals';
import { generateKeyPairSync } from 'node:crypto';
import { caBundleProblem, clientCertificateProblems } from './pem.ts';

/* Two certificates that sign themselves, made for this test, with their keys. */
const a = {
  certificate: `-----BEGIN CERTIFICATE-----
MIIBbzCCARWgAwIBAgIUON4piYPoAzHt4jYiwJ0JELgc3JswCgYIKoZIzj0EAwIw
DDEKMAgGA1UEAwwBYTAgFw0yNjExMjcyMDM0MjlaGA8yMTI2MTEwMzIwMzQyOVow
DDEKMAgGA1UEAwwBYTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABJ/sOZ0VFZn0
RwzWUENjXp+g4Y0wvJhn1Jq+F+ga8vKkLlvKUGpGPqm3kiT6jB7ZdMbM2mOMzf57
I9kfAVwXwHCjUzBRMB0GA1UdDgQWBBRZ8Hn6eQ8SaCxbY6FoRAYLZLdL0DAfBgNV
HSMEGDAWgBRZ8Hn6eQ8SaCxbY6FoRAYLZLdL0DAPBgNVHRMBAf8EBTADAQH/MAoG
CCqGSM49BAMCA0gAMEUCIQDw+6wukiaVCcctiarXmDXhbwfkvvZKxhtOWBTqqqlm
ugIgdmyOpXaOjUZvqEWyre88Mf2KQ406FrjGjfw+rY6wTBo=
-----END CERTIFICATE-----`,
  privateKey: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgu2YxFW22WvbY9QaI
d9Nb+ql/V7FmNWZI9olWR0rA/W+hRANCAASf7DmdFRWZ9EcM1lBDY16foOGNMLyY
Z9SavhfoGvLypC5bylBqRj6pt5Ik+owe2XTGzNpjjM3+eyPZHwFcF8Bw
-----END PRIVATE KEY-----`,
};
const b = {
  certificate: `-----BEGIN CERTIFICATE-----
MIIBbzCCARWgAwIBAgIUHzwynqDMicOFUBKktcDvPJGRIiYwCgYIKoZIzj0EAwIw
DDEKMAgGA1UEAwwBYjAgFw0yNjExMjcyMDM0MjlaGA8yMTI2MTEwMzIwMzQyOVow
DDEKMAgGA1UEAwwBYjBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABBXAPJARcx2J
8Hg5zADWHyWJ9XfIhedPAsaMpwwHaUft+JJP4AdIzn27fV9lLPsE3yr70oI6BVQ8
dh1APVQJv02jUzBRMB0GA1UdDgQWBBTHpRQje3Za2XIa4CX8dRHsBUl6mzAfBgNV
HSMEGDAWgBTHpRQje3Za2XIa4CX8dRHsBUl6mzAPBgNVHRMBAf8EBTADAQH/MAoG
CCqGSM49BAMCA0gAMEUCIHCEzC6sYuaiefUZpw00AiE/wY0wKwpX8eUC4djvnQWi
AiEAzRP+ODRRohkFzEePC7xlt68gaMT/6UFfDqbczLuPtRY=
-----END CERTIFICATE-----`,
  privateKey: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQglHI8jMnzjZjgK6kT
ksQogGWdwKgX3jibauTni9QONWuhRANCAAQVwDyQEXMdifB4OcwA1h8lifV3yIXn
TwLGjKcMB2lH7fiST+AHSM59u31fZSz7BN8q+9KCOgVUPHYdQD1UCb9N
-----END PRIVATE KEY-----`,
};
const encrypted = generateKeyPairSync('ec', {
  namedCurve: 'P-256',
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' },
}).privateKey;

test.each<[string, string, boolean]>([
  ['one', a.certificate, true],
  ['several', `${a.certificate}\n\n${b.certificate}\n`, true],
  ['21', `${a.certificate}\n`.repeat(21), false],
  ['nothing', '', false],
  ['text', 'certificate', false],
  ['a key', a.privateKey, false],
  ['a key beside it', `${a.certificate}\n${a.privateKey}`, false],
  ['no certificate inside', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----', false],
  ['cut off', a.certificate.slice(0, 200), false],
  ['too large', a.certificate + ' '.repeat(65_536), false],
])('a bundle of %s', (_what, pem, good) => {
  expect(caBundleProblem(pem) === null).toBe(good);
});

describe('a client’s certificate and key', () => {
  test.each<[string, string, string, [boolean, boolean]]>([
    ['belong together', a.certificate, a.privateKey, [true, true]],
    ['with the issuer behind it', `${a.certificate}\n${b.certificate}`, a.privateKey, [true, true]],
    ['don’t belong together', a.certificate, b.privateKey, [true, false]],
    ['need a passphrase', a.certificate, encrypted, [true, false]],
    ['are exchanged', a.privateKey, a.certificate, [false, false]],
    ['are nothing', '', '', [false, false]],
  ])('%s', (_what, certificate, privateKey, good) => {
    const problems = clientCertificateProblems(certificate, privateKey);
    expect([problems.certificate === null, problems.privateKey === null]).toEqual(good);
  });
});
