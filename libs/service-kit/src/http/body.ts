import type { IncomingMessage } from 'node:http';
import { InvalidInput, TooLarge } from '@hookline/domain';

/**
 * Reads a request's whole body.
 * @throws TooLarge as soon as more than `maxBytes` have come or were announced
 */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const announced = Number(request.headers['content-length']);
  if (announced > maxBytes) return Promise.reject(tooLarge(maxBytes));
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxBytes) {
        // The rest is thrown away as it comes: a client that still sends would not read the answer.
        request.removeAllListeners('data');
        request.resume();
        reject(tooLarge(maxBytes));
        return;
      }
      chunks.push(chunk);
    });
    request.on('end', () => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)));
    request.on('error', reject);
    request.on('aborted', () => reject(new InvalidInput('The request ended before its body was complete.')));
  });
}

function tooLarge(maxBytes: number): TooLarge {
  return new TooLarge(`The body is larger than ${maxBytes} bytes.`, {
    problems: [{ pointer: '', detail: 'too large' }],
  });
}
