// A process of its own: the receivers of all webhooks. Journals `arrived EVENT PATH STATUS` before it answers.
// Paths /order/N also journal `began EVENT PATH` when a request comes, and fail at random. Paths /ok/N take every delivery, /slow/N take longer; paths /failing/N refuse the first attempts of each.
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { Webhook } from 'standardwebhooks';
import { openJournal } from './journal.ts';

export interface ReceiverSettings {
  port: number;
  journal: string;
  /** How long a receiver takes to answer. */
  delayMs: number;
  /** The same of /slow/N. */
  slowMs: number;
  /** How many attempts of each delivery a failing path refuses. */
  refusals: number;
}

export interface ReceiverReport {
  /** Distinct deliveries taken with a 2xx. */
  arrived: number;
  /** Taken again. */
  duplicates: number;
  /** Refused at least once and not taken yet. */
  waiting: number;
  /** Requests being answered at the moment. */
  open: number;
  /** Signatures that were wrong. */
  forged: number;
}

const settings = JSON.parse(process.argv[2] as string) as ReceiverSettings;
const journal = openJournal(settings.journal);
const taken = new Set<string>();
const refused = new Map<string, number>();
const secrets = new Map<string, string>();
const LATE_MS = 1_500;
const report: ReceiverReport = { arrived: 0, duplicates: 0, waiting: 0, open: 0, forged: 0 };

interface Answer {
  afterMs: number;
  refuse?: boolean;
}

/** One of a hundred is answered when its sender has given up, eight are refused. */
function begin(path: string, body: Buffer): Answer {
  const { id } = JSON.parse(body.toString('utf8')) as { id: string };
  void journal.note(`began ${id} ${path}`);
  const chance = Math.random();
  return { afterMs: chance < 0.01 ? LATE_MS : settings.delayMs, refuse: chance > 0.92 };
}

async function receive(path: string, headers: Record<string, string>, body: Buffer, refuse = false): Promise<number> {
  const secret = secrets.get(path);
  try {
    new Webhook(secret ?? '').verify(body, headers);
  } catch {
    report.forged++;
    return 400;
  }
  const delivery = headers['webhook-id'] as string;
  const { id } = JSON.parse(body.toString('utf8')) as { id: string };
  if (refuse) {
    await journal.note(`arrived ${id} ${path} 500`);
    return 500;
  }
  const refusals = refused.get(delivery) ?? 0;
  if (path.startsWith('/failing/') && refusals < settings.refusals) {
    if (refusals === 0) report.waiting++;
    refused.set(delivery, refusals + 1);
    await journal.note(`arrived ${id} ${path} 500`);
    return 500;
  }
  await journal.note(`arrived ${id} ${path} 200`);
  if (taken.has(delivery)) report.duplicates++;
  else {
    taken.add(delivery);
    report.arrived++;
    if (refusals > 0) report.waiting--;
  }
  return 200;
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    report.open++;
    const path = request.url ?? '';
    const body = Buffer.concat(chunks);
    const answers = path.startsWith('/order/') ? begin(path, body) : { afterMs: settings.delayMs };
    sleep(path.startsWith('/slow/') ? settings.slowMs : answers.afterMs)
      .then(() => receive(path, request.headers as Record<string, string>, body, answers.refuse))
      .then((status) => response.writeHead(status).end())
      .catch((error: unknown) => {
        console.error(`receiver: ${(error as Error).stack}`);
        response.writeHead(500).end();
      })
      .finally(() => report.open--);
  });
});

process.on('message', (message: 'report' | { secrets: Record<string, string> }) => {
  if (message === 'report') process.send?.(report);
  else for (const [path, secret] of Object.entries(message.secrets)) secrets.set(path, secret);
});
process.on('disconnect', () => process.exit(0));
server.listen(settings.port, '127.0.0.1', () => process.send?.('listening'));
