// Original file: proto/hookline/v1/registry.proto

import type { Long } from '@grpc/proto-loader';

export interface DeleteWebhookRequest {
  'id'?: (string);
  'ifRevision'?: (number | string | Long)[];
}

export interface DeleteWebhookRequest__Output {
  'id': (string);
  'ifRevision': (number)[];
}
