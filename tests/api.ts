/** Hookline's REST API, as a client sees it. */
export interface Api {
  token: string;
  /** The answer's status and body, whatever the status. */
  call<T = unknown>(method: string, path: string, body?: unknown): Promise<{ status: number; body: T }>;
  createWebhook(settings: {
    url: string;
    event_types: string[];
    [name: string]: unknown;
  }): Promise<{ id: string; secret: string }>;
  /** @param data JSON text, sent as it is */
  publish(id: string, type: string, data: string): Promise<void>;
}

export async function logIn(gatewayUrl: string, password: string): Promise<Api> {
  let token: string | undefined;

  async function send(method: string, path: string, text?: string): Promise<Response> {
    const headers: Record<string, string> = {};
    if (text !== undefined) headers['content-type'] = 'application/json';
    if (token !== undefined) headers['authorization'] = `Bearer ${token}`;
    const init = { method, headers, signal: AbortSignal.timeout(30_000) };
    return fetch(gatewayUrl + path, text === undefined ? init : { ...init, body: text });
  }

  async function call<T>(method: string, path: string, body?: unknown): Promise<{ status: number; body: T }> {
    const answer = await send(method, path, body === undefined ? undefined : JSON.stringify(body));
    const text = await answer.text();
    return { status: answer.status, body: (text === '' ? undefined : JSON.parse(text)) as T };
  }

  async function must<T>(status: number, method: string, path: string, body?: unknown): Promise<T> {
    const answer = await call<T>(method, path, body);
    if (answer.status !== status) {
      throw new Error(`${method} ${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    }
    return answer.body;
  }

  const login = await must<{ token: string }>(200, 'POST', '/auth/login', { username: 'admin', password });
  token = login.token;
  return {
    token,
    call,
    createWebhook: (settings) => must(201, 'POST', '/api/v1/webhooks', settings),
    async publish(id, type, data) {
      const text = `{"id":${JSON.stringify(id)},"type":${JSON.stringify(type)},"source":"test","data":${data}}`;
      const answer = await send('POST', '/api/v1/events', text);
      if (answer.status !== 202) throw new Error(`publishing ${id} answered ${answer.status}: ${await answer.text()}`);
      await answer.body?.cancel();
    },
  };
}

/** Runs `work` over the items, so many at a time. */
export async function inParallel<T>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = [...items];
  await Promise.all(
    Array.from({ length: width }, async () => {
      for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
    }),
  );
}
