import type { DeduplicationOptions, Limits } from '@hookline/limits';
import { createMemoryDeduplication } from './deduplication.ts';
import { createMemoryRates } from './rates.ts';

export interface MemoryLimitsOptions {
  deduplication: DeduplicationOptions;
  /** Told how many keys were forgotten before they ran out, because there were more than `maxKeys`. */
  onDropped?: (count: number) => void;
}

/** Limits of one process, where that does everything. They end with it. */
export function createMemoryLimits({ deduplication, onDropped = () => {} }: MemoryLimitsOptions): Limits {
  return {
    rates: createMemoryRates(),
    deduplication: createMemoryDeduplication(deduplication, onDropped),
    ping: async () => {},
    close: async () => {},
  };
}
