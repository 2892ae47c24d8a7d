import type { ServerResponse } from 'node:http';
import type { Outlet } from './client.ts';

/** How soon a browser connects again. */
const RETRY_MS = 2_000;
const END_GRACE_MS = 1_000;

/** Server-sent events (the HTML standard's `text/event-stream`). */
export function createSseOutlet(response: ServerResponse): Outlet {
  return {
    write: (frame) => void response.write(frame.event()),
    tell(what, cursor) {
      // What has no data is no event, but moves on what the client sends when it connects again.
      if (what === 'heartbeat') response.write(`: heartbeat\nid: ${cursor}\n\n`);
      else response.write(`id: ${cursor}\nevent: ${what}\nretry: ${RETRY_MS}\ndata: {"cursor":"${cursor}"}\n\n`);
    },
    bufferedBytes: () => response.writableLength,
    end(reason, detail) {
      response.end(`event: end\ndata: ${JSON.stringify({ reason, detail })}\n\n`);
      setTimeout(() => response.destroy(), END_GRACE_MS).unref();
    },
  };
}
