// Original file: proto/hookline/v1/registry.proto


export interface LogInResponse {
  'token'?: (string);
  'expiresIn'?: (number);
}

export interface LogInResponse__Output {
  'token': (string);
  'expiresIn': (number);
}
