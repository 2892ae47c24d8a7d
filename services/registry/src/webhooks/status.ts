import { Conflict, type WebhookStatus } from '@hookline/domain';

/** What a client may do with a webhook's status. */
export type StatusAction = 'enable' | 'disable' | 'pause' | 'resume';

/**
 * enabled ⇄ paused by pause and resume; both → disabled by disable; all → enabled by enable. What is so already stays so.
 * @throws Conflict for pausing or resuming one that is disabled: its deliveries are dead, so there is nothing to keep
 */
export function statusAfter(action: StatusAction, status: WebhookStatus): WebhookStatus {
  if (action === 'enable') return 'enabled';
  if (action === 'disable') return 'disabled';
  if (status === 'disabled') {
    throw new Conflict('The webhook is disabled: enable it first.', { code: 'webhook_disabled' });
  }
  return action === 'pause' ? 'paused' : 'enabled';
}
