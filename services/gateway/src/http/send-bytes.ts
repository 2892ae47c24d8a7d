import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isKnown } from './etag.ts';

export interface Content {
  bytes: Buffer;
  /** Its media type. */
  type: string;
}

const etags = new WeakMap<Buffer, string>();

/** Something that changes with a new version of ours only: whoever has it need not be sent it again. */
export function sendBytes(request: IncomingMessage, response: ServerResponse, { bytes, type }: Content): void {
  const etag = etagOf(bytes);
  const headers = { etag, 'cache-control': 'no-cache' };
  if (isKnown(request.headers['if-none-match'], etag)) {
    response.writeHead(304, headers).end();
    return;
  }
  response.writeHead(200, { ...headers, 'content-type': type, 'content-length': bytes.length });
  response.end(request.method === 'HEAD' ? undefined : bytes);
}

function etagOf(bytes: Buffer): string {
  const known = etags.get(bytes);
  if (known !== undefined) return known;
  const etag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`;
  etags.set(bytes, etag);
  return etag;
}
