// Original file: proto/hookline/v1/access.proto


export interface ListRevocationsRequest {
  'cursor'?: (string);
}

export interface ListRevocationsRequest__Output {
  'cursor': (string);
}
