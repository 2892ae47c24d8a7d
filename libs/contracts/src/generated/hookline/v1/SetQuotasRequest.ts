// Original file: proto/hookline/v1/access.proto

import type { Quotas as _hookline_v1_Quotas, Quotas__Output as _hookline_v1_Quotas__Output } from '../../hookline/v1/Quotas.ts';

export interface SetQuotasRequest {
  'tenant'?: (string);
  'quotas'?: (_hookline_v1_Quotas | null);
}

export interface SetQuotasRequest__Output {
  'tenant': (string);
  'quotas': (_hookline_v1_Quotas__Output | null);
}
