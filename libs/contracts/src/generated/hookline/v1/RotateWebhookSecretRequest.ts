// Original file: proto/hookline/v1/registry.proto

import type { Long } from '@grpc/proto-loader';

// Original file: proto/hookline/v1/registry.proto

export const _hookline_v1_RotateWebhookSecretRequest_Kind = {
  SECRET: 'SECRET',
  SIGNING_KEY: 'SIGNING_KEY',
} as const;

export type _hookline_v1_RotateWebhookSecretRequest_Kind =
  | 'SECRET'
  | 0
  | 'SIGNING_KEY'
  | 1

export type _hookline_v1_RotateWebhookSecretRequest_Kind__Output = typeof _hookline_v1_RotateWebhookSecretRequest_Kind[keyof typeof _hookline_v1_RotateWebhookSecretRequest_Kind]

export interface RotateWebhookSecretRequest {
  'id'?: (string);
  'kind'?: (_hookline_v1_RotateWebhookSecretRequest_Kind);
  'overlapMs'?: (number | string | Long);
  'secret'?: (string);
  '_overlapMs'?: "overlapMs";
}

export interface RotateWebhookSecretRequest__Output {
  'id': (string);
  'kind': (_hookline_v1_RotateWebhookSecretRequest_Kind__Output);
  'overlapMs'?: (number);
  'secret': (string);
}
