// Original file: proto/hookline/v1/registry.proto

import type { Webhook as _hookline_v1_Webhook, Webhook__Output as _hookline_v1_Webhook__Output } from '../../hookline/v1/Webhook.ts';

export interface ListWebhooksResponse {
  'webhooks'?: (_hookline_v1_Webhook)[];
  'nextCursor'?: (string);
}

export interface ListWebhooksResponse__Output {
  'webhooks': (_hookline_v1_Webhook__Output)[];
  'nextCursor': (string);
}
