// A service that uses Hookline by gRPC (docs/grpc.md): registers a webhook, pushes events, sees what became of them. Against `npm start` it runs as it is:
//   node docs/examples/grpc-client.ts
// HOOKLINE_GRPC (localhost:50051), HOOKLINE_API (http://localhost:8080), HOOKLINE_TOKEN or HOOKLINE_PASSWORD (of admin), and HOOKLINE_RECEIVER (a URL) say otherwise.
import {
  credentials,
  loadPackageDefinition,
  Metadata,
  type ServiceClientConstructor,
  type ServiceError,
} from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const {
  HOOKLINE_GRPC: address = 'localhost:50051',
  HOOKLINE_API: api = 'http://localhost:8080',
  HOOKLINE_PASSWORD: password = 'password',
  HOOKLINE_RECEIVER: receiver = `${api}/_receiver/ok`,
} = process.env;

// The .proto is all that a client needs, in any language; a server with reflection gives it too: grpcurl -plaintext localhost:50051 list
const proto = join(import.meta.dirname, '../../proto/hookline/api/v1/webhooks.proto');
const loaded = loadPackageDefinition(loadSync(proto, { keepCase: true, longs: Number, defaults: true })) as unknown as {
  hookline: { api: { v1: { WebhookService: ServiceClientConstructor } } };
};
const client = new loaded.hookline.api.v1.WebhookService(address, credentials.createInsecure());

const metadata = new Metadata();
metadata.set('authorization', `Bearer ${process.env['HOOKLINE_TOKEN'] ?? (await logIn())}`);

const type = { namespace: 'shop', event: 'order.created' };
const { webhook_id } = await call<{ webhook_id: string }>('RegisterWebhook', {
  ...type,
  url: receiver,
  headers: { 'x-shop': '1' },
  timeout_seconds: 10,
});
console.log(`registered ${webhook_id}`);

try {
  // With an id of its own an event can be pushed again after a failure: it stays one event.
  const pushed = await call<{ event_id: string; webhooks_triggered?: number }>('PushEvent', {
    ...type,
    payload: JSON.stringify({ total: 19.9 }),
    ttl_seconds: 3600,
  });
  console.log(`pushed ${pushed.event_id}, for ${pushed.webhooks_triggered} webhook(s)`);

  const orders = Array.from({ length: 10 }, (_, number) => ({ ...type, payload: JSON.stringify({ number }) }));
  const { accepted, refusals } = await pushAll(orders);
  console.log(`pushed ${accepted} more in a stream`, refusals.length === 0 ? '' : refusals);

  for (;;) {
    const { deliveries } = await call<{ deliveries: Delivery[] }>('GetWebhookStatus', { event_id: pushed.event_id });
    const delivery = deliveries.find((each) => each.webhook_id === webhook_id);
    if (delivery !== undefined && delivery.state !== 'pending') {
      console.log(`${delivery.state} after ${delivery.attempt_count} attempt(s), answer ${delivery.response_code}`);
      break;
    }
    await sleep(200);
  }
} catch (error) {
  // Decide by the code; the details are for people and name the field.
  const { code, details } = error as ServiceError;
  console.error(`failed with ${code}: ${details}`);
  process.exitCode = 1;
} finally {
  await call('UnregisterWebhook', { webhook_id });
  client.close();
}

interface Delivery {
  webhook_id: string;
  state: string;
  attempt_count: number;
  response_code: number;
}

type Answered = (error: ServiceError | null, answer: unknown) => void;

/** Calls as grpc-js makes them, as promises; one without a deadline would wait for ever. */
function call<Answer>(method: string, request: object): Promise<Answer> {
  return promised((answered) => {
    client[method]!.call(client, request, metadata, { deadline: Date.now() + 15_000 }, answered);
  });
}

function pushAll(events: object[]): Promise<{ accepted: number; refusals: object[] }> {
  return promised((answered) => {
    const stream = client['PushEvents']!.call(client, metadata, { deadline: Date.now() + 60_000 }, answered);
    for (const event of events) stream.write(event);
    stream.end();
  });
}

function promised<Answer>(start: (answered: Answered) => void): Promise<Answer> {
  return new Promise((resolve, reject) => {
    start((error, answer) => {
      if (error === null) resolve(answer as Answer);
      else reject(error);
    });
  });
}

async function logIn(): Promise<string> {
  const answer = await fetch(`${api}/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'admin', password }),
  });
  if (!answer.ok) throw new Error(`the log-in was answered with ${answer.status}`);
  return ((await answer.json()) as { token: string }).token;
}
