// Original file: proto/hookline/v1/access.proto

import type { Quotas as _hookline_v1_Quotas, Quotas__Output as _hookline_v1_Quotas__Output } from '../../hookline/v1/Quotas.ts';

export interface _hookline_v1_ListQuotasResponse_Change {
  'tenant'?: (string);
  'overrides'?: (_hookline_v1_Quotas | null);
}

export interface _hookline_v1_ListQuotasResponse_Change__Output {
  'tenant': (string);
  'overrides': (_hookline_v1_Quotas__Output | null);
}

export interface ListQuotasResponse {
  'changes'?: (_hookline_v1_ListQuotasResponse_Change)[];
  'cursor'?: (string);
  'more'?: (boolean);
  'fromStart'?: (boolean);
}

export interface ListQuotasResponse__Output {
  'changes': (_hookline_v1_ListQuotasResponse_Change__Output)[];
  'cursor': (string);
  'more': (boolean);
  'fromStart': (boolean);
}
