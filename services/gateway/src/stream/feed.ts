import { TOPIC } from '@hookline/contracts';
import { Unavailable, type Clock } from '@hookline/domain';
import type { EventLog } from '@hookline/event-log';
import { within, type Log } from '@hookline/service-kit';
import type { GatewayMetrics } from '../metrics.ts';
import type { Client, EndReason, Outlet } from './client.ts';
import { encodeCursor } from './cursor.ts';
import { startFollower, type Follower } from './follower.ts';
import { createHub, type Hub } from './hub.ts';
import { createPlaces } from './places.ts';
import type { Selection } from './selection.ts';

/**
 * What happens to deliveries, as it happens, for as many clients as there is room for. `webhook.attempts` is read once, while somebody listens, and its
 * latest part is kept; each client reads from there at its own pace.
 */
export interface Feed {
  /** Takes a place, and sees to it that the log is read. @throws RateLimited, Unavailable */
  open(tenant: string): Promise<Place>;
  /** Ends every stream. Idempotent. */
  close(): Promise<void>;
}

/** A client's, from before its stream begins until after its end. */
export interface Place {
  /** How many numbers a cursor has. */
  readonly partitions: number;
  /** Begins the stream; to be called once. @param cursor undefined: from now on @throws Unavailable when it has been left meanwhile */
  stream(outlet: Outlet, selection: Selection, cursor: readonly number[] | undefined): Promise<Client>;
  /** Idempotent. */
  leave(): void;
}

export interface FeedDeps {
  /** Asked when somebody first listens. */
  openEventLog: () => Promise<EventLog>;
  log: Log;
  metrics: GatewayMetrics;
  clock: Clock;
  bounds: { streams: number; streamsPerTenant: number; backlog: number };
}

const START_DEADLINE_MS = 15_000;
const ASK_DEADLINE_MS = 3_000;
/** How long the log goes on being read when nobody listens any more. */
const LINGER_MS = 60_000;
/** Between two signs of life; whoever has taken nothing from one to the next is too slow. */
const BEAT_MS = 15_000;

interface Running {
  eventLog: EventLog;
  follower: Follower;
  hub: Hub;
}

export function createFeed({ openEventLog, log, metrics, clock, bounds }: FeedDeps): Feed {
  const places = createPlaces({ all: bounds.streams, perTenant: bounds.streamsPerTenant });
  let running: PromiseWithResolvers<Running> | undefined;
  let lingering: NodeJS.Timeout | undefined;
  let closing: Promise<void> | undefined;

  async function start(): Promise<Running> {
    const eventLog = await openEventLog();
    let hub: Hub | undefined;
    const follower = await startFollower({
      eventLog,
      nowMs: clock.now(),
      most: bounds.backlog,
      deadlineMs: START_DEADLINE_MS,
      received: (entries) => hub?.add(entries),
      failed(error) {
        log.warn({ err: error }, 'stream.interrupted');
        void stop('interrupted');
      },
    });
    hub = createHub(follower.from, bounds.backlog, (reason) => metrics.streamsEnded.inc({ reason }));
    hub.add(follower.beginning);
    return { eventLog, follower, hub };
  }

  /** Nobody waits for a start that was stopped: what it comes to is closed. */
  function begin(): PromiseWithResolvers<Running> {
    const begun = Promise.withResolvers<Running>();
    start()
      .then(
        (started) => {
          begun.resolve(started);
          return running === begun ? undefined : started.follower.close();
        },
        (error: unknown) => {
          begun.reject(error);
          if (running === begun) running = undefined;
        },
      )
      .catch((error: unknown) => log.warn({ err: error }, 'stream.interrupted'));
    return begun;
  }

  /** One for all who ask. @throws Unavailable */
  async function run(): Promise<Running> {
    if (closing !== undefined) throw closes();
    running ??= begin();
    try {
      return await within(START_DEADLINE_MS, 'the event log', running.promise);
    } catch (error) {
      if (closing !== undefined) throw closes();
      log.warn({ err: error }, 'stream.unavailable');
      const detail = 'The log can not be read at the moment: try again.';
      throw new Unavailable(detail, { code: 'upstream_unavailable', cause: error });
    }
  }

  async function stop(reason: EndReason): Promise<void> {
    const ended = running;
    running = undefined;
    ended?.reject(new Unavailable('The log is not read any more.'));
    const { hub, follower } = (await ended?.promise.catch(() => undefined)) ?? {};
    hub?.end(reason);
    await follower?.close();
  }

  /** A cursor that is ahead of the log itself is another log's. */
  async function reachable({ hub, eventLog }: Running, cursor: readonly number[]): Promise<boolean> {
    const position = hub.backlog.position();
    if (cursor.every((offset, partition) => offset <= (position[partition] ?? 0))) return true;
    const ends = await within(ASK_DEADLINE_MS, 'the event log', eventLog.endOffsets(TOPIC.attempts)).catch(() => null);
    return ends === null || cursor.every((offset, partition) => offset <= (ends[partition] ?? 0));
  }

  function linger(): void {
    clearTimeout(lingering);
    if (places.taken > 0) return;
    lingering = setTimeout(() => {
      if (places.taken === 0) void stop('interrupted');
    }, LINGER_MS).unref();
  }

  const beating = setInterval(
    () => void running?.promise.then(({ hub }) => hub.beat()).catch(() => {}),
    BEAT_MS,
  ).unref();

  return {
    async open(tenant) {
      const giveBack = places.take(tenant);
      metrics.streams.inc();
      let joined: { hub: Hub; client: Client } | undefined;
      let left = false;
      const leave = () => {
        left = true;
        if (joined !== undefined) joined.hub.leave(joined.client);
        joined = undefined;
        giveBack();
        metrics.streams.set(places.taken);
        linger();
      };
      try {
        const current = await run();
        const { hub } = current;
        return {
          partitions: hub.backlog.position().length,
          async stream(outlet, selection, cursor) {
            const unreachable = cursor !== undefined && !(await reachable(current, cursor));
            if (left) throw new Unavailable('The client has gone.');
            if (unreachable) {
              outlet.tell('gap', encodeCursor(hub.backlog.position()));
              cursor = undefined;
            }
            const client = hub.join(outlet, selection, cursor);
            joined = { hub, client };
            return client;
          },
          leave,
        };
      } catch (error) {
        leave();
        throw error;
      }
    },

    close() {
      closing ??= (async () => {
        clearInterval(beating);
        clearTimeout(lingering);
        await stop('shutting_down');
      })();
      return closing;
    },
  };
}

function closes(): Unavailable {
  return new Unavailable('The gateway closes.', { code: 'overloaded' });
}
