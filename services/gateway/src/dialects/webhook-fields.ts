import type { WebhookMessage } from '@hookline/contracts/grpc';
import { checkJson } from '../http/json-body.ts';
import type { Passed } from '../http/route.ts';
import type { RegistryClient } from '../registry-client.ts';
import { settingsOf, webhookBody } from '../routes/webhook-body.ts';

/** A webhook from the fields of REST; its secret may be as short as other systems' are. */
export function createForeign(registry: RegistryClient, fields: object, passed: Passed): Promise<WebhookMessage> {
  const settings = { ...settingsOf(checkJson(fields, webhookBody)), shortSecret: true };
  return registry.createWebhook({ settings }, passed);
}

/** Without members that are undefined: a patch would remove what they name. */
export function given(members: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}
