// Original file: proto/hookline/v1/access.proto


export interface CreateUserRequest {
  'tenant'?: (string);
  'username'?: (string);
  'password'?: (string);
  'scopes'?: (string)[];
}

export interface CreateUserRequest__Output {
  'tenant': (string);
  'username': (string);
  'password': (string);
  'scopes': (string)[];
}
