import type { Job } from './engine-interface.ts';

/** Jobs kept until the same delivery, which is in the engine, is settled. */
export class Repeats<J extends Job> {
  readonly #byDelivery = new Map<string, J[]>();
  count = 0;
  bytes = 0;

  keep(job: J): void {
    const kept = this.#byDelivery.get(job.deliveryId);
    if (kept === undefined) this.#byDelivery.set(job.deliveryId, [job]);
    else kept.push(job);
    this.count++;
    this.bytes += job.sizeBytes;
  }

  take(deliveryId: string): readonly J[] {
    if (this.count === 0) return NONE;
    const taken = this.#byDelivery.get(deliveryId);
    if (taken === undefined) return NONE;
    this.#byDelivery.delete(deliveryId);
    this.count -= taken.length;
    for (const { sizeBytes } of taken) this.bytes -= sizeBytes;
    return taken;
  }
}

const NONE: readonly never[] = [];
