import { credentials } from '@grpc/grpc-js';
import { WEBHOOK_SERVICE, WebhookService, webhooksPackage } from '@hookline/contracts/grpc';
import { createLog } from '@hookline/service-kit';
import { serveGrpc } from '@hookline/service-kit/grpc';
import { createAuthority, createTempDir, eventually } from '@hookline/testkit';
import { expect, test } from '@jest/globals';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connect } from 'node:tls';

test('gRPC speaks TLS, and uses a certificate that was replaced without a restart', async () => {
  const folder = await createTempDir('grpc-tls');
  const authority = await createAuthority();
  const [certFile, keyFile] = [join(folder.path, 'tls.crt'), join(folder.path, 'tls.key')];
  async function install(name: string): Promise<void> {
    const { certificate, privateKey } = await authority.issue(name);
    await writeFile(certFile, certificate);
    await writeFile(keyFile, privateKey);
  }
  await install('first');
  const service = { name: WEBHOOK_SERVICE, definition: WebhookService.service, handlers: {}, package: webhooksPackage };
  const server = await serveGrpc([service], {
    host: '127.0.0.1',
    port: 0,
    setting: 'gateway.grpc_port',
    maxMessageBytes: 1024,
    tls: { certFile, keyFile },
    log: createLog('gateway', 'silent'),
  });
  const client = new WebhookService(
    `localhost:${server.port}`,
    credentials.createSsl(Buffer.from(authority.certificate)),
  );
  await new Promise<void>((resolve, reject) => {
    client.waitForReady(Date.now() + 20_000, (error) => (error ? reject(error) : resolve()));
  });
  expect(await nameAt(server.port, authority.certificate)).toBe('first');
  await install('second');
  await eventually(async () => expect(await nameAt(server.port, authority.certificate)).toBe('second'), {
    timeoutMs: 40_000,
  });
  client.close();
  await server.close(Date.now() + 1_000);
  await folder.remove();
}, 90_000);

/** Whom the server's certificate names. */
function nameAt(port: number, ca: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, ca, servername: 'localhost', ALPNProtocols: ['h2'] }, () => {
      resolve(socket.getPeerCertificate().subject.CN);
      socket.destroy();
    });
    socket.on('error', reject);
  });
}
