import { WebSocket } from 'ws';

/** A message of the live feed, however it came. */
export interface Message {
  type: string;
  cursor?: string;
  data?: { kind: string; delivery_id: string; outcome?: string }[];
  reason?: string;
}

export interface Listener {
  messages: Message[];
  /** Of all entries so far. */
  deliveries(): string[];
  /** Where to go on. */
  cursor(): string;
  /** The server has ended it. */
  ended: Promise<void>;
  leave(): void;
}

function createListener(ended: Promise<void>, leave: () => void): Listener {
  const messages: Message[] = [];
  return {
    messages,
    deliveries: () => messages.flatMap(({ data }) => data ?? []).map((entry) => entry.delivery_id),
    cursor: () => messages.findLast((message) => message.cursor !== undefined)?.cursor ?? '',
    ended,
    leave,
  };
}

/** By server-sent events. */
export async function listenBySse(url: string, headers: Record<string, string>): Promise<Listener> {
  const listener = await listenLate(url, headers);
  listener.read();
  return listener;
}

/** The same, but nothing is read until then. */
export async function listenLate(
  url: string,
  headers: Record<string, string>,
): Promise<Listener & { read: () => void }> {
  const leaving = new AbortController();
  const response = await fetch(url, { headers, signal: leaving.signal });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  const { promise, resolve } = Promise.withResolvers<void>();
  const listener = createListener(promise, () => leaving.abort());
  const readAll = async () => {
    let text = '';
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      const events = (text + chunk).split('\n\n');
      text = events.pop() ?? '';
      listener.messages.push(...events.map(parseEvent));
    }
  };
  return { ...listener, read: () => void readAll().then(resolve, () => resolve()) };
}

function parseEvent(text: string): Message {
  const fields = new Map(text.split('\n').map((line) => [line.split(':', 1)[0], line.slice(line.indexOf(':') + 2)]));
  const type = fields.get('event') ?? 'heartbeat';
  const data = JSON.parse(fields.get('data') ?? '{}') as Message['data'] & Partial<Message>;
  const id = fields.get('id');
  return { type, ...(Array.isArray(data) ? { data } : data), ...(id === undefined ? {} : { cursor: id }) };
}

/** By a WebSocket; rejects with the status and the body of an answer in HTTP. */
export function listenByWebSocket(
  url: string,
  { headers, protocols = [] }: { headers?: Record<string, string>; protocols?: string[] },
): Promise<Listener> {
  const socket = new WebSocket(url.replace('http', 'ws'), protocols, headers === undefined ? {} : { headers });
  const { promise, resolve } = Promise.withResolvers<void>();
  const listener = createListener(promise, () => socket.close());
  socket.on('message', (data: Buffer) => listener.messages.push(JSON.parse(data.toString('utf8')) as Message));
  socket.once('close', () => resolve());
  return new Promise((begun, failed) => {
    socket.once('open', () => begun(listener));
    socket.once('error', failed);
    socket.once('unexpected-response', (_request, response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('end', () => failed(new Error(`${response.statusCode} ${Buffer.concat(chunks).toString('utf8')}`)));
    });
  });
}
