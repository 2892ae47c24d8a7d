// Original file: proto/hookline/v1/access.proto


export interface ListUsersRequest {
  'limit'?: (number);
  'cursor'?: (string);
  'tenant'?: (string);
}

export interface ListUsersRequest__Output {
  'limit': (number);
  'cursor': (string);
  'tenant': (string);
}
