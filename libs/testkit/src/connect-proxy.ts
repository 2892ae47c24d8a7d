import { createServer, type IncomingMessage } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect, type AddressInfo, type Socket } from 'node:net';
import type { Certificate } from './certificates.ts';

/** A small HTTP proxy on 127.0.0.1 that knows CONNECT only. */
export interface ConnectProxy {
  url: string;
  /** What it was asked for so far, and by whom. */
  asked: { host: string; authorization: string | undefined }[];
  /** Closes it with every tunnel. */
  close: () => Promise<void>;
}

/**
 * @param status of its answer to CONNECT for a host; 200: it connects
 * @param tls makes it speak TLS itself
 */
export async function createConnectProxy(
  status: (host: string) => number = () => 200,
  tls?: Certificate,
): Promise<ConnectProxy> {
  const asked: ConnectProxy['asked'] = [];
  const sockets = new Set<Socket>();
  const server = tls === undefined ? createServer() : createTlsServer({ cert: tls.certificate, key: tls.privateKey });
  server.on('connection', (socket: Socket) => sockets.add(socket));
  server.on('connect', (request: IncomingMessage, near: Socket) => {
    const host = request.url ?? '';
    asked.push({ host, authorization: request.headers['proxy-authorization'] });
    near.on('error', () => near.destroy());
    const answer = status(host);
    if (answer === 200) tunnel(host, near);
    else near.end(`HTTP/1.1 ${answer} No\r\ncontent-length: 2\r\n\r\nno`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function tunnel(host: string, near: Socket): void {
  const [, name = '', port = ''] = /^(.*):(\d+)$/.exec(host) ?? [];
  const far = connect({ host: name, port: Number(port) }, () => {
    near.write('HTTP/1.1 200 Connection established\r\n\r\n');
    near.pipe(far).pipe(near);
  });
  far.on('error', () => near.destroy());
  near.on('close', () => far.destroy());
}
