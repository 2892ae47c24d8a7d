import { z } from 'zod';
import { duration, plainText } from '../values.ts';

export const hooklineSection = z.strictObject({
  data: plainText('./.hookline').describe('The folder of the embedded back end. Locked while it is used'),
  host: plainText('127.0.0.1', '0.0.0.0').describe('The address that every server listens on'),
  grace_period: duration('25s').describe('From SIGTERM to exit'),
  await_stores: duration('60s').describe(
    "How long a start waits for stores that aren't there yet, or whose tables and topics aren't: for all of them together",
  ),
  disable_failing_after: duration('5d').describe(
    'A webhook that does nothing but fail for so long is disabled ([retries.md](retries.md#webhooks-that-only-fail)). `0s`: never. The dispatchers and the registry must have the same',
  ),
});
