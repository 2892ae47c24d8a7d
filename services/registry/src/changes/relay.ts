import { encodeChange } from '@hookline/contracts';
import type { Database } from '@hookline/database';
import { Unavailable } from '@hookline/domain';
import type { EventLog } from '@hookline/event-log';
import { within, type Log } from '@hookline/service-kit';
import type { RegistryMetrics } from '../metrics.ts';
import { renewChanges } from '../webhooks/renew.ts';
import { hasPending, moveRelay, pendingAfter, relayedRevision } from './outbox.ts';

/** Brings committed changes to `webhook.changes` in revision order, whichever copy of the registry committed them. */
export interface Relay {
  start(): void;
  /** Resolves when every change up to this committed one is in `webhook.changes`. @throws Unavailable when that takes too long; it will be there later */
  relayed(revision: number): Promise<void>;
  /** Waits for the round under way, until the deadline: what it leaves undone others do. Idempotent. */
  close(deadlineAtMs: number): Promise<void>;
}

export interface RelayDependencies {
  database: Database;
  eventLog: EventLog;
  log: Log;
  metrics: RegistryMetrics;
  /** How long a call waits for its change; shorter than the gateway waits for the call. */
  patienceMs?: number;
}

interface Waiter {
  revision: number;
  settle: (error?: Error) => void;
}

const LOCK = 'registry.relay';
const LOCK_WAIT_MS = 5_000;
const APPEND_DEADLINE_MS = 10_000;
const BATCH = 200;
/** How often a copy looks for what others committed and did not relay. */
const LOOK_EVERY_MS = 1_000;
const MAX_WAITERS = 1_000;
const PATIENCE_MS = 8_000;

export function createRelay(dependencies: RelayDependencies): Relay {
  const { database, eventLog, log, metrics, patienceMs = PATIENCE_MS } = dependencies;
  const closing = new AbortController();
  const { signal } = closing;
  const waiters = new Set<Waiter>();
  let known = 0;
  let underWay: Promise<void> | undefined;
  let again = false;
  let timer: NodeJS.Timeout | undefined;

  function advance(revision: number): void {
    if (revision <= known) return;
    known = revision;
    metrics.relayedRevision.set(known);
    for (const waiter of waiters) if (waiter.revision <= known) waiter.settle();
  }

  /** One round at a time; whoever comes during it gets another one, together with all who came meanwhile. */
  function kick(): void {
    if (signal.aborted) return;
    if (underWay !== undefined) {
      again = true;
      return;
    }
    underWay = round()
      .catch((error: unknown) => {
        metrics.relayFailures.inc();
        log.warn({ err: error, waiting: waiters.size }, 'relay.failed');
        // The next look tries again: at once would only add to the trouble.
        again = false;
      })
      .finally(() => {
        underWay = undefined;
        if (!again) return;
        again = false;
        kick();
      });
  }

  async function round(): Promise<void> {
    await database.exclusively(LOCK, LOCK_WAIT_MS, async () => {
      while (!signal.aborted) {
        const from = await relayedRevision(database);
        advance(from);
        const changes = await pendingAfter(database, from, BATCH);
        const last = changes.at(-1);
        if (last === undefined) return;
        await eventLog.append(
          changes.map((change) => encodeChange(change.webhookId, change.revision, change.webhook)),
          { deadlineMs: APPEND_DEADLINE_MS },
        );
        const moved = await database.transaction((tx) => moveRelay(tx, from, last.revision));
        if (!moved) {
          // The lock was lost while appending, and another copy relayed these and maybe newer ones: the last record of a webhook may now be an old one.
          const ids = [...new Set(changes.map(({ webhookId }) => webhookId))];
          await database.transaction((tx) => renewChanges(tx, ids));
          log.warn({ webhooks: ids.length }, 'relay.overtaken');
          continue;
        }
        metrics.relayed.inc(changes.length);
        advance(last.revision);
      }
    });
  }

  function lookLater(): void {
    if (signal.aborted) return;
    timer = setTimeout(() => void look(), LOOK_EVERY_MS * (0.75 + Math.random() / 2));
  }

  async function look(): Promise<void> {
    try {
      if (waiters.size > 0 || (await hasPending(database))) kick();
    } catch (error) {
      log.debug({ err: error }, 'relay.look-failed');
    }
    lookLater();
  }

  return {
    start: lookLater,

    relayed(revision) {
      if (revision <= known) return Promise.resolve();
      if (signal.aborted || waiters.size >= MAX_WAITERS) return Promise.reject(late());
      return new Promise((resolve, reject) => {
        const waiter: Waiter = {
          revision,
          settle(error) {
            clearTimeout(patience);
            waiters.delete(waiter);
            if (error === undefined) resolve();
            else reject(error);
          },
        };
        const patience = setTimeout(() => waiter.settle(late()), patienceMs);
        waiters.add(waiter);
        kick();
      });
    },

    async close(deadlineAtMs) {
      closing.abort();
      clearTimeout(timer);
      if (underWay !== undefined) {
        await within(deadlineAtMs - Date.now(), 'the relay', underWay).catch(() => undefined);
      }
      for (const waiter of waiters) waiter.settle(late());
    },
  };
}

function late(): Unavailable {
  return new Unavailable(
    'The change is stored and will take effect, but not every dispatcher can know of it yet: the event log is slow or away. Read the webhook before trying again.',
    { code: 'change_pending' },
  );
}
