// Original file: proto/hookline/v1/registry.proto


export interface LogInRequest {
  'username'?: (string);
  'password'?: (string);
}

export interface LogInRequest__Output {
  'username': (string);
  'password': (string);
}
