import { NotFound } from '@hookline/domain';
import { WEBHOOK_LIMITS } from './limits.ts';
import type { WebhookName } from './store.ts';

/** What a call names a webhook by. Names that no webhook can have are unknown; that also keeps from the database what its text can't hold. */
export function nameOf(name: string): WebhookName {
  if (isWebhookId(name)) return { by: 'id', name };
  return isUid(name) ? { by: 'uid', name } : unknown();
}

export function isWebhookId(id: string): boolean {
  return /^wh_[0-9a-f]{32}$/.test(id);
}

/** As clients may choose them: usable in a path as they are, and never like an id of ours. */
export function isUid(uid: string): boolean {
  return uid.length <= WEBHOOK_LIMITS.uid && /^(?!wh_)[A-Za-z0-9][A-Za-z0-9._~-]*$/.test(uid);
}

export function unknown(): never {
  throw new NotFound('There is no such webhook.', { code: 'unknown_webhook' });
}
