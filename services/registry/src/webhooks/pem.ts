import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { CREDENTIAL_LIMITS } from './limits.ts';

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g;

/** What is wrong with certificates to trust, or null. */
export function caBundleProblem(pem: string): string | null {
  const read = readCertificates(pem);
  return typeof read === 'string' ? read : null;
}

/** What is wrong with a client's certificate (and those that lead to a trusted one), and with its key; null: nothing. */
export function clientCertificateProblems(
  certificate: string,
  privateKey: string,
): { certificate: string | null; privateKey: string | null } {
  const certificates = readCertificates(certificate);
  const key = readPrivateKey(privateKey);
  const own = typeof certificates === 'string' ? undefined : certificates[0];
  const mismatch = own !== undefined && typeof key !== 'string' && !own.checkPrivateKey(key);
  return {
    certificate: typeof certificates === 'string' ? certificates : null,
    privateKey: typeof key === 'string' ? key : mismatch ? 'is not the key of the first certificate' : null,
  };
}

function readCertificates(pem: string): X509Certificate[] | string {
  if (pem.length > CREDENTIAL_LIMITS.pem) return `has at most ${CREDENTIAL_LIMITS.pem} characters`;
  const blocks = pem.match(CERTIFICATE) ?? [];
  const outside = pem.replaceAll(CERTIFICATE, '').trim();
  if (blocks.length === 0 || outside !== '') return 'must be certificates in PEM, and nothing else';
  if (blocks.length > CREDENTIAL_LIMITS.certificates) return `at most ${CREDENTIAL_LIMITS.certificates} certificates`;
  try {
    return blocks.map((block) => new X509Certificate(block));
  } catch {
    return 'has a certificate that can not be read';
  }
}

function readPrivateKey(pem: string): KeyObject | string {
  if (pem.length > CREDENTIAL_LIMITS.pem) return `has at most ${CREDENTIAL_LIMITS.pem} characters`;
  try {
    return createPrivateKey(pem);
  } catch {
    return 'must be a private key in PEM, without a passphrase';
  }
}
