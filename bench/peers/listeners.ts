// A process of its own: clients of the live feed, each a WebSocket that wants the attempts of one event type.

export interface ListenersSettings {
  gatewayUrl: string;
  token: string;
  clients: number;
  /** `feed.0` to `feed.<types - 1>`, in turn. */
  types: number;
}

export interface ListenersReport {
  open: number;
  /** Entries, of all clients together. */
  entries: number;
  /** Streams that the gateway has ended. */
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

process.on('message', (message) => {
  if (message === 'report') process.send?.(report);
});
process.on('disconnect', () => process.exit(0));
for (let from = 0; from < settings.clients; from += OPENED_AT_ONCE) {
  const some = Array.from({ length: Math.min(OPENED_AT_ONCE, settings.clients - from) }, (_, index) => from + index);
  await Promise.all(some.map(listen));
}
process.send?.('listening');
