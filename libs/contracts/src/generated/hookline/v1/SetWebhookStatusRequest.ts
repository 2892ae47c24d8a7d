// Original file: proto/hookline/v1/registry.proto

import type { Long } from '@grpc/proto-loader';

// Original file: proto/hookline/v1/registry.proto

export const _hookline_v1_SetWebhookStatusRequest_Action = {
  ENABLE: 'ENABLE',
  DISABLE: 'DISABLE',
  PAUSE: 'PAUSE',
  RESUME: 'RESUME',
} as const;

export type _hookline_v1_SetWebhookStatusRequest_Action =
  | 'ENABLE'
  | 0
  | 'DISABLE'
  | 1
  | 'PAUSE'
  | 2
  | 'RESUME'
  | 3

export type _hookline_v1_SetWebhookStatusRequest_Action__Output = typeof _hookline_v1_SetWebhookStatusRequest_Action[keyof typeof _hookline_v1_SetWebhookStatusRequest_Action]

export interface SetWebhookStatusRequest {
  'id'?: (string);
  'action'?: (_hookline_v1_SetWebhookStatusRequest_Action);
  'ifRevision'?: (number | string | Long)[];
}

export interface SetWebhookStatusRequest__Output {
  'id': (string);
  'action': (_hookline_v1_SetWebhookStatusRequest_Action__Output);
  'ifRevision': (number)[];
}
