import type { WebSocket } from 'ws';
import type { EndReason, Outlet } from './client.ts';

/** RFC 6455, 7.4: what browsers see. */
const CLOSE_CODES: Record<EndReason, number> = {
  shutting_down: 1001,
  too_slow: 1013,
  interrupted: 1013,
  token_ended: 4401,
};
const END_GRACE_MS = 1_000;

/** Messages of text, JSON; a ping with every sign of life, whose answer is waited for until the next. @param drained called when something has gone out */
export function createWebSocketOutlet(socket: WebSocket, drained: () => void): Outlet {
  let answered = true;
  socket.on('pong', () => {
    answered = true;
  });
  const send = (message: Buffer | string) => socket.send(message, { binary: false }, drained);

  return {
    write: (frame) => send(frame.message()),
    tell(what, cursor) {
      send(JSON.stringify({ type: what, cursor }));
      if (what !== 'heartbeat') return;
      if (!answered) {
        socket.terminate();
        return;
      }
      answered = false;
      socket.ping();
    },
    bufferedBytes: () => socket.bufferedAmount,
    end(reason, detail) {
      send(JSON.stringify({ type: 'end', reason, detail }));
      socket.close(CLOSE_CODES[reason], reason);
      setTimeout(() => socket.terminate(), END_GRACE_MS).unref();
    },
  };
}
