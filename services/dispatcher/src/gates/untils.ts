/** Times in the future, by webhook; those in the past are as good as none. Bounded: beyond `most` the oldest entries go. */
export class Untils {
  readonly #untils = new Map<string, number>();
  readonly #most: number;

  constructor(most = 100_000) {
    this.#most = most;
  }

  /** 0: none. */
  get(webhookId: string, nowMs: number): number {
    if (this.#untils.size === 0) return 0;
    const untilMs = this.#untils.get(webhookId);
    if (untilMs === undefined) return 0;
    if (untilMs > nowMs) return untilMs;
    this.#untils.delete(webhookId);
    return 0;
  }

  set(webhookId: string, untilMs: number): void {
    this.#untils.set(webhookId, untilMs);
    if (this.#untils.size <= this.#most) return;
    for (const oldest of this.#untils.keys()) {
      this.#untils.delete(oldest);
      return;
    }
  }
}
