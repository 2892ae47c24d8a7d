import { readFileSync } from 'node:fs';
import { InvalidInput } from '@hookline/domain';

/** The keys of a section that name PEM files for TLS. */
interface CertificateSettings {
  ssl_ca_file?: string | undefined;
  ssl_cert_file?: string | undefined;
  ssl_key_file?: string | undefined;
}

/** PEM. */
interface Certificates {
  ca?: string[];
  cert?: string;
  key?: string;
}

/** What the files of a section hold. @throws InvalidInput naming the setting that is missing or can't be read */
export function readCertificates(section: 'kafka' | 'redis', settings: CertificateSettings): Certificates {
  const { ssl_ca_file: ca, ssl_cert_file: cert, ssl_key_file: key } = settings;
  if ((cert === undefined) !== (key === undefined)) {
    const prefix = section.toUpperCase();
    throw new InvalidInput(
      `${section}.ssl_cert_file and ${section}.ssl_key_file: set both, ${prefix}_SSL_CERT_FILE and ${prefix}_SSL_KEY_FILE, or neither`,
    );
  }
  const read = (name: string, file: string) => readPem(`${section}.${name}`, file);
  return {
    ...(ca !== undefined && { ca: [read('ssl_ca_file', ca)] }),
    ...(cert !== undefined && { cert: read('ssl_cert_file', cert) }),
    ...(key !== undefined && { key: read('ssl_key_file', key) }),
  };
}

function readPem(key: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new InvalidInput(`${key}: cannot be read: ${(error as Error).message}`);
  }
}
