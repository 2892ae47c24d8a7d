// A process of its own: receives deliveries, checks each signature with an independent library, and keeps what came on each path.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';

export interface Arrival {
  webhookId: string;
  id: string;
  type: string;
  /** The data's bytes as they came, as text. */
  data: string;
}

export interface ReceiverReport {
  arrivals: Record<string, Arrival[]>;
  /** One line for each request that was not as it must be. */
  wrong: string[];
}

const secrets = new Map<string, string>();
const report: ReceiverReport = { arrivals: {}, wrong: [] };

function receive(path: string, headers: Record<string, string>, body: Buffer): void {
  try {
    new Webhook(secrets.get(path) ?? '').verify(body, headers);
  } catch (error) {
    report.wrong.push(`${path}: ${(error as Error).message}`);
    return;
  }
  const text = body.toString('utf8');
  const mark = ',"data":';
  const { id, type } = JSON.parse(text) as { id: string; type: string };
  const data = text.slice(text.indexOf(mark) + mark.length, -1);
  (report.arrivals[path] ??= []).push({ webhookId: headers['webhook-id'] as string, id, type, data });
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    try {
      receive(request.url ?? '', request.headers as Record<string, string>, Buffer.concat(chunks));
    } catch (error) {
      report.wrong.push(`${request.url}: ${(error as Error).message}`);
    }
    response.writeHead(204).end();
  });
});

process.on('message', (message: 'count' | 'report' | { secrets: Record<string, string> }) => {
  if (message === 'report') process.send?.(report);
  else if (message === 'count') {
    process.send?.(Object.values(report.arrivals).reduce((sum, { length }) => sum + length, report.wrong.length));
  } else for (const [path, secret] of Object.entries(message.secrets)) secrets.set(path, secret);
});
process.on('disconnect', () => process.exit(0));
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
