// Original file: proto/hookline/v1/access.proto


export interface ListTenantsRequest {
  'limit'?: (number);
  'cursor'?: (string);
}

export interface ListTenantsRequest__Output {
  'limit': (number);
  'cursor': (string);
}
