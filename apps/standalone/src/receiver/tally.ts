/** What the built-in receiver remembers of one path: how many requests came, and the latest of them. */
export interface Tally {
  received: number;
  verified: number;
  /** Newest first. */
  latest: Arrival[];
}

export interface Arrival {
  at: string;
  webhook_id: string;
  status: number;
  /** Whether the signature was right; null where this receiver does not know the webhook. */
  verified: boolean | null;
  headers: Record<string, string>;
  /** The start of the body. */
  body: string;
  size_bytes: number;
}

const KEPT = 20;

export function createTally(): Tally {
  return { received: 0, verified: 0, latest: [] };
}

export function note(tally: Tally, arrival: Arrival): void {
  tally.received++;
  if (arrival.verified === true) tally.verified++;
  tally.latest.unshift(arrival);
  tally.latest.length = Math.min(tally.latest.length, KEPT);
}
