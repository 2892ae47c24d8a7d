import { PGlite } from '@electric-sql/pglite';
import { parentPort, workerData } from 'node:worker_threads';
import type { FromWorker, PgliteWorkerData, ToWorker } from './pglite-protocol.ts';

/*
 * The thread in which PGlite runs: WebAssembly computes synchronously and would hold up whoever shares its thread.
 * It speaks PostgreSQL's wire protocol: bytes in, bytes out, one request after the other.
 */

const { folder, startParameters } = workerData as PgliteWorkerData;
const port = parentPort;
if (port === null) throw new Error('this file is the body of a worker thread');

const pglite = await PGlite.create(folder, {
  startParams: [...PGlite.defaultStartParams, ...startParameters],
});
post({ kind: 'ready' });

let queue = Promise.resolve();
port.on('message', (request: ToWorker) => {
  queue = queue.then(() => answer(request));
});

async function answer(request: ToWorker): Promise<void> {
  if (request.kind === 'close') {
    await pglite.close();
    post({ kind: 'closed' });
    port?.close();
    return;
  }
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  // The chunk is a view on memory that the next one overwrites.
  await pglite.execProtocolRawStream(request.bytes, { onRawData: (chunk) => chunks.push(new Uint8Array(chunk)) });
  const bytes = chunks.length === 1 ? (chunks[0] as Uint8Array<ArrayBuffer>) : new Uint8Array(Buffer.concat(chunks));
  post({ kind: 'answer', session: request.session, bytes }, [bytes.buffer]);
}

function post(message: FromWorker, transfer: ArrayBuffer[] = []): void {
  port?.postMessage(message, transfer);
}
