// Original file: proto/hookline/api/v1/webhooks.proto

import type { Webhook as _hookline_api_v1_Webhook, Webhook__Output as _hookline_api_v1_Webhook__Output } from '../../../hookline/api/v1/Webhook.ts';
import type { Event as _hookline_api_v1_Event, Event__Output as _hookline_api_v1_Event__Output } from '../../../hookline/api/v1/Event.ts';
import type { Delivery as _hookline_api_v1_Delivery, Delivery__Output as _hookline_api_v1_Delivery__Output } from '../../../hookline/api/v1/Delivery.ts';

export interface GetWebhookStatusResponse {
  'webhook'?: (_hookline_api_v1_Webhook | null);
  'event'?: (_hookline_api_v1_Event | null);
  'deliveries'?: (_hookline_api_v1_Delivery)[];
  'complete'?: (boolean);
}

export interface GetWebhookStatusResponse__Output {
  'webhook': (_hookline_api_v1_Webhook__Output | null);
  'event': (_hookline_api_v1_Event__Output | null);
  'deliveries': (_hookline_api_v1_Delivery__Output)[];
  'complete': (boolean);
}
