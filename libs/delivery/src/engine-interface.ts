import type { AttemptResult } from '@hookline/domain';
import type { Stop } from './rooms.ts';
import type { OutgoingRequest } from './sender.ts';

/**
 * Sends deliveries so that no webhook waits for another: a queue for each, served in turn by tenant and then by webhook, within limits per webhook, per
 * tenant and over all.
 *
 *   submit ─► waiting ─► in flight ─► settling ─► (settled) gone
 *                └── shed ──────────────┘
 *
 * A delivery is in here once: whoever submits it again is told when the first one is gone. Nothing is awaited and no timer is set per job.
 */
export interface Engine<J extends Job> {
  /** Takes a job, always; past the bounds the largest backlog is shed. Ask `room` before. */
  submit(job: J): void;
  /** Takes a job as `submit` does, to shed it at once. */
  defer(job: J): void;
  /** Sheds what waits for a webhook: oldest first, a few at a time, until it is woken. What is submitted from now on waits as ever. */
  deferWaiting(webhookId: string): void;
  /** Its owner may admit the webhook's next job, having not done so before. */
  wake(webhookId: string): void;
  /** What followed from the job is durable (or its partition is lost): its delivery may be submitted anew. */
  settled(job: J): void;
  /**
   * null: go on. Otherwise wait, and then go on: because what is sent can't be recorded fast enough, or too many deliveries came again while
   * they were in here (for as long as that lasts), or because the queues are full, to see why, and for as long as they drain (at most `fullWaitMs`; shedding follows). Ends early with the signal.
   */
  room(signal: Stop): Promise<void> | null;
  /** Drops waiting jobs that are lost. */
  dropLost(): void;
  /** Sheds all that waits; what is submitted from now on is shed at once. */
  shedWaiting(): void;
  /** What is in flight ends as `failed: shutdown`. */
  abortInFlight(): void;
  /** Resolves when nothing is left (true) or at the deadline (false). */
  drain(deadlineAtMs: number): Promise<boolean>;
  counts(): EngineCounts;
  /** How many jobs wait for the webhook in here. */
  waitingFor(webhookId: string): number;
  /** How many of them could be under way at once now, as far as the webhook's own limit goes. */
  startable(webhookId: string): number;
  /** Ends all waiting for room. */
  close(): void;
}

export interface Job {
  readonly deliveryId: string;
  readonly webhookId: string;
  readonly tenant: string;
  readonly sizeBytes: number;
  /** Somebody waits for it: it goes ahead of what waits for its webhook, and the owner is asked about it although that is held. */
  readonly urgent?: boolean;
  /** The job is somebody else's now: it is not to be started any more. */
  lost(): boolean;
}

export interface EngineCounts {
  waiting: number;
  waitingBytes: number;
  inFlight: number;
  settling: number;
  /** Of all places for requests, those taken by webhooks that are quick, that have never answered yet, and that are slow. */
  places: { quick: number; unknown: number; slow: number };
  /** Jobs kept until the same delivery, which is in here, is settled. */
  repeats: number;
}

/** What the engine's owner does with its jobs. After `attempted`, `shed`, and `prepare` that returned null, the owner calls `settled` in the end. */
export interface EngineOwner<J extends Job> {
  /** Whether the webhook may be sent this now, its turn having come. False: its queue stands still until `wake`. */
  admits(job: J): boolean;
  /** The job's turn has come: what to send, or null if there is nothing to send any more. */
  prepare(job: J): OutgoingRequest | null;
  /** At most so many requests at once to the webhook of a job that was prepared. */
  maxInFlight(job: J): number;
  attempted(job: J, result: AttemptResult): void;
  /** It must wait elsewhere and should come back in `delayMs`; no attempt was made. */
  shed(job: J, delayMs: number): void;
  /**
   * `first`, the same delivery, is in here and not lost. True: the owner is done with `job`, because what becomes of `first` is enough.
   * False: it is kept until `first` is settled, and then `repeated`.
   */
  covered(job: J, first: J): boolean;
  /** `first`, the same delivery, has been settled since this one was submitted. The engine has forgotten both. */
  repeated(job: J, first: J): void;
  /** One of these threw, which is a defect. Its job is not settled by that; the engine goes on with the others. */
  broken(error: Error): void;
}

export interface EngineLimits {
  /** Places: one is a request, or 64 KiB of a larger one. */
  maxInFlight: number;
  maxWaiting: number;
  maxWaitingBytes: number;
  /** Jobs whose outcome is not durable yet: at this many nothing more is sent, at half of it intake waits. Of repeats: at this many intake waits. */
  maxSettling: number;
  /** Of their events: the same. */
  maxSettlingBytes: number;
  /** Webhooks with nothing to do whose measure is remembered. */
  maxIdle: number;
  /** When the queues are full, a largest backlog that drains in this time is waited for; a slower one is shed from. */
  slowDrainMs: number;
  /** The longest such wait. */
  fullWaitMs: number;
  /** How long is shed without looking again. */
  shedMs: number;
}

export const DEFAULT_LIMITS: EngineLimits = {
  maxInFlight: 1_024,
  maxWaiting: 6_000,
  maxWaitingBytes: 64 * 1024 * 1024,
  maxSettling: 8_192,
  maxSettlingBytes: 32 * 1024 * 1024,
  maxIdle: 10_000,
  slowDrainMs: 10_000,
  fullWaitMs: 2_000,
  shedMs: 10_000,
};
