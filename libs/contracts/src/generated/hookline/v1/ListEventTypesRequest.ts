// Original file: proto/hookline/v1/registry.proto


export interface ListEventTypesRequest {
  'limit'?: (number);
  'cursor'?: (string);
}

export interface ListEventTypesRequest__Output {
  'limit': (number);
  'cursor': (string);
}
