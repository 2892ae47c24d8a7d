// Original file: proto/hookline/v1/access.proto


export interface ClientToken {
  'token'?: (string);
  'expiresIn'?: (number);
  'scope'?: (string);
}

export interface ClientToken__Output {
  'token': (string);
  'expiresIn': (number);
  'scope': (string);
}
