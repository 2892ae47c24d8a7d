import { encodeChange, TOPIC } from '@hookline/contracts';
import type { Database } from '@hookline/database';
import { Unavailable } from '@hookline/domain';
import type { EventLog } from '@hookline/event-log';
import { within, type Log } from '@hookline/service-kit';
import type { RegistryMetrics } from '../metrics.ts';
import { renewChanges } from '../webhooks/renew.ts';
import { forgetAppend, hasDoubtful, noteAppend, renewDoubtful } from './appends.ts';
import { hasPending, moveRelay, pendingAfter, readRelayed, type PendingChange, type Relayed } from './outbox.ts';
import { beginRefill, isEmptied, refillNext } from './refill.ts';

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
  /** So long after an append was given up nothing of it is on its way any more. */
  landedWithinMs?: number;
  /** How often it is looked whether `webhook.changes` is still the one that was relayed to. */
  checkEveryMs?: number;
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
const CHECK_EVERY_MS = 60_000;
const CHECK_DEADLINE_MS = 5_000;
/** Longer than a client of the log keeps a request whose caller has given up. */
const LANDED_WITHIN_MS = 60_000;
const MAX_WAITERS = 1_000;
/** After a handshake, and with time for the database, shorter than the gateway waits. */
const PATIENCE_MS = 5_000;

export function createRelay(dependencies: RelayDependencies): Relay {
  const { database, eventLog, log, metrics } = dependencies;
  const { patienceMs = PATIENCE_MS, landedWithinMs = LANDED_WITHIN_MS, checkEveryMs = CHECK_EVERY_MS } = dependencies;
  const closing = new AbortController();
  const { signal } = closing;
  const waiters = new Set<Waiter>();
  let known = 0;
  let underWay: Promise<void> | undefined;
  let again = false;
  let checkAtMs = 0;
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
      if (performance.now() >= checkAtMs) await checkLog();
      while (!signal.aborted) {
        const relayed = await readRelayed(database);
        advance(relayed.revision);
        const changes = await pendingAfter(database, relayed.revision, BATCH);
        if (changes.length > 0) await relay(relayed, changes);
        else if (!(await renewSome(relayed))) return;
      }
    });
  }

  /** A log that was made anew, or is another one than last time, has none of the webhooks that were relayed before. */
  async function checkLog(): Promise<void> {
    checkAtMs = performance.now() + Math.min(checkEveryMs, CHECK_DEADLINE_MS);
    const relayed = await readRelayed(database);
    const [end = 0] = await within(CHECK_DEADLINE_MS, 'the event log', eventLog.endOffsets(TOPIC.changes));
    if (isEmptied(relayed, end)) {
      await beginRefill(database, end);
      logEmptied(relayed, end);
    }
    checkAtMs = performance.now() + checkEveryMs;
  }

  function logEmptied({ revision, endOffset }: Relayed, end: number): void {
    log.warn({ revision, endedAt: endOffset, endsAt: end }, 'relay.log-emptied');
  }

  async function relay(relayed: Relayed, changes: readonly PendingChange[]): Promise<void> {
    const from = relayed.revision;
    const to = changes.at(-1)?.revision ?? from;
    const ids = [...new Set(changes.map(({ webhookId }) => webhookId))];
    // Before it begins: whoever comes after this process must know of it.
    await noteAppend(database, from, ids);
    const offsets = await append(changes).catch(async (error: unknown) => {
      // From now on it counts how long it may still be on its way.
      await noteAppend(database, from, ids);
      throw error;
    });
    const end = Math.max(...offsets) + 1;
    const emptied = isEmptied(relayed, Math.min(...offsets));
    const moved = await database.transaction(async (tx) => {
      if (!(await moveRelay(tx, from, to, end))) return false;
      await forgetAppend(tx, from);
      if (emptied) await beginRefill(tx, end);
      return true;
    });
    if (!moved) {
      // The lock was lost while appending, and another copy relayed these and maybe newer ones: the last record of a webhook may now be an old one.
      await database.transaction((tx) => renewChanges(tx, ids));
      log.warn({ webhooks: ids.length }, 'relay.overtaken');
      return;
    }
    if (emptied) logEmptied(relayed, end);
    metrics.relayed.inc(changes.length);
    advance(to);
  }

  async function append(changes: readonly PendingChange[]): Promise<number[]> {
    const records = changes.map((change) => encodeChange(change.webhookId, change.revision, change.webhook));
    return (await eventLog.append(records, { deadlineMs: APPEND_DEADLINE_MS })).map(({ offset }) => offset);
  }

  /** With nothing else to relay: says whether there is something now. */
  async function renewSome({ refilledTo }: Relayed): Promise<boolean> {
    if (refilledTo !== null) {
      const renewed = await database.transaction((tx) => refillNext(tx, refilledTo));
      log.info({ webhooks: renewed, after: refilledTo }, renewed === 0 ? 'relay.refilled' : 'relay.renewed');
      return true;
    }
    const webhooks = await database.transaction((tx) => renewDoubtful(tx, landedWithinMs));
    if (webhooks > 0) log.warn({ webhooks }, 'relay.doubtful');
    return webhooks > 0;
  }

  function lookLater(): void {
    if (signal.aborted) return;
    timer = setTimeout(() => void look(), LOOK_EVERY_MS * (0.75 + Math.random() / 2));
  }

  async function look(): Promise<void> {
    try {
      if (waiters.size > 0 || performance.now() >= checkAtMs || (await hasWork())) kick();
    } catch (error) {
      log.debug({ err: error }, 'relay.look-failed');
    }
    lookLater();
  }

  async function hasWork(): Promise<boolean> {
    return (await hasPending(database)) || (await hasDoubtful(database, landedWithinMs));
  }

  return {
    start() {
      kick();
      lookLater();
    },

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
