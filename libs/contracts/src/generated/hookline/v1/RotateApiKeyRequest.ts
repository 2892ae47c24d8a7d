// Original file: proto/hookline/v1/access.proto

import type { Long } from '@grpc/proto-loader';

export interface RotateApiKeyRequest {
  'id'?: (string);
  'overlapMs'?: (number | string | Long);
  '_overlapMs'?: "overlapMs";
}

export interface RotateApiKeyRequest__Output {
  'id': (string);
  'overlapMs'?: (number);
}
