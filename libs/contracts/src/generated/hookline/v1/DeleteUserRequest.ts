// Original file: proto/hookline/v1/access.proto


export interface DeleteUserRequest {
  'id'?: (string);
  'withApiKeys'?: (boolean);
}

export interface DeleteUserRequest__Output {
  'id': (string);
  'withApiKeys': (boolean);
}
