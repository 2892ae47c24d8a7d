import type { Clock } from '@hookline/domain';
import type { Log } from '@hookline/service-kit';

/** What the gates look at of a job. */
export interface GatedJob {
  readonly deliveryId: string;
  readonly webhookId: string;
  /** It has waited in the retry schedule. */
  readonly handedOver: boolean;
}

/** What they use of the engine. */
export interface GatedEngine {
  wake(webhookId: string): void;
  deferWaiting(webhookId: string): void;
  waitingFor(webhookId: string): number;
  startable(webhookId: string): number;
}

export interface GateDeps {
  engine: () => GatedEngine;
  clock: Clock;
  log: Log;
  /** Uniform in [0, 1). */
  random: () => number;
}
