// Original file: proto/hookline/v1/access.proto


export interface GetTenantRequest {
  'id'?: (string);
}

export interface GetTenantRequest__Output {
  'id': (string);
}
