/**
 * What this copy has settled lately: the number of each delivery's next attempt, Infinity where there is none, and how many had been made. Bounded: between one
 * and two times `size` of the latest are remembered.
 */
export interface SettledDeliveries {
  /** @param made attempts of it; where another one comes, those before that */
  set(deliveryId: string, nextAttempt: number, made?: number): void;
  get(deliveryId: string): number | undefined;
  /** 0 where nothing is known of it. */
  made(deliveryId: string): number;
}

export function createSettledDeliveries(size = 50_000): SettledDeliveries {
  /** The next attempt; of those without one, minus what was made, and one less. */
  let young = new Map<string, number>();
  let old = new Map<string, number>();

  function find(deliveryId: string): number | undefined {
    return young.get(deliveryId) ?? old.get(deliveryId);
  }

  return {
    set(deliveryId, nextAttempt, made = nextAttempt - 1) {
      young.set(deliveryId, nextAttempt === Infinity ? -1 - made : nextAttempt);
      if (young.size < size) return;
      old = young;
      young = new Map();
    },
    get(deliveryId) {
      const known = find(deliveryId);
      return known !== undefined && known < 0 ? Infinity : known;
    },
    made(deliveryId) {
      const known = find(deliveryId) ?? 1;
      return known < 0 ? -1 - known : known - 1;
    },
  };
}
