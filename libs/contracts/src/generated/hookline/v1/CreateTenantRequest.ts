// Original file: proto/hookline/v1/access.proto


export interface CreateTenantRequest {
  'id'?: (string);
}

export interface CreateTenantRequest__Output {
  'id': (string);
}
