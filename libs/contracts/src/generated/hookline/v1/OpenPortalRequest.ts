// Original file: proto/hookline/v1/access.proto


export interface OpenPortalRequest {
  'code'?: (string);
}

export interface OpenPortalRequest__Output {
  'code': (string);
}
