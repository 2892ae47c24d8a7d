// A process of its own: answers every POST with 200 as cheaply as Node can (no HTTP parser), counts, and takes the time from the `"at":` in the body.
import { createServer, type Socket } from 'node:net';

export interface ReceiverSettings {
  ports: readonly number[];
  /** How long an answer takes. */
  delayMs?: number;
}

export interface ReceiverReport {
  received: number;
  /** From `at` to the arrival, in ms, of all since the last `reset`. */
  latencies: number[];
}

const settings = JSON.parse(process.argv[2] as string) as ReceiverSettings;
const { delayMs = 0 } = settings;
const ANSWER = Buffer.from('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok');
const HEAD_END = Buffer.from('\r\n\r\n');
const LENGTH = Buffer.from('content-length: ');
const AT = Buffer.from('"at":');
const MOST_LATENCIES = 400_000;

let received = 0;
let latencies: number[] = [];

function note(request: Buffer): void {
  received++;
  const at = request.indexOf(AT);
  if (at < 0 || latencies.length >= MOST_LATENCIES) return;
  latencies.push(
    performance.timeOrigin + performance.now() - Number.parseFloat(request.toString('latin1', at + 5, at + 24)),
  );
}

function answer(socket: Socket): void {
  if (delayMs === 0) socket.write(ANSWER);
  else setTimeout(() => socket.write(ANSWER), delayMs);
}

/** The whole length of the request at the start of `bytes`; Infinity while its head is not there yet. */
function lengthOf(bytes: Buffer): number {
  const headEnd = bytes.indexOf(HEAD_END);
  if (headEnd < 0) return Infinity;
  const at = bytes.indexOf(LENGTH);
  const body = at < 0 || at > headEnd ? 0 : Number.parseInt(bytes.toString('latin1', at + LENGTH.length, at + 30), 10);
  return headEnd + 4 + body;
}

function serve(socket: Socket): void {
  let pending: Buffer | null = null;
  socket.setNoDelay(true);
  socket.on('data', (chunk: Buffer) => {
    let bytes: Buffer = pending === null ? chunk : Buffer.concat([pending, chunk]);
    for (let length = lengthOf(bytes); bytes.length >= length; length = lengthOf(bytes)) {
      note(bytes.subarray(0, length));
      answer(socket);
      bytes = bytes.subarray(length);
    }
    pending = bytes.length > 0 ? bytes : null;
  });
  socket.on('error', () => {});
}

process.on('message', (message) => {
  if (message === 'report') process.send?.({ received, latencies: [] } satisfies ReceiverReport);
  if (message === 'reset') latencies = [];
  if (message === 'latencies') process.send?.({ received, latencies } satisfies ReceiverReport);
});
process.on('disconnect', () => process.exit(0));
await Promise.all(
  settings.ports.map(
    (port) => new Promise<void>((resolve) => createServer(serve).listen(port, '127.0.0.1', () => resolve())),
  ),
);
process.send?.('listening');
