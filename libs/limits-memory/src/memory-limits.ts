import { BREAKER_POLICY, type BreakerPolicy } from '@hookline/domain';
import type { DeduplicationOptions, Limits } from '@hookline/limits';
import { createMemoryBreakers } from './breakers.ts';
import { createMemoryDeduplication } from './deduplication.ts';
import { createMemoryRates } from './rates.ts';
import { createMemorySlots } from './slots.ts';
import { createMemoryTallies } from './tallies.ts';

export interface MemoryLimitsOptions {
  breaker?: BreakerPolicy;
  deduplication: DeduplicationOptions;
  /** Told how many keys were forgotten before they ran out, because there were more than `maxKeys`. */
  onDropped?: (count: number) => void;
}

/** Limits of one process, where that does everything. They end with it. */
export function createMemoryLimits(options: MemoryLimitsOptions): Limits {
  const { breaker = BREAKER_POLICY, deduplication, onDropped = () => {} } = options;
  return {
    rates: createMemoryRates(),
    tallies: createMemoryTallies(),
    slots: createMemorySlots(),
    breakers: createMemoryBreakers(breaker),
    deduplication: createMemoryDeduplication(deduplication, onDropped),
    ping: async () => {},
    close: async () => {},
  };
}
