import { z } from 'zod';
import { duration, integer } from '../values.ts';

/** When nothing is sent to a receiver that fails. Read by the dispatchers, which share what they see of each webhook. */
export const breakerSection = z
  .strictObject({
    failures_in_a_row: integer(5, 1, 1_000_000).describe(
      'It opens after so many failed attempts without a successful one between them; 429 is no failure here',
    ),
    failure_percent: integer(70, 1, 100).describe('Or when so many per cent of the attempts within `window` failed'),
    min_outcomes: integer(10, 1, 1_000_000).describe('And there were at least so many'),
    window: duration('5m').describe('Exact within a tenth of it. A breaker that hears nothing for so long begins anew'),
    open: duration('30s').describe(
      'How long it is open at first; then one attempt is made, which closes it or doubles that',
    ),
    max_open: duration('10m').describe('It never is open longer'),
  })
  .describe(
    "When nothing is sent to a receiver that fails. All dispatchers share what they see of a webhook; while they can't, each goes by what it sees itself. The numbers must be the same for all of them.",
  );
