import { integer, optionalText, plainText } from '../values.ts';

/** Where the registry answers about API keys and revocations. */
export function registryAddress() {
  return plainText('127.0.0.1:8081', 'registry:8081').describe(
    'gRPC target of the registry; over all addresses that the name has',
  );
}

/** In front of a public listener. */
export function trustedProxies() {
  return integer(0, 0, 10).describe('How many proxies in front append to `X-Forwarded-For`');
}

/**
 * Of a client of a store; both or neither.
 * @param folder of the example
 * @param wantedBy who asks for a certificate
 */
export function clientCertificateKeys(folder: string, wantedBy: string) {
  return {
    ssl_cert_file: optionalText(`/etc/hookline/${folder}/client.pem`).describe(
      `PEM file of our own certificate, for ${wantedBy} (mTLS)`,
    ),
    ssl_key_file: optionalText(`/etc/hookline/${folder}/client.key`).describe('PEM file of its key'),
  };
}

/** Of a public listener; both or neither. */
export function tlsKeys() {
  return {
    tls_cert_file: optionalText('/etc/hookline/tls/tls.crt').describe(
      'PEM file of a certificate with its chain: with it and its key this listener speaks TLS only',
    ),
    tls_key_file: optionalText('/etc/hookline/tls/tls.key').describe(
      'PEM file of its key. Where the files are replaced, the new ones are used within 5 s',
    ),
  };
}
