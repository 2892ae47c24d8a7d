// Original file: proto/hookline/v1/registry.proto

import type { Long } from '@grpc/proto-loader';

export interface DeleteEventTypeRequest {
  'name'?: (string);
  'ifVersion'?: (number | string | Long)[];
}

export interface DeleteEventTypeRequest__Output {
  'name': (string);
  'ifVersion': (number)[];
}
