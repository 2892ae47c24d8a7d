// Original file: proto/hookline/v1/access.proto


export interface PortalToken {
  'token'?: (string);
  'expiresIn'?: (number);
  'tenant'?: (string);
  'scopes'?: (string)[];
}

export interface PortalToken__Output {
  'token': (string);
  'expiresIn': (number);
  'tenant': (string);
  'scopes': (string)[];
}
