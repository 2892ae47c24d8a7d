// Original file: proto/hookline/v1/access.proto

import type { Tenant as _hookline_v1_Tenant, Tenant__Output as _hookline_v1_Tenant__Output } from '../../hookline/v1/Tenant.ts';

export interface ListTenantsResponse {
  'tenants'?: (_hookline_v1_Tenant)[];
  'nextCursor'?: (string);
}

export interface ListTenantsResponse__Output {
  'tenants': (_hookline_v1_Tenant__Output)[];
  'nextCursor': (string);
}
