import { Conflict, type WebhookStatus } from '@hookline/domain';
import { expect, test } from '@jest/globals';
import { statusAfter, type StatusAction } from './status.ts';

test.each<[StatusAction, WebhookStatus, WebhookStatus | null]>([
  ['enable', 'enabled', 'enabled'],
  ['enable', 'paused', 'enabled'],
  ['enable', 'disabled', 'enabled'],
  ['disable', 'enabled', 'disabled'],
  ['disable', 'paused', 'disabled'],
  ['disable', 'disabled', 'disabled'],
  ['pause', 'enabled', 'paused'],
  ['pause', 'paused', 'paused'],
  ['pause', 'disabled', null],
  ['resume', 'enabled', 'enabled'],
  ['resume', 'paused', 'enabled'],
  ['resume', 'disabled', null],
])('to %s one that is %s makes it %s', (action, status, after) => {
  if (after === null) expect(() => statusAfter(action, status)).toThrow(Conflict);
  else expect(statusAfter(action, status)).toBe(after);
});
