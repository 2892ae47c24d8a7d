// A process of its own: publishes events over HTTP, on raw connections that are kept, at a rate or as fast as they are answered.
import { connect, type Socket } from 'node:net';
import { benchData, DATA_BYTES, nowMs } from '../events.ts';

export interface LoadSettings {
  port: number;
  path: string;
  token: string;
  connections: number;
  /** Events in a request; 1: one event is the body. */
  batch: number;
  /** Events; null: each connection sends its next request when the last one was answered. */
  perSecond: number | null;
  /** Event types `load.0` to `load.<types - 1>`, in turn. */
  types: number;
}

export interface LoadReport {
  /** Events in requests that were sent. */
  sent: number;
  /** Events in requests that were answered with 202. */
  acknowledged: number;
  refused: number;
  /** From a request's sending to its answer, in ms, since the last `reset`. */
  latencies: number[];
}

const settings = JSON.parse(process.argv[2] as string) as LoadSettings;
const { batch, perSecond, types, token, path, port } = settings;
const report: LoadReport = { sent: 0, acknowledged: 0, refused: 0, latencies: [] };
const run = Math.random().toString(36).slice(2, 8);
const TICK_MS = 2;
/** What could not be sent in time is caught up with, but not for ever. */
const MAX_DUE_SECONDS = 2;
const HEAD_END = Buffer.from('\r\n\r\n');
const HEAD =
  `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nauthorization: Bearer ${token}\r\n` +
  'content-type: application/json\r\ncontent-length: ';
let number = 0;
let stopped = false;

function eventText(): string {
  const at = nowMs();
  const id = `${run}-${++number}`;
  return `{"id":"${id}","type":"load.${number % types}","source":"bench","data":${benchData(DATA_BYTES, at)}}`;
}

function requestText(): string {
  if (batch === 1) return withHead(eventText());
  const events: string[] = [];
  for (let index = 0; index < batch; index++) events.push(eventText());
  return withHead(`{"events":[${events.join(',')}]}`);
}

/** All of it is ASCII. */
function withHead(body: string): string {
  return `${HEAD}${body.length}\r\n\r\n${body}`;
}

interface Connection {
  socket: Socket;
  sentAtMs: number;
  pending: Buffer | null;
}

const idle: Connection[] = [];

function send(connection: Connection): void {
  connection.sentAtMs = performance.now();
  report.sent += batch;
  connection.socket.write(requestText(), 'latin1');
}

function answered(connection: Connection, status: string): void {
  if (status === '202') report.acknowledged += batch;
  else report.refused += batch;
  report.latencies.push(performance.now() - connection.sentAtMs);
  if (stopped) return;
  if (perSecond === null) send(connection);
  else idle.push(connection);
}

function received(connection: Connection, chunk: Buffer): void {
  const bytes = connection.pending === null ? chunk : Buffer.concat([connection.pending, chunk]);
  const headEnd = bytes.indexOf(HEAD_END);
  const length = headEnd < 0 ? null : /content-length: (\d+)/i.exec(bytes.toString('latin1', 0, headEnd));
  if (headEnd < 0 || bytes.length < headEnd + 4 + Number(length?.[1] ?? 0)) {
    connection.pending = bytes;
    return;
  }
  connection.pending = null;
  answered(connection, bytes.toString('latin1', 9, 12));
}

function open(): Promise<Connection> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    const connection: Connection = { socket, sentAtMs: 0, pending: null };
    socket.once('connect', () => resolve(connection));
    socket.on('data', (chunk: Buffer) => received(connection, chunk));
    socket.on('error', (error) => {
      console.error(`load: ${error.message}`);
      reject(error);
    });
    socket.on('close', () => {
      if (!stopped) console.error('load: a connection was closed');
    });
  });
}

process.on('message', (message) => {
  if (message === 'report') process.send?.({ ...report, latencies: [] });
  if (message === 'latencies') process.send?.(report);
  if (message === 'reset') report.latencies = [];
  if (message === 'stop') stopped = true;
});
process.on('disconnect', () => process.exit(0));

for (let index = 0; index < settings.connections; index++) idle.push(await open());
process.send?.('running');
if (perSecond === null) for (const connection of idle.splice(0)) send(connection);
else {
  let lastMs = performance.now();
  let due = 0;
  setInterval(() => {
    const ms = performance.now();
    due = Math.min(due + ((ms - lastMs) / 1_000) * perSecond, perSecond * MAX_DUE_SECONDS);
    lastMs = ms;
    for (; due >= batch && idle.length > 0 && !stopped; due -= batch) send(idle.shift() as Connection);
  }, TICK_MS);
}
