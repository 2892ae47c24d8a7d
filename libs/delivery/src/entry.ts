import type { Job } from './engine-interface.ts';
import type { Sending } from './sender.ts';
import type { WebhookQueue } from './webhook-queue.ts';

/** A job while it is in the engine. */
export interface Entry<J> {
  readonly job: J;
  readonly queue: WebhookQueue<Entry<J>>;
  state: 'waiting' | 'in flight' | 'settling';
  sending: Sending | null;
  startedAtMs: number;
}

/** A place is a request of up to so many bytes; a larger one takes several. */
const PLACE_BYTES = 64 * 1024;

export function placesOf({ sizeBytes }: Job): number {
  return 1 + Math.floor(sizeBytes / PLACE_BYTES);
}
