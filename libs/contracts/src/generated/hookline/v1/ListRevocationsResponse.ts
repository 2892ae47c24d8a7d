// Original file: proto/hookline/v1/access.proto

import type { Long } from '@grpc/proto-loader';

export interface _hookline_v1_ListRevocationsResponse_Revocation {
  'credential'?: (string);
  'refusedUntilMs'?: (number | string | Long);
}

export interface _hookline_v1_ListRevocationsResponse_Revocation__Output {
  'credential': (string);
  'refusedUntilMs': (number);
}

export interface ListRevocationsResponse {
  'revocations'?: (_hookline_v1_ListRevocationsResponse_Revocation)[];
  'cursor'?: (string);
  'more'?: (boolean);
}

export interface ListRevocationsResponse__Output {
  'revocations': (_hookline_v1_ListRevocationsResponse_Revocation__Output)[];
  'cursor': (string);
  'more': (boolean);
}
