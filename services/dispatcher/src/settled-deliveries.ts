/**
 * What this copy has settled lately: the number of each delivery's next attempt, Infinity where there is none. Bounded: between one and two
 * times `size` of the latest are remembered.
 */
export interface SettledDeliveries {
  set(deliveryId: string, nextAttempt: number): void;
  get(deliveryId: string): number | undefined;
}

export function createSettledDeliveries(size = 50_000): SettledDeliveries {
  let young = new Map<string, number>();
  let old = new Map<string, number>();
  return {
    set(deliveryId, nextAttempt) {
      young.set(deliveryId, nextAttempt);
      if (young.size < size) return;
      old = young;
      young = new Map();
    },
    get: (deliveryId) => young.get(deliveryId) ?? old.get(deliveryId),
  };
}
