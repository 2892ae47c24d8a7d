// Original file: proto/hookline/api/v1/webhooks.proto

import type { Webhook as _hookline_api_v1_Webhook, Webhook__Output as _hookline_api_v1_Webhook__Output } from '../../../hookline/api/v1/Webhook.ts';

export interface ListWebhooksResponse {
  'webhooks'?: (_hookline_api_v1_Webhook)[];
  'nextCursor'?: (string);
}

export interface ListWebhooksResponse__Output {
  'webhooks': (_hookline_api_v1_Webhook__Output)[];
  'nextCursor': (string);
}
