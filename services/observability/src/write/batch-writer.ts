import { setTimeout as sleep } from 'node:timers/promises';
import { sqlState, type Database } from '@hookline/database';
import { Unavailable } from '@hookline/domain';
import type { Log } from '@hookline/service-kit';
import type { ObservabilityMetrics } from '../metrics.ts';
import { createDays } from './days.ts';
import { createWriteRows } from './expect-unseen.ts';
import type { Entry } from './rows.ts';
import type { Uphold } from './uphold.ts';
import { byDay } from './write-entries.ts';

export interface BatchWriter {
  /**
   * Resolves with `written` once every entry is committed, and with the indexes of those that the database refuses for what is in them; with
   * `abandoned` if `signal` is aborted or the writer stopped before. While the database is away this waits: whoever calls is held back.
   */
  write(entries: readonly Entry[], signal: AbortSignal): Promise<WriteOutcome>;
  /** Why nothing can be written at the moment, null if it can. */
  trouble(): string | null;
  /** Resolves when nothing waits to be written. */
  idle(): Promise<void>;
  /** Abandons what waits. Idempotent. */
  stop(): Promise<void>;
}

export type WriteOutcome = { kind: 'written'; refused: { index: number; reason: string }[] } | { kind: 'abandoned' };

export interface BatchWriterDeps {
  database: Database;
  uphold: Uphold;
  log: Log;
  metrics: ObservabilityMetrics;
}

/** One transaction's share. Entries of several partitions go together: a transaction costs as much as many rows. */
const MAX_ENTRIES = 1_000;
const MAX_BYTES = 8 * 1024 * 1024;
/** What comes waits so long for company, or until it is that many: small transactions cost much more for each row. */
const GATHER_MS = 50;
const FIRST_PAUSE_MS = 100;
const MAX_PAUSE_MS = 5_000;

interface Call {
  left: number;
  refused: { index: number; reason: string }[];
  ended: boolean;
  end: (outcome: WriteOutcome) => void;
}

interface Waiting {
  entry: Entry;
  index: number;
  call: Call;
}

export function createBatchWriter({ database, uphold, log, metrics }: BatchWriterDeps): BatchWriter {
  const days = createDays(database);
  const writeRows = createWriteRows(database, () => metrics.metRows.inc());
  let queue: Waiting[] = [];
  let begin: (() => void) | undefined;
  let running: Promise<void> | undefined;
  let trouble: string | null = null;
  const calls = new Set<Call>();
  const stopping = new AbortController();

  async function run(): Promise<void> {
    while (queue.length > 0) {
      await gather();
      await writeAll(take());
    }
    running = undefined;
  }

  async function gather(): Promise<void> {
    if (queue.length >= MAX_ENTRIES) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, GATHER_MS);
    begin = resolve;
    await promise;
    clearTimeout(timer);
    begin = undefined;
  }

  function take(): Waiting[] {
    let count = 0;
    for (let bytes = 0; count < queue.length && count < MAX_ENTRIES; count++) {
      bytes += queue[count]!.entry.sizeBytes;
      if (bytes > MAX_BYTES && count > 0) break;
    }
    const taken = queue.slice(0, count);
    queue = queue.slice(count);
    return taken;
  }

  /** Tries until it is written, or nobody waits for it any more. */
  async function writeAll(batch: readonly Waiting[]): Promise<void> {
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, MAX_PAUSE_MS)) {
      const wanted = batch.filter(({ call }) => !call.ended);
      if (wanted.length === 0) return;
      try {
        await writeOnce(wanted);
        trouble = null;
        return;
      } catch (error) {
        if (isAboutTheRows(error)) return writeHalves(wanted, error as Error);
        if (isAboutTables(error)) days.forget();
        noteTrouble(error as Error);
        await sleep(pauseMs, undefined, { signal: stopping.signal }).catch(() => {});
      }
    }
  }

  async function writeOnce(batch: readonly Waiting[]): Promise<void> {
    const stopTimer = metrics.batchDuration.startTimer();
    const entries = batch.map(({ entry }) => entry);
    const rows = byDay(entries);
    await days.ensure(rows.keys());
    const written = await writeRows(entries, rows);
    await uphold(entries);
    stopTimer();
    for (const [table, rows] of Object.entries(written)) {
      if (rows > 0) metrics.written.inc({ table }, rows);
    }
    for (const { call } of batch) settleOne(call);
  }

  /** One row that can't be stored doesn't hold up the others: halving finds it. */
  async function writeHalves(batch: readonly Waiting[], error: Error): Promise<void> {
    if (batch.length === 1) {
      const [{ call, index }] = batch as [Waiting];
      call.refused.push({ index, reason: `the database refuses it: ${error.message}` });
      settleOne(call);
      return;
    }
    const middle = batch.length >> 1;
    await writeAll(batch.slice(0, middle));
    await writeAll(batch.slice(middle));
  }

  function settleOne(call: Call): void {
    call.left--;
    if (call.left === 0) call.end({ kind: 'written', refused: call.refused });
  }

  function noteTrouble(error: Error): void {
    metrics.failedBatches.inc();
    const away = error instanceof Unavailable;
    if (trouble === null || !away) log.error({ error: error.message }, 'batch.failed');
    trouble = away ? 'the database is away' : 'the database refuses the rows';
  }

  return {
    write(entries, signal) {
      if (entries.length === 0) return Promise.resolve({ kind: 'written', refused: [] });
      if (signal.aborted || stopping.signal.aborted) return Promise.resolve({ kind: 'abandoned' });
      return new Promise((resolve) => {
        const call: Call = { left: entries.length, refused: [], ended: false, end };
        const abandon = () => end({ kind: 'abandoned' });
        function end(outcome: WriteOutcome): void {
          if (call.ended) return;
          call.ended = true;
          calls.delete(call);
          signal.removeEventListener('abort', abandon);
          metrics.queued.dec(entries.length);
          resolve(outcome);
        }
        calls.add(call);
        signal.addEventListener('abort', abandon);
        metrics.queued.inc(entries.length);
        entries.forEach((entry, index) => queue.push({ entry, index, call }));
        if (queue.length >= MAX_ENTRIES) begin?.();
        running ??= Promise.resolve().then(run);
      });
    },
    trouble: () => trouble,
    async idle() {
      await running;
    },
    async stop() {
      stopping.abort();
      begin?.();
      for (const call of calls) call.end({ kind: 'abandoned' });
      await running;
    },
  };
}

/** A table is not there: retention may have dropped a day in which something is written all the same. */
function isAboutTables(error: unknown): boolean {
  return sqlState(error) === '42P01';
}

/** Classes 22 (data exception), 23 (integrity) and 54 (a program limit, e.g. an index entry too long): another try meets them again. */
function isAboutTheRows(error: unknown): boolean {
  return /^(22|23|54)/.test(sqlState(error) ?? '');
}
