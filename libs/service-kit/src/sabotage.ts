import { InvalidInput } from '@hookline/domain';

/**
 * Guarantees that the chaos runs can switch off by HOOKLINE_SABOTAGE, one at a time, to prove that their checks would notice.
 * Never set it anywhere else: each of these loses events or sends them again.
 */
export const SABOTAGES = ['commit-early', 'skip-metadata-check', 'claim-before-caught-up', 'count-on-redis'] as const;
export type Sabotage = (typeof SABOTAGES)[number];

export function sabotageOf(env: Record<string, string | undefined>): Sabotage | undefined {
  const named = env['HOOKLINE_SABOTAGE'];
  if (named === undefined || named === '') return undefined;
  const known = SABOTAGES.find((sabotage) => sabotage === named);
  if (known === undefined)
    throw new InvalidInput(`HOOKLINE_SABOTAGE: "${named}" is not one of ${SABOTAGES.join(', ')}`);
  return known;
}
