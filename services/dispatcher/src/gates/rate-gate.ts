import type { DrainSlots, RateWindows } from '@hookline/limits';
import type { GateDeps, GatedJob } from './gated.ts';

/**
 * Rate limits of webhooks that have one, over all dispatchers. Requests are taken from the shared window when there is something to send at once, many
 * webhooks in one call. What would wait here for longer than seconds comes back from the retry schedule at a time of its own: the shared drain has
 * one for each, behind all that were given before.
 */
export interface RateGate<J extends GatedJob> {
  /** Whether a request may go out now. False: the engine is woken when there is one to be had. */
  admits(job: J, rate: Rate): boolean;
  /** It would wait here for too long. */
  isShut(job: J, rate: Rate, nowMs: number): boolean;
  /** `putOff` is called soon with the time at which the job is to come back. */
  reserve(job: J, rate: Rate, putOff: (dueAtMs: number) => void): void;
  close(): void;
}

export interface Rate {
  limit: number;
  windowMs: number;
}

export interface RateGateDeps extends GateDeps {
  rates: RateWindows;
  slots: DrainSlots;
  /** How many requests anything else lets through to a webhook in such a time; may be infinite. */
  turnsIn: (webhookId: string, ms: number) => number;
}

interface Gate {
  readonly webhookId: string;
  rate: Rate;
  /** Taken from the window and not used yet, and when. */
  granted: number;
  grantedAtMs: number;
  /** How many more there were to be had then. */
  remaining: number;
  /** Before that there are none. */
  freeAtMs: number;
  isTaking: boolean;
  /** When the next place in the drain is free, as last heard, and when that was. */
  drainFreeAtMs: number;
  drainAskedAtMs: number;
  putOffs: ((dueAtMs: number) => void)[];
  timer: NodeJS.Timeout | undefined;
  usedAtMs: number;
}

/** What is new goes elsewhere if it would wait for longer; what has been there before may wait somewhat longer. */
const SHORT_MS = 5_000;
const LONGER_MS = 30_000;
/** What is taken is used at once or given up, so that no later window gets it on top of its own. */
const GRANT_MS = 500;
const ASK_DRAIN_MS = 1_000;
/** A little slower than the rate, so that what waits in the dispatchers gets less. */
const DRAIN_SLACK = 1.02;
const MOST_AT_ONCE = 1_000;
const IDLE_MS = 600_000;
const SWEEP_MS = 60_000;

export function createRateGate<J extends GatedJob>(deps: RateGateDeps): RateGate<J> {
  const { rates, slots, turnsIn, engine, clock, log, random } = deps;
  const gates = new Map<string, Gate>();
  const taking = new Set<Gate>();
  const reserving = new Set<Gate>();
  let takeSoon: NodeJS.Immediate | undefined;
  let reserveSoon: NodeJS.Immediate | undefined;
  let sweptAtMs = 0;

  function gateOf({ webhookId }: J, rate: Rate, nowMs: number): Gate {
    let gate = gates.get(webhookId);
    if (gate === undefined) {
      sweep(nowMs);
      gate = createGate(webhookId, rate);
      gates.set(webhookId, gate);
    }
    gate.usedAtMs = nowMs;
    if (gate.rate.limit !== rate.limit || gate.rate.windowMs !== rate.windowMs) {
      gate.rate = rate;
      gate.remaining = rate.limit;
      gate.freeAtMs = 0;
    }
    return gate;
  }

  /** The number of webhooks that have a limit bounds them; those without work go. */
  function sweep(nowMs: number): void {
    if (nowMs - sweptAtMs < SWEEP_MS) return;
    sweptAtMs = nowMs;
    for (const gate of gates.values()) {
      if (gate.usedAtMs >= nowMs - IDLE_MS || isAwaited(gate)) continue;
      clearTimeout(gate.timer);
      gates.delete(gate.webhookId);
    }
  }

  function isAwaited({ webhookId, putOffs, isTaking }: Gate): boolean {
    return isTaking || putOffs.length > 0 || engine().waitingFor(webhookId) > 0;
  }

  function take(gate: Gate): void {
    gate.isTaking = true;
    taking.add(gate);
    takeSoon ??= setImmediate(() => void takeAll());
  }

  async function takeAll(): Promise<void> {
    takeSoon = undefined;
    const asking = [...taking].slice(0, MOST_AT_ONCE);
    for (const gate of asking) taking.delete(gate);
    const nowMs = clock.now();
    try {
      const takes = asking.map(({ webhookId, rate: { limit, windowMs } }) => {
        const count = Math.max(1, Math.min(engine().startable(webhookId), turnsIn(webhookId, GRANT_MS)));
        return { key: keyOf(webhookId), limit, windowMs, count };
      });
      const answers = await rates.take(takes, nowMs);
      for (const [index, gate] of asking.entries()) {
        const { granted, remaining, retryAfterMs } = answers[index] as (typeof answers)[number];
        gate.granted = granted;
        gate.grantedAtMs = clock.now();
        gate.remaining = remaining;
        gate.freeAtMs = retryAfterMs > 0 ? nowMs + retryAfterMs : 0;
      }
      await askDrains(asking, nowMs);
    } catch (error) {
      log.error({ error: (error as Error).message }, 'rates.unknown');
      for (const gate of asking) gate.freeAtMs = clock.now() + ASK_DRAIN_MS;
    }
    for (const gate of asking) {
      gate.isTaking = false;
      if (gate.granted > 0) engine().wake(gate.webhookId);
      else waitUntilFree(gate);
    }
    if (taking.size > 0) takeSoon ??= setImmediate(() => void takeAll());
  }

  /** Other dispatchers put off as well. */
  async function askDrains(asking: readonly Gate[], nowMs: number): Promise<void> {
    const asked = asking.filter(({ drainAskedAtMs }) => drainAskedAtMs < nowMs - ASK_DRAIN_MS);
    if (asked.length === 0) return;
    const firsts = await slots.reserve(
      asked.map(({ webhookId, rate }) => ({ key: keyOf(webhookId), count: 0, intervalMs: intervalOf(rate) })),
      nowMs,
    );
    for (const [index, gate] of asked.entries()) {
      gate.drainFreeAtMs = firsts[index] as number;
      gate.drainAskedAtMs = nowMs;
    }
  }

  /** What would wait for too long is put off; whatever comes here all the same is looked at again. */
  function waitUntilFree(gate: Gate): void {
    const { webhookId } = gate;
    const waitsMs = gate.freeAtMs - clock.now();
    if (waitsMs > LONGER_MS) engine().deferWaiting(webhookId);
    clearTimeout(gate.timer);
    const delayMs = Math.min(Math.max(1, Math.ceil(waitsMs)), LONGER_MS);
    gate.timer = setTimeout(() => engine().wake(webhookId), delayMs).unref();
  }

  /** How long a job that comes now would wait here, about: what was to be had when it was last asked becomes more with time. */
  function waitMs({ webhookId, rate, granted, remaining, grantedAtMs, freeAtMs }: Gate, nowMs: number): number {
    const eachMs = rate.windowMs / rate.limit;
    const free = Math.min(rate.limit, remaining + (nowMs - grantedAtMs) / eachMs);
    const behindMs = Math.max(0, engine().waitingFor(webhookId) + 1 - free) * eachMs;
    return granted > 0 ? behindMs : Math.max(behindMs, freeAtMs - nowMs);
  }

  async function reserveAll(): Promise<void> {
    reserveSoon = undefined;
    const asking = [...reserving];
    reserving.clear();
    const nowMs = clock.now();
    const waiting = asking.map(({ putOffs }) => putOffs);
    const reservations = asking.map((gate) => ({
      key: keyOf(gate.webhookId),
      count: gate.putOffs.length,
      intervalMs: intervalOf(gate.rate),
      fromMs: nowMs + Math.max(waitMs(gate, nowMs), SHORT_MS),
    }));
    for (const gate of asking) gate.putOffs = [];
    let firsts: number[];
    try {
      firsts = await slots.reserve(reservations, nowMs);
    } catch (error) {
      log.error({ error: (error as Error).message }, 'drains.unknown');
      firsts = reservations.map(({ fromMs }) => fromMs);
    }
    for (const [index, gate] of asking.entries()) {
      const firstAtMs = firsts[index] as number;
      const { intervalMs, count } = reservations[index] as (typeof reservations)[number];
      gate.drainFreeAtMs = firstAtMs + count * intervalMs;
      gate.drainAskedAtMs = nowMs;
      for (const [place, putOff] of (waiting[index] as Gate['putOffs']).entries()) {
        putOff(Math.round(firstAtMs + (place + random()) * intervalMs));
      }
    }
  }

  return {
    admits(job, rate) {
      const nowMs = clock.now();
      const gate = gateOf(job, rate, nowMs);
      if (gate.granted > 0 && gate.grantedAtMs > nowMs - GRANT_MS) {
        gate.granted--;
        return true;
      }
      gate.granted = 0;
      if (gate.isTaking) return false;
      if (gate.freeAtMs > nowMs) waitUntilFree(gate);
      else take(gate);
      return false;
    },
    isShut(job, rate, nowMs) {
      const gate = gateOf(job, rate, nowMs);
      if (job.handedOver) return waitMs(gate, nowMs) > LONGER_MS;
      return gate.drainFreeAtMs > nowMs + SHORT_MS || waitMs(gate, nowMs) > SHORT_MS;
    },
    reserve(job, rate, putOff) {
      const gate = gateOf(job, rate, clock.now());
      gate.putOffs.push(putOff);
      reserving.add(gate);
      reserveSoon ??= setImmediate(() => void reserveAll());
    },
    close() {
      clearImmediate(takeSoon);
      for (const { timer } of gates.values()) clearTimeout(timer);
    },
  };
}

function createGate(webhookId: string, rate: Rate): Gate {
  return {
    webhookId,
    rate,
    granted: 0,
    grantedAtMs: 0,
    remaining: rate.limit,
    freeAtMs: 0,
    isTaking: false,
    drainFreeAtMs: 0,
    drainAskedAtMs: 0,
    putOffs: [],
    timer: undefined,
    usedAtMs: 0,
  };
}

function keyOf(webhookId: string): string {
  return `webhook:${webhookId}`;
}

function intervalOf({ limit, windowMs }: Rate): number {
  return (windowMs / limit) * DRAIN_SLACK;
}
