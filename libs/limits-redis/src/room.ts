/** Of one Redis, in bytes. */
export interface Memory {
  /** `maxmemory`; 0 where there is none. */
  limit: number;
  used: number;
  /** Of that, what the remembered keys take. */
  ofKeys: number;
  keys: number;
}

/** Retries are taken up to 80 % of maxmemory (`@hookline/retry-schedule-redis`): at least half of that stays theirs. */
const SHARE_PERCENT = 40;
/** Above it, whoever took the memory, keys are forgotten until it is free again or they are down to their least share. */
const CROWDED_ABOVE_PERCENT = 90;
const LEAST_SHARE_PERCENT = 5;
/** Of a key where too few are held to go by what they take. */
const RECKONED_BYTES = 250;
const FEW_KEYS = 1_000;

/** How many keys may be remembered, going by memory. */
export function keysThatFit({ limit, used, ofKeys, keys }: Memory): number {
  if (limit === 0) return Infinity;
  const percent = (share: number) => (limit * share) / 100;
  const excess = used - percent(CROWDED_ABOVE_PERCENT);
  const most = percent(SHARE_PERCENT);
  const bytes = excess > 0 ? Math.max(Math.min(most, ofKeys - excess), percent(LEAST_SHARE_PERCENT)) : most;
  const bytesOfOne = keys < FEW_KEYS ? RECKONED_BYTES : ofKeys / keys;
  return Math.max(1, Math.floor(bytes / bytesOfOne));
}
