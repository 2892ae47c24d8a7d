// npm run demo: publishes genuine payloads to a webhook and shows them arrive; exit code 0 only if all did, rightly signed.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { logIn } from './api.ts';
import { findOrStartInstance } from './instance.ts';
import { PAYLOADS } from './payloads.ts';
import { startDemoReceiver, type DemoReceiver } from './receiver.ts';
import { summarize } from './summary.ts';

const API = process.env['HOOKLINE_API'] ?? 'http://127.0.0.1:8080';
const PASSWORD = process.env['HOOKLINE_PASSWORD'] ?? 'password';
const CONCURRENCY = 16;
const ARRIVAL_DEADLINE_MS = 60_000;
const SHOW_EVERY_MS = 250;

async function run(): Promise<boolean> {
  const instance = await findOrStartInstance(API);
  console.log(`Using ${instance.kind}.`);
  const receiver = await startDemoReceiver();
  try {
    return await deliverAll(instance.api, receiver);
  } finally {
    receiver.close();
    await instance.close();
  }
}

async function deliverAll(api: string, receiver: DemoReceiver): Promise<boolean> {
  const client = await logIn(api, 'admin', PASSWORD);
  const { id: webhookId, secret } = await client.createWebhook(receiver.url, ['github.*']);
  console.log(
    `Created ${webhookId} for github.* to ${receiver.url}; publishing ${PAYLOADS.length} payloads of GitHub.`,
  );
  const prefix = randomUUID();
  const events = PAYLOADS.map((payload, i) => ({ ...payload, id: `demo-${prefix}-${i}` }));
  receiver.expect(secret, new Map(events.map(({ id, data }) => [id, data])));
  const publishedAtMs = new Map<string, number>();
  const show = () =>
    process.stdout.write(
      `${process.stdout.isTTY ? '\r' : ''}  published ${publishedAtMs.size}/${events.length}  arrived and verified ${receiver.arrivedAtMs.size}${process.stdout.isTTY ? ' ' : '\n'}`,
    );
  const shown = setInterval(show, SHOW_EVERY_MS);

  try {
    const queue = [...events];
    await Promise.all(
      Array.from({ length: CONCURRENCY }, async () => {
        for (let event = queue.shift(); event !== undefined; event = queue.shift()) {
          const startedAtMs = Date.now();
          await client.publish(event.id, event.type, event.data);
          publishedAtMs.set(event.id, startedAtMs);
        }
      }),
    );
    const deadlineAtMs = Date.now() + ARRIVAL_DEADLINE_MS;
    while (receiver.arrivedAtMs.size < events.length && Date.now() < deadlineAtMs) await sleep(20);
  } finally {
    clearInterval(shown);
    await client.deleteWebhook(webhookId);
  }
  show();
  console.log(`\n${summarize(events, publishedAtMs, receiver)}`);
  return receiver.arrivedAtMs.size === events.length && receiver.wrong.length === 0;
}

try {
  const passed = await run();
  console.log(passed ? 'All arrived, rightly signed, byte for byte.' : 'NOT all arrived as they should.');
  process.exit(passed ? 0 : 1);
} catch (error) {
  console.error(`hookline demo: ${(error as Error).message}`);
  if ((error as Error).message.includes('answered 401')) {
    console.error(
      'The admin of that instance has another password: give it with HOOKLINE_PASSWORD (and its address with HOOKLINE_API).',
    );
  }
  process.exit(1);
}
