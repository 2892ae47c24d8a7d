/** A part of the platform that runs: a service, or what a service is made of. */
export interface Service {
  readonly name: string;
  /** Resolves when it does its work. Rejects if it cannot. */
  start(): Promise<void>;
  /** Stops intake, finishes what is in flight until the deadline, aborts the rest, gives back what it holds. Idempotent. */
  close(deadlineAtMs: number): Promise<void>;
}

export type LifecycleState = 'starting' | 'ready' | 'draining' | 'closed';
