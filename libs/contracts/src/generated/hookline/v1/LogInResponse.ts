// Original file: proto/hookline/v1/registry.proto


export interface LogInResponse {
  'token'?: (string);
  'expiresIn'?: (number);
  'refreshToken'?: (string);
  'refreshExpiresIn'?: (number);
}

export interface LogInResponse__Output {
  'token': (string);
  'expiresIn': (number);
  'refreshToken': (string);
  'refreshExpiresIn': (number);
}
