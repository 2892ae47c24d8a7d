import { setTimeout as sleep } from 'node:timers/promises';
import { encodeCommand } from '@hookline/contracts';
import type { Database } from '@hookline/database';
import { Unavailable } from '@hookline/domain';
import type { EventLog } from '@hookline/event-log';
import type { Log } from '@hookline/service-kit';
import type { ObservabilityMetrics } from '../metrics.ts';
import { eventOf, LETTER_CONTENT, type ContentRow } from './content.ts';
import { lettersOf, RECOVERY, type RecoveryFound } from './recoveries.ts';

/*
 * One copy at a time works on recoveries, under a lock that ends with it. A step takes the next dead letters of one, notes which attempts of them it asks
 * for, appends a command for each, and then notes in one transaction that they are dealt with and where it goes on. Killed in between, the next copy
 * goes on with that step: it leaves out the attempts that are in the log by then, and asks for the others once more, which a dispatcher that has made them
 * knows.
 */

export interface RunRecoveriesDeps {
  database: Database;
  eventLog: Pick<EventLog, 'append'>;
  log: Log;
  metrics: ObservabilityMetrics;
  now: () => number;
}

export interface RecoveryRunner {
  /** Looks now: one was created or resumed. */
  wake(): void;
  close(): Promise<void>;
}

const LOCK = 'observability.recoveries';
const LOOK_EVERY_MS = 1_000;
/** Dead letters of one step: so many are asked for again at most when it is killed. */
const MOST_IN_STEP = 100;
const APPEND_DEADLINE_MS = 10_000;

/** Deliveries, and which attempt of each. */
type Step = [deliveryId: string, attempt: number][];

interface Letter extends ContentRow {
  id: string;
  webhook_id: string;
  attempts: number;
  attempt_count: number | null;
  first_attempt_at: Date;
  dead_at: Date;
}

export function startRecoveryRunner({ database, eventLog, log, metrics, now }: RunRecoveriesDeps): RecoveryRunner {
  const closing = new AbortController();
  let waking = new AbortController();
  /** When the next step of each may be made, by this process's clock. */
  const dueAtMs = new Map<string, number>();

  async function running(): Promise<RecoveryFound[]> {
    const { rows } = await database.query<RecoveryFound>(
      `SELECT ${RECOVERY} FROM recoveries WHERE state = 'running' ORDER BY created_at LIMIT 100`,
    );
    return rows;
  }

  async function loop(): Promise<void> {
    while (!closing.signal.aborted) {
      waking = new AbortController();
      try {
        // Another copy that has the lock does the work.
        if ((await running()).length > 0) await database.exclusively(LOCK, 1, work);
      } catch (error) {
        if (!(error instanceof Unavailable)) log.error({ error: (error as Error).message }, 'recoveries.failed');
      }
      await pause(LOOK_EVERY_MS);
    }
  }

  async function work(): Promise<void> {
    while (!closing.signal.aborted) {
      const jobs = await running();
      if (jobs.length === 0) return;
      for (const job of jobs) {
        if ((dueAtMs.get(job.id) ?? 0) <= performance.now() && !closing.signal.aborted) await step(job);
      }
      const soonest = Math.min(...jobs.map(({ id }) => dueAtMs.get(id) ?? 0));
      await pause(Math.min(LOOK_EVERY_MS, Math.max(10, soonest - performance.now())));
    }
  }

  async function step(job: RecoveryFound): Promise<void> {
    // A tenth of a second's share, so that a pause or the end of one comes soon.
    const letters = await nextLetters(job, Math.min(MOST_IN_STEP, Math.max(1, Math.round(job.rate / 10))));
    const begun = new Map(job.step === null ? [] : (JSON.parse(job.step) as Step));
    const sendable = letters.filter(({ data }) => data !== null);
    const attempts = new Map(sendable.map((letter) => [letter.id, begun.get(letter.id) ?? nextAttemptOf(letter)]));
    if (sendable.length > 0) await begin(job, [...attempts]);
    const missing = sendable.filter(({ id, attempt_count }) => !begun.has(id) || (attempt_count ?? 0) < begun.get(id)!);
    const commands = missing.flatMap((letter) => commandOf(letter, job, attempts.get(letter.id)!));
    if (commands.length > 0) await eventLog.append(commands, { deadlineMs: APPEND_DEADLINE_MS });
    metrics.recovered.inc(commands.length);
    await note(job, letters, letters.length - sendable.length);
    dueAtMs.set(job.id, performance.now() + (letters.length * 1_000) / job.rate);
    if (letters.length === 0) {
      dueAtMs.delete(job.id);
      log.info({ recoveryId: job.id, done: job.done, skipped: job.skipped }, 'recovery.completed');
    }
  }

  async function begin(job: RecoveryFound, step: Step): Promise<void> {
    await database.query(`UPDATE recoveries SET step = $2 WHERE id = $1`, [job.id, JSON.stringify(step)]);
  }

  async function nextLetters(job: RecoveryFound, count: number): Promise<Letter[]> {
    const { where, parameters } = lettersOf(job.tenant, {
      webhookId: job.webhook_id,
      eventType: job.event_type,
      reason: job.reason,
      since: job.since,
      until: job.until,
    });
    let after = '';
    if (job.at_time !== null && job.at_id !== null) {
      after = `AND (dead_at, id) > ($${parameters.push(job.at_time)}::timestamptz, $${parameters.push(job.at_id)})`;
    }
    const { rows } = await database.query<Letter>(
      `SELECT l.*, d.attempt_count FROM (
         SELECT id, webhook_id, attempts, first_attempt_at, dead_at, ${LETTER_CONTENT} FROM dead_letters
         WHERE ${where} ${after} ORDER BY dead_at, id LIMIT ${count}
       ) AS l LEFT JOIN deliveries AS d ON d.id = l.id AND d.accepted_at = l.accepted_at ORDER BY l.dead_at, l.id`,
      parameters,
    );
    return rows;
  }

  /** What was resolved or ended meanwhile by somebody else stays so. */
  async function note(job: RecoveryFound, letters: readonly Letter[], skipped: number): Promise<void> {
    const last = letters.at(-1);
    const at = new Date(now());
    await database.transaction(async (tx) => {
      if (last === undefined) {
        await tx.query(
          `UPDATE recoveries SET state = 'completed', finished_at = $2 WHERE id = $1 AND state = 'running'`,
          [job.id, at],
        );
        return;
      }
      await tx.query(
        `UPDATE recoveries SET done = done + $2, skipped = skipped + $3, at_time = $4, at_id = $5, step = NULL WHERE id = $1`,
        [job.id, letters.length - skipped, skipped, last.dead_at, last.id],
      );
      await tx.query(
        `UPDATE dead_letters AS l SET resolved_at = $2, resolved_by = $3, resolution = $4 FROM unnest($1::text[], $5::timestamptz[]) AS n (id, at)
         WHERE l.id = n.id AND l.dead_at = n.at AND l.data IS NOT NULL AND l.resolved_at IS NULL`,
        [
          letters.map(({ id }) => id),
          at,
          job.created_by,
          `${job.trigger} ${job.id}`,
          letters.map(({ dead_at }) => dead_at.toISOString()),
        ],
      );
    });
  }

  async function pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: AbortSignal.any([closing.signal, waking.signal]) }).catch(() => {});
  }

  const ended = loop();
  return {
    wake: () => waking.abort(),
    async close() {
      closing.abort();
      await ended;
    },
  };
}

function nextAttemptOf({ attempts, attempt_count }: Letter): number {
  return Math.max(attempts, attempt_count ?? 0) + 1;
}

function commandOf(letter: Letter, { trigger }: RecoveryFound, attempt: number) {
  const event = eventOf(letter);
  if (event === null) return [];
  const { id: deliveryId, webhook_id: webhookId, first_attempt_at } = letter;
  const firstAttemptAtMs = first_attempt_at.getTime();
  return [encodeCommand({ kind: 'attempt', deliveryId, webhookId, event, trigger, attempt, firstAttemptAtMs })];
}
