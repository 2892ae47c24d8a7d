// Original file: proto/hookline/v1/access.proto


export interface Session {
  'token'?: (string);
  'expiresIn'?: (number);
  'refreshToken'?: (string);
  'refreshExpiresIn'?: (number);
}

export interface Session__Output {
  'token': (string);
  'expiresIn': (number);
  'refreshToken': (string);
  'refreshExpiresIn': (number);
}
