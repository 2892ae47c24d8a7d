// Original file: proto/hookline/v1/registry.proto

import type { Long } from '@grpc/proto-loader';

export interface RateLimit {
  'limit'?: (number);
  'windowMs'?: (number | string | Long);
}

export interface RateLimit__Output {
  'limit': (number);
  'windowMs': (number);
}
