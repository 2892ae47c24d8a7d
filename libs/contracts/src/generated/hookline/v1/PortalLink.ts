// Original file: proto/hookline/v1/access.proto


export interface PortalLink {
  'id'?: (string);
  'tenant'?: (string);
  'code'?: (string);
  'expiresAt'?: (string);
}

export interface PortalLink__Output {
  'id': (string);
  'tenant': (string);
  'code': (string);
  'expiresAt': (string);
}
