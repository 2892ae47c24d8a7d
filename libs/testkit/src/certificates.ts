import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTempDir } from './parts/temp-dir.ts';

/** PEM. */
export interface Certificate {
  certificate: string;
  privateKey: string;
}

/** A certificate authority of a test's own, made by `openssl`. */
export interface Authority {
  /** PEM. */
  certificate: string;
  /** For a server that is reached as `localhost`, 127.0.0.1 or by the name, or for a client of that name. */
  issue: (name: string) => Promise<Certificate>;
}

const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-noenc'];

export async function createAuthority(): Promise<Authority> {
  const folder = await createTempDir('authority');
  const [key, pem] = [join(folder.path, 'key'), join(folder.path, 'pem')];
  try {
    openssl('req', '-x509', ...KEY, '-keyout', key, '-out', pem, '-days', '2', '-subj', '/CN=Test authority');
    const own = { certificate: await readFile(pem, 'utf8'), privateKey: await readFile(key, 'utf8') };
    return { certificate: own.certificate, issue: (name) => issue(own, name) };
  } finally {
    await folder.remove();
  }
}

async function issue(authority: Certificate, name: string): Promise<Certificate> {
  const folder = await createTempDir('certificate');
  const at = (file: string) => join(folder.path, file);
  try {
    await writeFile(at('ca.pem'), authority.certificate);
    await writeFile(at('ca.key'), authority.privateKey);
    await writeFile(at('names'), `subjectAltName=DNS:localhost,DNS:${name},IP:127.0.0.1`);
    openssl('req', '-new', ...KEY, '-keyout', at('key'), '-out', at('csr'), '-subj', `/CN=${name}`);
    const signer = ['-CA', at('ca.pem'), '-CAkey', at('ca.key'), '-CAcreateserial', '-days', '2'];
    openssl('x509', '-req', '-in', at('csr'), ...signer, '-extfile', at('names'), '-out', at('pem'));
    return { certificate: await readFile(at('pem'), 'utf8'), privateKey: await readFile(at('key'), 'utf8') };
  } finally {
    await folder.remove();
  }
}

function openssl(...words: string[]): void {
  execFileSync('openssl', words, { stdio: 'pipe' });
}
