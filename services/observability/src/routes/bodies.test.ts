import { InvalidInput } from '@hookline/domain';
import { expect, test } from '@jest/globals';
import { commandRoutes, type CommandRoutesDeps } from './commands.ts';
import { recoveryRoutes, type RecoveryRoutesDeps } from './recoveries.ts';

const SINCE = '2026-11-27T10:00:00Z';
// Refused before anything is asked of them.
const routes = [
  ...commandRoutes({ deadLetters: {} } as CommandRoutesDeps),
  ...recoveryRoutes({ now: () => 0 } as RecoveryRoutesDeps),
];

test.each<[string, object, string]>([
  ['/api/v1/dead-letters/{id}/resolve', { reason: 'a\0' }, '/reason'],
  ['/api/v1/recoveries', { since: SINCE, webhook_id: '\0' }, '/webhook_id'],
  ['/api/v1/recoveries', { since: SINCE, type: 'a\0' }, '/type'],
  ['/api/v1/recoveries', { since: SINCE, reason: 'a\0', dry_run: true }, '/reason'],
])('%s refuses %j for its NUL', async (path, body, pointer) => {
  const route = routes.find((each) => each.path === path && each.method === 'POST');
  const audits = () => async () => {};
  const answer = route?.answer({ tenant: 'acme', subject: 'u', id: 'x', query: new URLSearchParams(), body, audits });
  const error = await answer?.catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(InvalidInput);
  expect((error as InvalidInput).problems).toEqual([{ pointer, detail: 'must not contain the character NUL' }]);
});
