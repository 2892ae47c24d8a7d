import { Duplex } from 'node:stream';
import { Worker } from 'node:worker_threads';
import type { FromWorker, PgliteWorkerData, ToWorker } from './pglite-protocol.ts';

/** A thread with an open PGlite in it. */
export interface PgliteThread {
  /** False once the thread has ended. */
  alive(): boolean;
  /** A connection to it, as pg wants one: a stream that speaks the wire protocol. Only one may be open at a time. */
  openSession(): Duplex;
  /** Closes PGlite cleanly. Idempotent. */
  close(): Promise<void>;
  /** Ends the thread as it is. */
  kill(): Promise<void>;
}

const CLOSE_TIMEOUT_MS = 20_000;

/** Ends what the session before may have left open. Simple queries of the wire protocol. */
const RESET = join([simpleQuery('ROLLBACK'), simpleQuery('DISCARD ALL')]);
const TERMINATE = 'X'.charCodeAt(0);

/** Resolves when PGlite is open; rejects when it can't be opened. */
export async function startPgliteThread(data: PgliteWorkerData): Promise<PgliteThread> {
  const worker = new Worker(new URL('./pglite-worker.ts', import.meta.url), { workerData: data, name: 'pglite' });
  const ready = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();
  let isAlive = true;
  let lastSession = 0;
  let current: { id: number; stream: Duplex } | undefined;
  let closing: Promise<void> | undefined;

  worker.on('message', (message: FromWorker) => {
    if (message.kind === 'ready') ready.resolve();
    else if (message.kind === 'answer' && message.session === current?.id) current.stream.push(message.bytes);
  });
  worker.on('error', end);
  worker.on('exit', () => end(new Error('the thread of the embedded database has ended')));

  function end(error: Error): void {
    isAlive = false;
    ready.reject(error);
    current?.stream.destroy(closing === undefined ? error : undefined);
    current = undefined;
    ended.resolve();
  }

  function send(message: ToWorker): void {
    worker.postMessage(message, message.kind === 'execute' && message.session > 0 ? [message.bytes.buffer] : []);
  }

  function openSession(): Duplex {
    const id = ++lastSession;
    const stream = new Duplex({
      read() {},
      write(chunk: Buffer, _encoding, done) {
        execute([chunk]);
        done();
      },
      // pg corks what belongs to one statement: it travels as one request.
      writev(chunks, done) {
        execute(chunks.map(({ chunk }) => chunk as Buffer));
        done();
      },
      final(done) {
        stream.push(null);
        done();
      },
      destroy(error, done) {
        if (current?.id === id) {
          current = undefined;
          if (isAlive) send({ kind: 'execute', session: 0, bytes: RESET });
        }
        done(error);
      },
    });
    function execute(messages: Buffer[]): void {
      if (messages[0]?.[0] !== TERMINATE && isAlive) send({ kind: 'execute', session: id, bytes: join(messages) });
    }
    current?.stream.destroy(new Error('another session of the embedded database was opened'));
    current = { id, stream };
    return Object.assign(stream, {
      connect: () => process.nextTick(() => stream.emit('connect')),
      setNoDelay: () => {},
      setKeepAlive: () => {},
      ref: () => {},
      unref: () => {},
    });
  }

  function close(): Promise<void> {
    closing ??= (async () => {
      if (isAlive) send({ kind: 'close' });
      const timer = setTimeout(() => void kill(), CLOSE_TIMEOUT_MS);
      await ended.promise;
      clearTimeout(timer);
    })();
    return closing;
  }

  async function kill(): Promise<void> {
    await worker.terminate();
  }

  await ready.promise;
  return { alive: () => isAlive, openSession, close, kill };
}

/** In memory of its own: posting a slice of a larger buffer would copy all of that. */
function join(messages: Buffer[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(messages.reduce((sum, message) => sum + message.length, 0));
  let at = 0;
  for (const message of messages) {
    bytes.set(message, at);
    at += message.length;
  }
  return bytes;
}

function simpleQuery(sql: string): Buffer {
  const bytes = Buffer.alloc(sql.length + 6);
  bytes.write('Q');
  bytes.writeInt32BE(sql.length + 5, 1);
  bytes.write(sql, 5);
  return bytes;
}
