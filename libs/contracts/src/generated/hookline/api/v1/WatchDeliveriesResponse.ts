// Original file: proto/hookline/api/v1/webhooks.proto

import type { DeliveryUpdate as _hookline_api_v1_DeliveryUpdate, DeliveryUpdate__Output as _hookline_api_v1_DeliveryUpdate__Output } from '../../../hookline/api/v1/DeliveryUpdate.ts';

export interface WatchDeliveriesResponse {
  'updates'?: (_hookline_api_v1_DeliveryUpdate)[];
  'cursor'?: (string);
  'gap'?: (boolean);
}

export interface WatchDeliveriesResponse__Output {
  'updates': (_hookline_api_v1_DeliveryUpdate__Output)[];
  'cursor': (string);
  'gap': (boolean);
}
