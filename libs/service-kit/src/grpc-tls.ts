import { experimental, ServerCredentials } from '@grpc/grpc-js';
import { readTlsIdentity, watchTlsFiles, type TlsFiles, type TlsIdentity } from './http/tls-files.ts';
import type { Log } from './log.ts';

/** What a gRPC server listens with: TLS, with a certificate that may be replaced, or nothing. */
export interface GrpcListening {
  credentials: ServerCredentials;
  forget: () => void;
}

type Listener = Parameters<experimental.CertificateProvider['addIdentityCertificateListener']>[0];

/** @throws InvalidInput if the files can't be used */
export function grpcListening(tls: TlsFiles | undefined, log: Log | undefined): GrpcListening {
  if (tls === undefined || log === undefined) return { credentials: ServerCredentials.createInsecure(), forget() {} };
  let identity = readTlsIdentity(tls);
  const listeners = new Set<Listener>();
  const provider: experimental.CertificateProvider = {
    addIdentityCertificateListener(listener) {
      listeners.add(listener);
      // Only once this call has ended does grpc-js pass it on to the listening server.
      queueMicrotask(() => {
        if (listeners.has(listener)) listener(updateOf(identity));
      });
    },
    removeIdentityCertificateListener: (listener) => void listeners.delete(listener),
    // Clients show no certificates.
    addCaCertificateListener() {},
    removeCaCertificateListener() {},
  };
  const forget = watchTlsFiles(tls, identity, {
    log,
    replaced(newer) {
      identity = newer;
      for (const listener of listeners) listener(updateOf(identity));
    },
  });
  // The first is the server's own, whatever the types call it.
  return { credentials: experimental.createCertificateProviderServerCredentials(provider, null, false), forget };
}

function updateOf({ cert, key }: TlsIdentity): { certificate: Buffer; privateKey: Buffer } {
  return { certificate: Buffer.from(cert), privateKey: Buffer.from(key) };
}
