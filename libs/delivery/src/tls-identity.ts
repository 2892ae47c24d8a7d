import { createHash } from 'node:crypto';
import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls';
import type { WebhookCredentials } from '@hookline/domain';

/** Whom a webhook trusts and as whom we come to it. Connections are shared only by those who agree in both. */
export interface TlsIdentity {
  /** The same for equal ones. */
  readonly id: string;
  readonly trust: Trust;
  readonly clientCertificate: WebhookCredentials['clientCertificate'];
}

/** PEM; undefined: the system's certificates. */
interface Trust {
  readonly caBundle: string | undefined;
  /** The system's beside it. */
  readonly system: boolean;
}

/** undefined: the system's certificates, and no certificate of our own. */
export function createTlsIdentity(
  caBundle: string | undefined,
  clientCertificate?: WebhookCredentials['clientCertificate'],
): TlsIdentity | undefined {
  if (caBundle === undefined && clientCertificate === undefined) return undefined;
  return identity({ caBundle, system: false }, clientCertificate);
}

/** Trusts the bundle beside the system's certificates: for a token endpoint, which may be the customer's own or somebody else's. */
export function createTokenIdentity(caBundle: string | undefined): TlsIdentity | undefined {
  return caBundle === undefined ? undefined : identity({ caBundle, system: true }, undefined);
}

function identity(trust: Trust, clientCertificate: WebhookCredentials['clientCertificate']): TlsIdentity {
  const parts = [trust.caBundle, trust.system, clientCertificate?.certificate, clientCertificate?.privateKey];
  return { id: createHash('sha256').update(JSON.stringify(parts)).digest('base64'), trust, clientCertificate };
}

let systemContext: SecureContext | undefined;

/**
 * What connections are secured with. Making it costs a sixth of a handshake (with the system's certificates beside a bundle five times one), so
 * those of an identity to an origin share theirs.
 * @throws Error if the certificates or the key are none
 */
export function openContext(tls: TlsIdentity | undefined): SecureContext {
  if (tls === undefined) return (systemContext ??= createSecureContext());
  const { trust, clientCertificate } = tls;
  const ca = [...(trust.system ? getCACertificates('default') : []), ...(trust.caBundle ? [trust.caBundle] : [])];
  const own = clientCertificate && { cert: clientCertificate.certificate, key: clientCertificate.privateKey };
  try {
    return createSecureContext({ ...(ca.length > 0 && { ca }), ...own });
  } catch (cause) {
    // OpenSSL's words, which name no secret.
    const message = `the webhook's certificates can't be used: ${(cause as Error).message}`;
    throw Object.assign(new Error(message, { cause }), { code: 'HL_TLS' });
  }
}
