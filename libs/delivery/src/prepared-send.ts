import type { AttemptResult } from '@hookline/domain';
import { failedResult } from './failed-result.ts';
import type { OutgoingRequest, PlainRequest, Sending } from './sender.ts';
import type { Tokens } from './tokens.ts';

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
    if (posted === null) end(failedResult(startedAtMs, 'timeout', 'no token in time'));
  }, request.timeoutMs);

  function posting(body: Buffer, headers: string[]): Promise<AttemptResult> {
    const { origin, path, tls, keepHeaders = false } = request;
    const timeoutMs = Math.max(1, lateAt - performance.now());
    return new Promise(
      (resolve) => (posted = post({ origin, path, headers, body, timeoutMs, tls, keepHeaders }, resolve)),
    );
  }

  async function run(): Promise<AttemptResult> {
    const body = await request.body;
    const { oauth, headers } = request;
    if (oauth === undefined) return posting(body, headers);
    const token = await tokens.get(oauth);
    if (token.kind === 'none') return token.result;
    if (ended) return failedResult(startedAtMs, 'shutdown', 'broken off');
    const result = await posting(body, [...headers, 'authorization', token.authorization]);
    if (result.status !== 401 || !token.cached || ended) return result;
    posted = null;
    tokens.refused(oauth, token.authorization);
    const renewed = await tokens.get(oauth);
    if (renewed.kind === 'none' || ended) return renewed.kind === 'none' ? renewed.result : result;
    return posting(body, [...headers, 'authorization', renewed.authorization]);
  }

  run().then(end, (error: Error) => end(failedResult(startedAtMs, 'other', error.message)));
  return {
    abort() {
      if (posted === null) end(failedResult(startedAtMs, 'shutdown', 'broken off at shutdown'));
      else posted.abort();
    },
  };
}
