// Original file: proto/hookline/v1/access.proto


export interface ListApiKeysRequest {
  'limit'?: (number);
  'cursor'?: (string);
  'createdBy'?: (string);
  '_createdBy'?: "createdBy";
}

export interface ListApiKeysRequest__Output {
  'limit': (number);
  'cursor': (string);
  'createdBy'?: (string);
}
