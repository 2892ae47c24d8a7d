import type { Route } from '../http/route.ts';
import type { Accept } from '../stream/accept.ts';
import { createSseOutlet } from '../stream/sse.ts';
import { STREAM_DOC } from './stream-doc.ts';

export const STREAM_PATH = '/api/v1/stream';
export const STREAM_SCOPE = 'deliveries:read';

/** The live feed as server-sent events; whoever asks for a WebSocket there gets one (stream/upgrade.ts). */
export function streamRoutes(accept: Accept): Route[] {
  return [
    {
      method: 'GET',
      path: STREAM_PATH,
      access: STREAM_SCOPE,
      doc: STREAM_DOC,
      async handle({ request, response, identity, passed }) {
        const accepted = await accept({ request, identity, passed });
        if (response.destroyed) {
          accepted.leave();
          return;
        }
        response.once('close', () => accepted.leave());
        response.locals['streamed'] = true;
        response.writeHead(200, {
          'content-type': 'text/event-stream; charset=utf-8',
          'cache-control': 'no-store',
          // Proxies of nginx's kind would wait for more.
          'x-accel-buffering': 'no',
        });
        if (request.method === 'HEAD') {
          response.end();
          return;
        }
        const client = await accepted.begin(createSseOutlet(response));
        response.on('drain', () => client.pump());
      },
    },
  ];
}
