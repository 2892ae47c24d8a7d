// Original file: proto/hookline/v1/access.proto

import type { Long } from '@grpc/proto-loader';

export interface FoundApiKey {
  'id'?: (string);
  'tenant'?: (string);
  'scopes'?: (string)[];
  'expiresAtMs'?: (number | string | Long);
  'rateLimit'?: (number);
}

export interface FoundApiKey__Output {
  'id': (string);
  'tenant': (string);
  'scopes': (string)[];
  'expiresAtMs': (number);
  'rateLimit': (number);
}
