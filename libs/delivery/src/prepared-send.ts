import type { AttemptResult } from '@hookline/domain';
import { failedResult } from './failed-result.ts';
import type { OutgoingRequest, PlainRequest, Sending } from './sender.ts';
import type { OauthClient, Tokens, UsableToken } from './tokens.ts';

export type Post = (request: PlainRequest, settled: (result: AttemptResult) => void) => Sending;

export interface Preparation {
  request: OutgoingRequest;
  post: Post;
  tokens: Tokens;
}

/**
 * Sends a request that needs something first: its body compressed, a token. That counts for its deadline. A 401 to a token that was there already is
 * answered within the attempt, by one more request with a new one; to a new one it stands.
 */
export function sendWhenReady(preparation: Preparation, settled: (result: AttemptResult) => void): Sending {
  const { request, post, tokens } = preparation;
  const startedAtMs = Date.now();
  const lateAt = performance.now() + request.timeoutMs;
  let ended = false;
  let posted: Sending | null = null;

  function end(result: AttemptResult): void {
    if (ended) return;
    ended = true;
    clearTimeout(late);
    settled({
      ...result,
      startedAtMs,
      durationMs: Math.round((performance.now() - lateAt + request.timeoutMs) * 10) / 10,
    });
  }

  // Of a request under way, that has a better word for what it waits for.
  const late = setTimeout(() => {
    const waits = request.oauth === undefined ? 'the body was not ready in time' : 'no token in time';
    if (posted === null) end(failedResult(startedAtMs, 'timeout', waits));
  }, request.timeoutMs);

  function posting(body: Buffer, headers: string[]): Promise<AttemptResult> {
    const { method = 'POST', origin, path, tls, keepHeaders = false } = request;
    const timeoutMs = Math.max(1, lateAt - performance.now());
    return new Promise(
      (resolve) => (posted = post({ method, origin, path, headers, body, timeoutMs, tls, keepHeaders }, resolve)),
    );
  }

  /** null: it has ended meanwhile, so nothing is to be sent any more. */
  async function run(): Promise<AttemptResult | null> {
    const body = await request.body;
    if (ended) return null;
    const { oauth } = request;
    if (oauth === undefined) return posting(body, request.headers);
    const token = await tokens.get(oauth);
    if (ended) return null;
    if (token.kind === 'none') return token.result;
    const result = await withToken(body, oauth, token);
    if (result.status !== 401 || !token.renewable || performance.now() > lateAt) return result;
    posted = null;
    const renewed = await tokens.get(oauth);
    if (ended) return null;
    return renewed.kind === 'none' ? renewed.result : withToken(body, oauth, renewed);
  }

  async function withToken(body: Buffer, oauth: OauthClient, token: UsableToken): Promise<AttemptResult> {
    const result = await posting(body, [...request.headers, 'authorization', token.authorization]);
    if (result.status === 401) tokens.refused(oauth, token);
    return result;
  }

  run().then(
    (result) => {
      if (result !== null) end(result);
    },
    (error: Error) => end(failedResult(startedAtMs, 'other', error.message)),
  );
  return {
    abort() {
      if (posted === null) end(failedResult(startedAtMs, 'shutdown', 'broken off at shutdown'));
      else posted.abort();
    },
  };
}
