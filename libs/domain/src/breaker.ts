/**
 * The rule of a circuit breaker, one for each webhook: nothing is sent to a receiver that fails, but for one probe at a time.
 *
 *   closed ──(failures in a row, or most of the outcomes)──► open ──(its time is over)──► half open ──(a probe is claimed)──► probing
 *     ▲                                                       ▲                              ▲                                  │ │ │
 *     │                                                       └──── fails: twice as long ────┼──────────────────────────────────┘ │ │
 *     │                                                                                      └──── runs out, or was not sent ─────┘ │
 *     └──────────────────────────────────────── succeeds: all is forgotten ─────────────────────────────────────────────────────────┘
 *
 * Outcomes of other requests than the probe count only while it is closed: those that end while it is open were sent before.
 */
export interface Breaker {
  /** Failures since the last success. */
  failuresInARow: number;
  /** Outcomes by slice of the window, oldest first; a slice's number counts from 1970. */
  slices: BreakerSlice[];
  /** null: closed. In the past: half open. */
  openUntilMs: number | null;
  /** How often it has opened since it was closed. */
  openings: number;
  probe: { token: string; untilMs: number } | null;
}

export interface BreakerSlice {
  number: number;
  succeeded: number;
  failed: number;
}

export interface BreakerPolicy {
  /** Opens after so many failures without a success between them ... */
  failuresInARow: number;
  /** ... or when so many per cent of at least `minOutcomes` within `windowMs` failed. */
  failurePercent: number;
  minOutcomes: number;
  /** Exact within a tenth of it; what is older than that doesn't count, and a breaker that hears nothing for so long is forgotten. */
  windowMs: number;
  /** How long it is open at first; each failing probe doubles that, up to `maxOpenMs`. */
  openMs: number;
  maxOpenMs: number;
}

/** The defaults of `breaker.*`. */
export const BREAKER_POLICY: BreakerPolicy = {
  failuresInARow: 5,
  failurePercent: 70,
  minOutcomes: 10,
  windowMs: 300_000,
  openMs: 30_000,
  maxOpenMs: 600_000,
};

/** What was seen of a webhook since the last report. */
export interface BreakerOutcomes {
  succeeded: number;
  failed: number;
  /** Failures since the last success among them; all of them where none succeeded. */
  failuresInARow: number;
  /** These are the outcome of the probe that was claimed with this token; none at all: it was not sent. */
  probe?: string;
}

export type BreakerState =
  | { kind: 'closed' }
  | { kind: 'open'; untilMs: number }
  /** One probe decides. null: nobody has claimed it; else whoever did has until then. */
  | { kind: 'half_open'; probeUntilMs: number | null };

const SLICES = 10;

export function createBreaker(): Breaker {
  return { failuresInARow: 0, slices: [], openUntilMs: null, openings: 0, probe: null };
}

export function stateOf(breaker: Breaker, nowMs: number): BreakerState {
  const { openUntilMs, probe } = breaker;
  if (openUntilMs === null) return { kind: 'closed' };
  if (openUntilMs > nowMs) return { kind: 'open', untilMs: openUntilMs };
  return { kind: 'half_open', probeUntilMs: probe !== null && probe.untilMs > nowMs ? probe.untilMs : null };
}

export function noteOutcomes(
  breaker: Breaker,
  outcomes: BreakerOutcomes,
  policy: BreakerPolicy,
  nowMs: number,
): Breaker {
  if (breaker.openUntilMs === null) return count(breaker, outcomes, policy, nowMs);
  if (outcomes.probe === undefined || outcomes.probe !== breaker.probe?.token) return breaker;
  if (outcomes.failed > 0) return open(breaker, policy, nowMs);
  return outcomes.succeeded > 0 ? createBreaker() : { ...breaker, probe: null };
}

/** Whether the claim was granted shows in the breaker's `probe`: it has the token then. Claiming again is allowed. */
export function claimProbe(breaker: Breaker, token: string, untilMs: number, nowMs: number): Breaker {
  const state = stateOf(breaker, nowMs);
  const isFree = state.kind === 'half_open' && (state.probeUntilMs === null || breaker.probe?.token === token);
  return isFree ? { ...breaker, probe: { token, untilMs } } : breaker;
}

/** From then on it is as good as none. */
export function forgottenAtMs({ openUntilMs, probe }: Breaker, { windowMs }: BreakerPolicy, nowMs: number): number {
  return Math.max(nowMs, openUntilMs ?? 0, probe?.untilMs ?? 0) + windowMs;
}

function count(breaker: Breaker, outcomes: BreakerOutcomes, policy: BreakerPolicy, nowMs: number): Breaker {
  const { succeeded, failed } = outcomes;
  if (succeeded + failed === 0) return breaker;
  const failuresInARow = succeeded > 0 ? outcomes.failuresInARow : breaker.failuresInARow + failed;
  const counted = { ...breaker, failuresInARow, slices: addSlice(breaker.slices, outcomes, policy, nowMs) };
  return failuresInARow >= policy.failuresInARow || failsMostly(counted.slices, policy)
    ? open(counted, policy, nowMs)
    : counted;
}

function addSlice(
  slices: readonly BreakerSlice[],
  { succeeded, failed }: BreakerOutcomes,
  { windowMs }: BreakerPolicy,
  nowMs: number,
): BreakerSlice[] {
  const latest = slices.at(-1);
  // A clock that is behind reports into the latest slice.
  const number = Math.max(Math.floor(nowMs / (windowMs / SLICES)), latest?.number ?? 0);
  const within = slices.filter((slice) => slice.number > number - SLICES);
  if (latest?.number !== number) return [...within, { number, succeeded, failed }];
  within[within.length - 1] = { number, succeeded: latest.succeeded + succeeded, failed: latest.failed + failed };
  return within;
}

function failsMostly(slices: readonly BreakerSlice[], { failurePercent, minOutcomes }: BreakerPolicy): boolean {
  let [succeeded, failed] = [0, 0];
  for (const slice of slices) {
    succeeded += slice.succeeded;
    failed += slice.failed;
  }
  return succeeded + failed >= minOutcomes && failed * 100 >= (succeeded + failed) * failurePercent;
}

function open(breaker: Breaker, { openMs, maxOpenMs }: BreakerPolicy, nowMs: number): Breaker {
  const forMs = Math.min(openMs * 2 ** breaker.openings, maxOpenMs);
  return {
    failuresInARow: 0,
    slices: [],
    openUntilMs: nowMs + forMs,
    openings: breaker.openings + 1,
    probe: null,
  };
}
