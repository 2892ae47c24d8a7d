/** The few calls that the demo makes, as any client would. */
export interface Api {
  createWebhook(url: string, eventTypes: string[]): Promise<{ id: string; secret: string }>;
  deleteWebhook(id: string): Promise<void>;
  /** @param data JSON, sent as it is */
  publish(id: string, type: string, data: string): Promise<void>;
}

export async function logIn(api: string, username: string, password: string): Promise<Api> {
  const { token } = await call<{ token: string }>(api, 'POST', '/auth/login', JSON.stringify({ username, password }));
  return {
    createWebhook: (url, eventTypes) =>
      call(api, 'POST', '/api/v1/webhooks', JSON.stringify({ url, event_types: eventTypes }), token),
    deleteWebhook: (id) => call(api, 'DELETE', `/api/v1/webhooks/${id}`, undefined, token),
    publish: (id, type, data) =>
      call(
        api,
        'POST',
        '/api/v1/events',
        `{"id":${JSON.stringify(id)},"type":${JSON.stringify(type)},"source":"demo","data":${data}}`,
        token,
      ),
  };
}

async function call<T>(api: string, method: string, path: string, body?: string, token?: string): Promise<T> {
  const answer = await fetch(api + path, {
    method,
    signal: AbortSignal.timeout(30_000),
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    ...(body === undefined ? {} : { body }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${text}`);
  return (text === '' ? undefined : JSON.parse(text)) as T;
}
