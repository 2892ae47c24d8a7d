import { randomUUID } from 'node:crypto';
import { isOurs, type BreakerPolicy, type BreakerState, type FailureClass } from '@hookline/domain';
import type { Breakers } from '@hookline/limits';
import {
  createBreakerWatch,
  endProbe,
  isDoubtful,
  isProbe,
  isProbing,
  noteOutcome,
  takeReport,
  type BreakerWatch,
} from './breaker-watch.ts';
import type { GateDeps, GatedJob } from './gated.ts';
import { Spread } from './spread.ts';

/**
 * The breakers, which all dispatchers share, as this one knows them. Only failures, and the successes of webhooks that failed lately, are told to the
 * others, many at once, so a healthy webhook costs nothing. That another's requests have failed is learned with the first failure here, after which
 * nothing more is sent before it is known, and before anything is sent that comes back from the retry schedule.
 */
export interface BreakerGate {
  /** Whether a request may go out now. False: the engine is woken later, or what waits for the webhook is put off. */
  admits(job: GatedJob): boolean;
  /** What was admitted is sent: as the probe, where one is wanted. */
  passed(job: GatedJob): void;
  /** What is new is to wait elsewhere. */
  isShut(webhookId: string, nowMs: number): boolean;
  /** When the next one that waits elsewhere is to come back. */
  nextSlotAtMs(webhookId: string, nowMs: number): number;
  ended(job: GatedJob, failure: FailureClass | null): void;
  /** What was admitted was not sent after all. */
  unsent(job: GatedJob): void;
  /** How many are not closed, as far as is known here. */
  openCount(): number;
  close(): void;
}

export interface BreakerGateDeps extends GateDeps {
  breakers: Breakers;
  policy: Pick<BreakerPolicy, 'failuresInARow' | 'windowMs'>;
  /** By then a probe has surely ended. */
  probeMs: (webhookId: string) => number;
}

const FLUSH_MS = 100;
const MOST_AT_ONCE = 1_000;
/** What comes back from the schedule goes out without asking when the breaker was known to be closed so lately. */
const HEARD_MS = 10_000;
/** A healthy receiver has answered the probe by then; what comes back after it need not go again. */
const PROBE_HEAD_START_MS = 2_000;
const LOOK_AGAIN_MS = 1_000;
/** So many wait in memory while a probe decides. */
const WAITING_FOR_PROBE = 20;
/** On average between two that come back, if the breaker was open for `SPREAD_OPEN_MS`; in proportion, if for longer. */
const SPREAD_MS = 10;
const SPREAD_OPEN_MS = 30_000;
const MOST_WATCHES = 100_000;
/** At most so many are looked at to find one to forget. */
const MOST_LOOKS = 100;
const SWEEP_MS = 60_000;

export function createBreakerGate(deps: BreakerGateDeps): BreakerGate {
  const { breakers, policy, probeMs, engine, clock, log, random } = deps;
  const watches = new Map<string, BreakerWatch>();
  const due = new Set<BreakerWatch>();
  const claims = new Set<BreakerWatch>();
  const spread = new Spread(random);
  let timer: NodeJS.Timeout | undefined;
  let urgent = false;
  let flushing = false;
  let claimSoon: NodeJS.Immediate | undefined;
  let sweptAtMs = 0;
  let closed = false;

  function watchOf(webhookId: string): BreakerWatch {
    let watch = watches.get(webhookId);
    if (watch !== undefined) return watch;
    watch = createBreakerWatch(webhookId);
    if (watches.size >= MOST_WATCHES) forgetOldest();
    watches.set(webhookId, watch);
    return watch;
  }

  /** There are no more that are awaited than deliveries in here: for them there is always room. */
  function forgetOldest(): void {
    let looks = MOST_LOOKS;
    for (const watch of watches.values()) {
      if (!isAwaited(watch, clock.now())) return forget(watch);
      if (--looks === 0) return;
      watches.delete(watch.webhookId);
      watches.set(watch.webhookId, watch);
    }
  }

  function forget(watch: BreakerWatch): void {
    clearTimeout(watch.timer);
    due.delete(watch);
    claims.delete(watch);
    watches.delete(watch.webhookId);
  }

  /** Something waits for what is to be heard of it. */
  function isAwaited(watch: BreakerWatch, nowMs: number): boolean {
    return isProbing(watch, nowMs) || due.has(watch) || engine().waitingFor(watch.webhookId) > 0;
  }

  /** Forgets what the others have forgotten by now. */
  function sweep(nowMs: number): void {
    if (nowMs - sweptAtMs < SWEEP_MS) return;
    sweptAtMs = nowMs;
    for (const watch of watches.values()) {
      const { failedAtMs, heardAtMs, openUntilMs } = watch;
      const isOver = Math.max(failedAtMs, heardAtMs, openUntilMs) < nowMs - policy.windowMs;
      if (isOver && !isAwaited(watch, nowMs)) forget(watch);
    }
  }

  function tell(watch: BreakerWatch, soon: boolean): void {
    due.add(watch);
    urgent ||= soon;
    flushSoon();
  }

  function flushSoon(): void {
    if (flushing || closed || due.size === 0) return;
    if (urgent) clearTimeout(timer);
    else if (timer !== undefined) return;
    timer = setTimeout(() => void flush(), urgent || due.size >= MOST_AT_ONCE ? 0 : FLUSH_MS);
  }

  async function flush(): Promise<void> {
    timer = undefined;
    flushing = true;
    urgent = false;
    const told = [...due].slice(0, MOST_AT_ONCE);
    for (const watch of told) due.delete(watch);
    const states = await reported(told);
    flushing = false;
    for (const [index, watch] of told.entries()) {
      watch.isTold = false;
      learn(watch, states[index] as BreakerState);
    }
    sweep(clock.now());
    flushSoon();
  }

  async function reported(told: readonly BreakerWatch[]): Promise<BreakerState[]> {
    try {
      return await breakers.report(told.map(takeReport), clock.now());
    } catch (error) {
      log.error({ error: (error as Error).message }, 'breakers.unknown');
      return told.map(() => ({ kind: 'closed' }));
    }
  }

  function learn(watch: BreakerWatch, state: BreakerState): void {
    const { webhookId } = watch;
    const nowMs = clock.now();
    watch.heardAtMs = nowMs;
    watch.isStale = false;
    lookNoMore(watch);
    switch (state.kind) {
      case 'open':
        opened(watch, state.untilMs, nowMs);
        return engine().deferWaiting(webhookId);
      case 'closed':
        if (watch.openUntilMs !== 0) log.info({ webhookId }, 'breaker.closed');
        watch.openUntilMs = 0;
        watch.probe = null;
        return wake(watch);
      case 'half_open':
        watch.openUntilMs ||= nowMs;
        if (watch.probe?.kind === 'ours') return wake(watch);
        if (state.probeUntilMs === null) {
          watch.probe = null;
          return wake(watch);
        }
        watch.probe = { kind: 'theirs', untilMs: state.probeUntilMs };
        lookAgain(watch);
    }
  }

  /** Where more has failed since the others were asked, their next word decides. */
  function wake(watch: BreakerWatch): void {
    if (!isDoubtful(watch, policy.failuresInARow)) engine().wake(watch.webhookId);
  }

  function opened(watch: BreakerWatch, untilMs: number, nowMs: number): void {
    watch.probe = null;
    watch.failuresSinceSuccess = 0;
    if (watch.openUntilMs === untilMs) return;
    const { webhookId } = watch;
    watch.openUntilMs = untilMs;
    watch.openForMs = untilMs - nowMs;
    spread.restart(webhookId);
    log.info({ webhookId, openForMs: watch.openForMs }, 'breaker.opened');
  }

  /** How a probe ended is asked for, another's of the others, as long as somebody waits for it. */
  function lookAgain(watch: BreakerWatch): void {
    watch.timer ??= setTimeout(() => {
      watch.timer = undefined;
      if (engine().waitingFor(watch.webhookId) === 0) return;
      if (watch.probe?.kind === 'ours') engine().wake(watch.webhookId);
      else tell(watch, true);
    }, LOOK_AGAIN_MS).unref();
  }

  function lookNoMore(watch: BreakerWatch): void {
    clearTimeout(watch.timer);
    watch.timer = undefined;
  }

  function claim(watch: BreakerWatch): void {
    lookNoMore(watch);
    watch.probe = { kind: 'claiming' };
    claims.add(watch);
    claimSoon ??= setImmediate(() => void claimProbes());
  }

  async function claimProbes(): Promise<void> {
    claimSoon = undefined;
    const claiming = [...claims];
    claims.clear();
    const nowMs = clock.now();
    const asked = claiming.map(({ webhookId }) => {
      return { webhookId, token: randomUUID(), untilMs: nowMs + probeMs(webhookId) };
    });
    try {
      const answers = await breakers.claimProbes(asked, nowMs);
      for (const [index, watch] of claiming.entries()) {
        const { granted, state } = answers[index] as (typeof answers)[number];
        const { token, untilMs } = asked[index] as (typeof asked)[number];
        watch.probe = granted ? { kind: 'ours', untilMs, token, deliveryId: null } : null;
        learn(watch, state);
      }
    } catch (error) {
      log.error({ error: (error as Error).message }, 'breakers.unknown');
      for (const watch of claiming) {
        watch.probe = null;
        lookAgain(watch);
      }
    }
  }

  /** Half open: the next one is the probe, and all others wait for what comes of it. */
  function admitsProbe(watch: BreakerWatch, nowMs: number): boolean {
    const { probe } = watch;
    if (probe === null || !isProbing(watch, nowMs)) {
      claim(watch);
      return false;
    }
    if (probe.kind === 'ours' && probe.deliveryId === null) return true;
    if (probe.kind !== 'claiming') lookAgain(watch);
    return false;
  }

  function unsent({ webhookId, deliveryId }: GatedJob): void {
    const watch = watches.get(webhookId);
    if (watch === undefined || !isProbe(watch, deliveryId)) return;
    endProbe(watch, null);
    tell(watch, true);
  }

  return {
    admits(job) {
      const nowMs = clock.now();
      const watch = watches.get(job.webhookId);
      if (watch !== undefined && isDoubtful(watch, policy.failuresInARow)) return false;
      if (watch !== undefined && watch.openUntilMs !== 0) {
        if (watch.openUntilMs <= nowMs) return admitsProbe(watch, nowMs);
        engine().deferWaiting(job.webhookId);
        return false;
      }
      if (!job.handedOver || (watch !== undefined && watch.heardAtMs > nowMs - HEARD_MS)) return true;
      tell(watch ?? watchOf(job.webhookId), true);
      return false;
    },
    passed({ webhookId, deliveryId }) {
      const probe = watches.get(webhookId)?.probe;
      if (probe?.kind === 'ours') probe.deliveryId ??= deliveryId;
    },
    isShut(webhookId, nowMs) {
      const watch = watches.get(webhookId);
      if (watch === undefined || watch.openUntilMs === 0) return false;
      return watch.openUntilMs > nowMs || engine().waitingFor(webhookId) >= WAITING_FOR_PROBE;
    },
    nextSlotAtMs(webhookId, nowMs) {
      const { openUntilMs, openForMs } = watchOf(webhookId);
      if (openUntilMs > nowMs && spread.lastAtMs(webhookId, nowMs) === 0) {
        spread.startFrom(webhookId, openUntilMs + PROBE_HEAD_START_MS);
        return openUntilMs;
      }
      const eachMs = SPREAD_MS * Math.max(1, openForMs / SPREAD_OPEN_MS);
      return spread.next(webhookId, nowMs + PROBE_HEAD_START_MS, eachMs, nowMs);
    },
    ended(job, failure) {
      if (isOurs(failure)) return unsent(job);
      // 429 is the word of one that is well; its pace is another gate's.
      const succeeded = failure === null || failure === 'throttled';
      const nowMs = clock.now();
      const known = watches.get(job.webhookId);
      if (succeeded && (known === undefined || isHealthy(known, nowMs))) return;
      const watch = known ?? watchOf(job.webhookId);
      const wasProbe = isProbe(watch, job.deliveryId);
      noteOutcome(watch, succeeded, nowMs);
      if (wasProbe) endProbe(watch, succeeded);
      tell(watch, wasProbe || isDoubtful(watch, policy.failuresInARow));
    },
    unsent,
    openCount() {
      let open = 0;
      for (const { openUntilMs } of watches.values()) if (openUntilMs !== 0) open++;
      return open;
    },
    close() {
      closed = true;
      clearTimeout(timer);
      clearImmediate(claimSoon);
      for (const watch of watches.values()) clearTimeout(watch.timer);
    },
  };

  function isHealthy({ openUntilMs, failedAtMs }: BreakerWatch, nowMs: number): boolean {
    return openUntilMs === 0 && failedAtMs < nowMs - policy.windowMs;
  }
}
