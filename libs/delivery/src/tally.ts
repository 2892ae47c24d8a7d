import type { EngineLimits, Job } from './engine-interface.ts';

/** How much there is in the engine, and when that is too much. A class: it is asked several times for each job. */
export class Tally {
  waiting = 0;
  waitingBytes = 0;
  settling = 0;
  settlingBytes = 0;
  readonly #limits: EngineLimits;

  constructor(limits: EngineLimits) {
    this.#limits = limits;
  }

  beginWaiting({ sizeBytes }: Job): void {
    this.waiting++;
    this.waitingBytes += sizeBytes;
  }

  endWaiting({ sizeBytes }: Job): void {
    this.waiting--;
    this.waitingBytes -= sizeBytes;
  }

  beginSettling({ sizeBytes }: Job): void {
    this.settling++;
    this.settlingBytes += sizeBytes;
  }

  endSettling({ sizeBytes }: Job): void {
    this.settling--;
    this.settlingBytes -= sizeBytes;
  }

  isFull(): boolean {
    return this.waiting >= this.#limits.maxWaiting || this.waitingBytes >= this.#limits.maxWaitingBytes;
  }

  isOverfull(): boolean {
    return this.waiting > this.#limits.maxWaiting || this.waitingBytes > this.#limits.maxWaitingBytes;
  }

  /** Below full by enough that whoever waited for room can put in some at once. */
  isRoomy(): boolean {
    return this.waiting <= this.#limits.maxWaiting * 0.9 && this.waitingBytes <= this.#limits.maxWaitingBytes * 0.9;
  }

  /** The outcome of so much is not durable yet that there is no sense in making more of it: intake stops before sending does. */
  isSettling(share: number): boolean {
    const { maxSettling, maxSettlingBytes } = this.#limits;
    return this.settling >= maxSettling * share || this.settlingBytes >= maxSettlingBytes * share;
  }
}
