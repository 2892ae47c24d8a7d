// Original file: proto/hookline/v1/access.proto


export interface ListQuotasRequest {
  'cursor'?: (string);
}

export interface ListQuotasRequest__Output {
  'cursor': (string);
}
