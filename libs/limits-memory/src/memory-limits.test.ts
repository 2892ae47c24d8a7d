import { describeLimits } from '@hookline/limits/contract';
import { createMemoryLimits } from './index.ts';

describeLimits('memory', {
  begin: async (options) => {
    const limits = createMemoryLimits(options);
    return [limits, limits];
  },
});
