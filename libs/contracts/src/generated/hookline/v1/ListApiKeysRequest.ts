// Original file: proto/hookline/v1/access.proto


export interface ListApiKeysRequest {
  'limit'?: (number);
  'cursor'?: (string);
}

export interface ListApiKeysRequest__Output {
  'limit': (number);
  'cursor': (string);
}
