import { STATUS_CODES, type Server } from 'node:http';
import type { Socket } from 'node:net';

/** Answers what never became a request: Node's parser refused it, so there is no response object to answer with. */
export function answerClientErrors(server: Pick<Server, 'on'>): void {
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return;
    }
    const { status, code, detail } = problemOf(error.code);
    const title = STATUS_CODES[status] ?? '';
    const type = `https://hookline.dev/errors#${code}`;
    const body = JSON.stringify({ type, title, status, code, detail });
    const head = [
      `HTTP/1.1 ${status} ${title}`,
      'connection: close',
      'content-type: application/problem+json',
      'x-content-type-options: nosniff',
      `content-length: ${Buffer.byteLength(body)}`,
    ];
    socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
  });
}

function problemOf(parserCode: string | undefined): { status: number; code: string; detail: string } {
  switch (parserCode) {
    case 'HPE_HEADER_OVERFLOW':
      return { status: 431, code: 'headers_too_large', detail: 'The headers have more than 16 KiB.' };
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return { status: 408, code: 'request_timeout', detail: 'The request did not arrive in time.' };
    default:
      return { status: 400, code: 'invalid_http', detail: 'This is not HTTP/1.1 as it must be.' };
  }
}
