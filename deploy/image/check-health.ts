// The image's HEALTHCHECK: does the service answer at all? HEALTH_PORT is the port of its /health. Where that speaks TLS (gateway.tls_cert_file,
// ingestion.tls_cert_file), it is asked so; whose certificate it is doesn't matter on loopback.
import { get as getOverHttp, type IncomingMessage } from 'node:http';
import { get as getOverTls } from 'node:https';

/** Below the HEALTHCHECK's own timeout, for both ways together. */
const DEADLINE_MS = 4_000;

const options = {
  host: '127.0.0.1',
  port: process.env['HEALTH_PORT'],
  path: '/health/live',
  signal: AbortSignal.timeout(DEADLINE_MS),
};

function ask(get: typeof getOverTls): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    get({ ...options, rejectUnauthorized: false }, resolve).on('error', reject);
  });
}

try {
  // A listener that speaks TLS ends a connection on which it is asked without; one that isn't there refuses both.
  const { statusCode } = await ask(getOverHttp).catch(() => ask(getOverTls));
  if (statusCode === 200) process.exit(0);
  console.error(`answered ${statusCode}`);
} catch (error) {
  console.error((error as Error).message);
}
process.exit(1);
