// Original file: proto/hookline/v1/registry.proto

import type { WebhookSettings as _hookline_v1_WebhookSettings, WebhookSettings__Output as _hookline_v1_WebhookSettings__Output } from '../../hookline/v1/WebhookSettings.ts';
import type { Long } from '@grpc/proto-loader';

export interface ReplaceWebhookRequest {
  'id'?: (string);
  'settings'?: (_hookline_v1_WebhookSettings | null);
  'ifRevision'?: (number | string | Long)[];
}

export interface ReplaceWebhookRequest__Output {
  'id': (string);
  'settings': (_hookline_v1_WebhookSettings__Output | null);
  'ifRevision': (number)[];
}
