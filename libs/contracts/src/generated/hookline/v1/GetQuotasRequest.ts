// Original file: proto/hookline/v1/access.proto


export interface GetQuotasRequest {
  'tenant'?: (string);
}

export interface GetQuotasRequest__Output {
  'tenant': (string);
}
