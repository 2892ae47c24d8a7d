import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Takes deliveries, or refuses those to `/down` until it is healed. */
export interface DrillReceiver {
  url: string;
  /** The ids of events that were taken on a path. */
  taken(path: string): ReadonlySet<string>;
  refused(): number;
  heal(): void;
  close(): void;
}

export async function startDrillReceiver(): Promise<DrillReceiver> {
  const taken = new Map<string, Set<string>>();
  const refused = new Set<string>();
  let isHealed = false;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { id } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { id: string };
      const path = request.url as string;
      if (path === '/down' && !isHealed) {
        refused.add(id);
        response.writeHead(503).end();
        return;
      }
      const ids = taken.get(path) ?? new Set();
      taken.set(path, ids.add(id));
      response.end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    taken: (path) => taken.get(path) ?? new Set(),
    refused: () => refused.size,
    heal: () => {
      isHealed = true;
    },
    close: () => void server.close(),
  };
}
