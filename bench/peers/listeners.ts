// A process of its own: clients of the live feed, each a WebSocket that wants the attempts of one event type; and some that want all and read nothing.
import { randomBytes } from 'node:crypto';
import { get } from 'node:http';

export interface ListenersSettings {
  gatewayUrl: string;
  token: string;
  clients: number;
  /** Besides: how many read nothing. */
  stalled: number;
  /** `feed.0` to `feed.<types - 1>`, in turn. */
  types: number;
}

export interface ListenersReport {
  open: number;
  /** Entries, of all clients together. */
  entries: number;
  /** Streams of clients that read which the gateway has ended. */
  ended: number;
}

const settings = JSON.parse(process.argv[2] as string) as ListenersSettings;
const OPENED_AT_ONCE = 50;
const report: ListenersReport = { open: 0, entries: 0, ended: 0 };

function listen(index: number): Promise<void> {
  const url = `${settings.gatewayUrl.replace('http', 'ws')}/api/v1/stream?type=feed.${index % settings.types}`;
  const socket = new WebSocket(url, ['hookline.v1', `bearer.${settings.token}`]);
  return new Promise((resolve, reject) => {
    socket.addEventListener('error', () => reject(new Error(`client ${index} can not listen`)));
    socket.addEventListener('close', () => report.ended++);
    socket.addEventListener('message', ({ data }) => {
      const { type, data: entries = [] } = JSON.parse(String(data)) as { type: string; data?: unknown[] };
      report.entries += entries.length;
      if (type !== 'open') return;
      report.open++;
      resolve();
    });
  });
}

/** Its socket has no reader, so what the gateway writes stays in the kernel's buffers, and then there. */
function stall(): Promise<void> {
  const headers = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': randomBytes(16).toString('base64'),
    'sec-websocket-protocol': `hookline.v1, bearer.${settings.token}`,
  };
  return new Promise((resolve, reject) => {
    const request = get(`${settings.gatewayUrl}/api/v1/stream`, { headers, agent: false });
    request.on('upgrade', (_answer, socket) => {
      socket.on('error', () => {});
      resolve();
    });
    request.on('response', ({ statusCode }) => reject(new Error(`the gateway answered ${statusCode}`)));
    request.on('error', reject);
  });
}

process.on('message', (message) => {
  if (message === 'report') process.send?.(report);
});
process.on('disconnect', () => process.exit(0));
for (let from = 0; from < settings.clients; from += OPENED_AT_ONCE) {
  const some = Array.from({ length: Math.min(OPENED_AT_ONCE, settings.clients - from) }, (_, index) => from + index);
  await Promise.all(some.map(listen));
}
await Promise.all(Array.from({ length: settings.stalled }, stall));
process.send?.('listening');
