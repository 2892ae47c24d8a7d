import { readBody } from '@hookline/service-kit';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';

/** The demo's own receiver: checks each signature by an independent library, and each body byte for byte. */
export interface DemoReceiver {
  readonly url: string;
  /** The secret to check with, and the body's data expected for each event id. */
  expect(secret: string, data: ReadonlyMap<string, string>): void;
  /** By event id: when it arrived first. */
  readonly arrivedAtMs: ReadonlyMap<string, number>;
  readonly wrong: readonly string[];
  close(): void;
}

const MAX_BODY_BYTES = 2 * 1024 * 1024;

export async function startDemoReceiver(): Promise<DemoReceiver> {
  const arrivedAtMs = new Map<string, number>();
  const wrong: string[] = [];
  let verifier: Webhook | undefined;
  let expected: ReadonlyMap<string, string> = new Map();

  function judge(headers: Record<string, string>, body: Buffer): string | null {
    try {
      verifier?.verify(body, headers);
    } catch (error) {
      return `the signature of ${headers['webhook-id']} is wrong: ${(error as Error).message}`;
    }
    const text = body.toString('utf8');
    const { id } = JSON.parse(text) as { id: string };
    const data = expected.get(id);
    if (data === undefined) return `nobody published ${id}`;
    if (!text.endsWith(`,"data":${data}}`)) return `the data of ${id} is not as it was published`;
    if (!arrivedAtMs.has(id)) arrivedAtMs.set(id, Date.now());
    return null;
  }

  const server = createServer((request, response) => {
    readBody(request, MAX_BODY_BYTES)
      .then((body) => {
        const problem = judge(request.headers as Record<string, string>, body);
        if (problem !== null) wrong.push(problem);
        response.writeHead(problem === null ? 204 : 400).end();
      })
      .catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    expect(secret, data) {
      verifier = new Webhook(secret);
      expected = data;
    },
    arrivedAtMs,
    wrong,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
