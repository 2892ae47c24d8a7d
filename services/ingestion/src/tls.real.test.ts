import { rename, writeFile } from 'node:fs/promises';
import { request as httpsRequest } from 'node:https';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { createAuthority, createTempDir, eventually, type Authority, type TempDir } from '@hookline/testkit';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventBody, newId, openEmbedded, startOn, tokenOf, type Stores } from './testing/scene.ts';

let stores: Stores;
let authority: Authority;
let folder: TempDir;
beforeAll(async () => {
  [stores, authority, folder] = await Promise.all([openEmbedded(), createAuthority(), createTempDir('tls')]);
}, 60_000);
afterAll(async () => {
  await stores?.close();
  await folder?.remove();
});

interface Answer {
  status: number | undefined;
  headers: NodeJS.Dict<string | string[]>;
  /** Of the server's certificate. */
  name: string | string[] | undefined;
}

/** Over a connection of its own. */
function publishOverTls(port: number): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpsRequest(
      {
        host: 'localhost',
        port,
        path: '/api/v1/events',
        method: 'POST',
        ca: authority.certificate,
        agent: false,
        headers: { 'content-type': 'application/json', authorization: `Bearer ${tokenOf('acme')}` },
      },
      (response) => {
        const name = (response.socket as TLSSocket).getPeerCertificate().subject.CN;
        response.resume();
        response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, name }));
      },
    );
    request.on('error', reject);
    request.end(JSON.stringify(eventBody(newId())));
  });
}

async function replace(file: string, text: string): Promise<void> {
  const next = join(folder.path, 'next');
  await writeFile(next, text);
  await rename(next, file);
}

test('a public listener speaks TLS, and uses a certificate that was replaced without a restart', async () => {
  const [certFile, keyFile] = [join(folder.path, 'tls.crt'), join(folder.path, 'tls.key')];
  const [first, second] = [await authority.issue('first'), await authority.issue('second')];
  await writeFile(certFile, first.certificate);
  await writeFile(keyFile, first.privateKey);
  const settings = { INGESTION_TLS_CERT_FILE: certFile, INGESTION_TLS_KEY_FILE: keyFile };
  const { ingestion } = await startOn(stores, settings);
  const answer = await publishOverTls(ingestion.port);
  expect([answer.status, answer.name]).toEqual([202, 'first']);
  expect(answer.headers['strict-transport-security']).toMatch(/^max-age=\d{8}/);
  await expect(fetch(`http://127.0.0.1:${ingestion.port}/health`)).rejects.toThrow();

  // One file after the other, and in between they don't belong together: the old ones are used until the new ones do.
  await replace(certFile, second.certificate);
  expect((await publishOverTls(ingestion.port)).name).toBe('first');
  await replace(keyFile, second.privateKey);
  await eventually(async () => expect((await publishOverTls(ingestion.port)).name).toBe('second'), {
    timeoutMs: 40_000,
  });
}, 60_000);

test.each([
  [{ INGESTION_TLS_CERT_FILE: '/nowhere/tls.crt' }, 'ingestion.tls_key_file is missing'],
  [{ INGESTION_TLS_CERT_FILE: '/nowhere/tls.crt', INGESTION_TLS_KEY_FILE: '/nowhere/tls.key' }, '/nowhere/tls.crt'],
])('with %j it does not start', async (settings, problem) => {
  await expect(startOn(stores, settings as Record<string, string>)).rejects.toThrow(problem);
});
