import { ServerInterceptingCall, status, type ServerInterceptor } from '@grpc/grpc-js';

export interface ArrivalBounds {
  /** For the whole of the one message of a call. */
  withinMs: number;
  /** Calls whose message is on its way, of all connections. */
  most: number;
  /** Cuts off the client that a message does not come from: it holds what has come of it otherwise. */
  cut: (peer: string) => void;
}

/**
 * Bounds calls whose message has not come yet: only with it are they given to whom they are for, who asks who calls. Streams of a client's are given on
 * at once, and read by who knows its caller.
 */
export function boundArrivals({ withinMs, most, cut }: ArrivalBounds): ServerInterceptor {
  let arriving = 0;
  return (method, call) => {
    if (method.requestStream) return new ServerInterceptingCall(call);
    let late: NodeJS.Timeout | undefined;
    const arrived = (): void => {
      if (late === undefined) return;
      clearTimeout(late);
      late = undefined;
      arriving--;
    };
    return new ServerInterceptingCall(call, {
      start(next) {
        if (arriving >= most) {
          call.sendStatus({ code: status.UNAVAILABLE, details: 'Too many calls are on their way. Call again.' });
          return;
        }
        arriving++;
        late = setTimeout(() => {
          call.sendStatus({
            code: status.DEADLINE_EXCEEDED,
            details: `The message did not come within ${withinMs} ms.`,
          });
          setImmediate(cut, call.getPeer());
        }, withinMs);
        next({
          onReceiveMessage(message, pass) {
            arrived();
            pass(message);
          },
          onCancel: arrived,
        });
      },
    });
  };
}
