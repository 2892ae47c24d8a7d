import { createHash } from 'node:crypto';
import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls';
import type { WebhookCredentials } from '@hookline/domain';

/** Whom a webhook trusts and as whom we come to it. Connections are shared only by those who agree in both. */
export interface TlsIdentity {
  /** The same for equal ones. */
  readonly id: string;
  readonly ca: readonly string[] | undefined;
  readonly clientCertificate: WebhookCredentials['clientCertificate'];
}

/** undefined: the system's certificates, and no certificate of our own. */
export function createTlsIdentity(
  caBundle: string | undefined,
  clientCertificate?: WebhookCredentials['clientCertificate'],
): TlsIdentity | undefined {
  if (caBundle === undefined && clientCertificate === undefined) return undefined;
  return identity(caBundle === undefined ? undefined : [caBundle], clientCertificate);
}

/** Trusts the bundle beside the system's certificates: for a token endpoint, which may be the customer's own or somebody else's. */
export function createTokenIdentity(caBundle: string | undefined): TlsIdentity | undefined {
  return caBundle === undefined ? undefined : identity([...getCACertificates('default'), caBundle], undefined);
}

function identity(ca: string[] | undefined, clientCertificate: WebhookCredentials['clientCertificate']): TlsIdentity {
  const id = createHash('sha256')
    .update(JSON.stringify([ca, clientCertificate?.certificate, clientCertificate?.privateKey]))
    .digest('base64');
  return { id, ca, clientCertificate };
}

let systemContext: SecureContext | undefined;

/**
 * What connections of an identity are secured with. It costs more than a handshake of a session that is resumed, so it is made once.
 * @throws Error if the certificates or the key are none
 */
export function openContext(tls: TlsIdentity | undefined): SecureContext {
  if (tls === undefined) return (systemContext ??= createSecureContext());
  try {
    return createSecureContext({
      ...(tls.ca === undefined ? {} : { ca: [...tls.ca] }),
      ...(tls.clientCertificate === undefined
        ? {}
        : { cert: tls.clientCertificate.certificate, key: tls.clientCertificate.privateKey }),
    });
  } catch (cause) {
    // OpenSSL's words, which name no secret, say little to those who gave the certificates.
    throw Object.assign(new Error(`the webhook's certificates can't be used: ${(cause as Error).message}`, { cause }), {
      code: 'HL_TLS',
    });
  }
}
