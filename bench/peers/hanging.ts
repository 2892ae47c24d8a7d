// A process of its own: receivers that hang, each in its way.
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

export type HangingMode = 'no-syn-answer' | 'tls' | 'no-response' | 'slow-body' | 'dns';

export interface HangingSettings {
  mode: HangingMode;
  /** TCP, or for `dns` UDP: the name server's. */
  ports: readonly number[];
}

const { mode, ports } = JSON.parse(process.argv[2] as string) as HangingSettings;
const BYTE_EVERY_MS = 500;
/** With a full backlog the kernel drops what would open a further connection, so nobody answers. */
const SHORTEST_BACKLOG = 1;

function listen(port: number): Promise<void> {
  if (mode === 'dns') {
    return new Promise((resolve) => createSocket('udp4').bind(port, '127.0.0.1', resolve));
  }
  const server = createServer((socket) => {
    socket.on('error', () => {});
    if (mode === 'tls') return;
    socket.on('data', () => {});
    if (mode !== 'slow-body') return;
    socket.once('data', () => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n');
      const drip = setInterval(() => socket.write('.'), BYTE_EVERY_MS);
      socket.once('close', () => clearInterval(drip));
    });
  });
  return new Promise((resolve) =>
    server.listen({ port, host: '127.0.0.1', backlog: mode === 'no-syn-answer' ? SHORTEST_BACKLOG : 511 }, resolve),
  );
}

process.on('disconnect', () => process.exit(0));
await Promise.all(ports.map(listen));
process.send?.('listening', () => {
  // From here on nobody accepts what the kernel takes.
  if (mode === 'no-syn-answer') process.kill(process.pid, 'SIGSTOP');
});
