// Original file: proto/hookline/v1/access.proto

import type { ApiKey as _hookline_v1_ApiKey, ApiKey__Output as _hookline_v1_ApiKey__Output } from '../../hookline/v1/ApiKey.ts';

export interface ListApiKeysResponse {
  'apiKeys'?: (_hookline_v1_ApiKey)[];
  'nextCursor'?: (string);
}

export interface ListApiKeysResponse__Output {
  'apiKeys': (_hookline_v1_ApiKey__Output)[];
  'nextCursor': (string);
}
