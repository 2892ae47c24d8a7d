import { Untils } from './untils.ts';

/** Beyond that it is any time in the second half of it: nobody knows so long ahead how fast a receiver will be. */
const LONGEST_MS = 3_600_000;

/** Times for what waits for one webhook to come back at, one after the other and not all at once. */
export class Spread {
  readonly #lasts = new Untils();
  readonly #random: () => number;

  constructor(random: () => number) {
    this.#random = random;
  }

  /** The next one: on average `eachMs` after the last, and not before `fromMs`. */
  next(webhookId: string, fromMs: number, eachMs: number, nowMs: number): number {
    const atMs = Math.max(this.#lasts.get(webhookId, nowMs), fromMs) + eachMs * 2 * this.#random();
    if (atMs > nowMs + LONGEST_MS) return nowMs + LONGEST_MS * (0.5 + 0.5 * this.#random());
    this.#lasts.set(webhookId, atMs);
    return atMs;
  }

  /** 0: none is to come back. */
  lastAtMs(webhookId: string, nowMs: number): number {
    return this.#lasts.get(webhookId, nowMs);
  }

  startFrom(webhookId: string, fromMs: number): void {
    this.#lasts.set(webhookId, fromMs);
  }

  restart(webhookId: string): void {
    this.#lasts.set(webhookId, 0);
  }
}
