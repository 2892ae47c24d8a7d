import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import { InvalidInput } from '@hookline/domain';
import type { Log } from '../log.ts';

/** PEM, as it is in the files of a certificate (with its chain) and its private key. */
export interface TlsIdentity {
  cert: string;
  key: string;
}

export interface TlsFiles {
  certFile: string;
  keyFile: string;
}

const LOOK_EVERY_MS = 5_000;

/**
 * The files that a section of the configuration names; undefined: none, so no TLS.
 * @throws InvalidInput if only one of them is named
 */
export function tlsFilesOf(
  section: string,
  {
    tls_cert_file: certFile,
    tls_key_file: keyFile,
  }: { tls_cert_file?: string | undefined; tls_key_file?: string | undefined },
): TlsFiles | undefined {
  if (certFile === undefined && keyFile === undefined) return undefined;
  if (certFile !== undefined && keyFile !== undefined) return { certFile, keyFile };
  const missing = certFile === undefined ? 'tls_cert_file' : 'tls_key_file';
  throw new InvalidInput(
    `${section}.${missing} is missing: TLS needs a certificate and its key, e.g. /etc/tls/tls.crt and /etc/tls/tls.key`,
  );
}

/** @throws InvalidInput if they can't be read or don't belong together */
export function readTlsIdentity({ certFile, keyFile }: TlsFiles): TlsIdentity {
  try {
    const identity = { cert: readFileSync(certFile, 'utf8'), key: readFileSync(keyFile, 'utf8') };
    createSecureContext(identity);
    return identity;
  } catch (error) {
    throw new InvalidInput(`TLS can not be had with ${certFile} and ${keyFile}: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

/**
 * Tells of a certificate that was replaced, within 5 s. Of two files that don't belong together (yet) nothing is told; they are looked at again. Compares what is in
 * them: times say nothing of files that are mounted anew.
 * @returns ends it
 */
export function watchTlsFiles(
  { certFile, keyFile }: TlsFiles,
  current: TlsIdentity,
  { log, replaced, everyMs = LOOK_EVERY_MS }: { log: Log; replaced: (identity: TlsIdentity) => void; everyMs?: number },
): () => void {
  let known = current;
  let refused = '';

  async function look(): Promise<void> {
    try {
      const [cert, key] = await Promise.all([readFile(certFile, 'utf8'), readFile(keyFile, 'utf8')]);
      if (cert === known.cert && key === known.key) return;
      createSecureContext({ cert, key });
      known = { cert, key };
      refused = '';
      replaced(known);
      log.info({ certFile }, 'certificate.replaced');
    } catch (error) {
      const { message } = error as Error;
      if (message !== refused) log.error({ certFile, error: message }, 'certificate.unusable');
      refused = message;
    }
  }

  const timer = setInterval(() => void look(), everyMs).unref();
  return () => clearInterval(timer);
}
