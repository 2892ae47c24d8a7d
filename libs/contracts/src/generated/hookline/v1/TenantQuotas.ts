// Original file: proto/hookline/v1/access.proto

import type { Quotas as _hookline_v1_Quotas, Quotas__Output as _hookline_v1_Quotas__Output } from '../../hookline/v1/Quotas.ts';

export interface TenantQuotas {
  'tenant'?: (string);
  'overrides'?: (_hookline_v1_Quotas | null);
  'inForce'?: (_hookline_v1_Quotas | null);
  'webhooks'?: (number);
}

export interface TenantQuotas__Output {
  'tenant': (string);
  'overrides': (_hookline_v1_Quotas__Output | null);
  'inForce': (_hookline_v1_Quotas__Output | null);
  'webhooks': (number);
}
