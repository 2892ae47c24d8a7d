import { Unavailable } from '@hookline/domain';

const MAX_FAULTS = 5;

/**
 * Judges the failures of a loop: a database that is away is waited for, however long; any other fault is tried a few times in a row.
 */
export interface Patience {
  succeeded(): void;
  /** How long to wait before the next try; throws the error when there are to be no more. */
  failed(error: unknown): number;
}

export function createPatience(): Patience {
  let failures = 0;
  let faults = 0;
  return {
    succeeded() {
      failures = 0;
      faults = 0;
    },
    failed(error) {
      failures++;
      if (!(error instanceof Unavailable) && ++faults >= MAX_FAULTS) throw error;
      return Math.min(100 * 2 ** Math.min(failures, 5), 2_000);
    },
  };
}
