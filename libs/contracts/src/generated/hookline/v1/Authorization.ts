// Original file: proto/hookline/v1/registry.proto


export interface _hookline_v1_Authorization_Basic {
  'username'?: (string);
  'password'?: (string);
}

export interface _hookline_v1_Authorization_Basic__Output {
  'username': (string);
  'password': (string);
}

export interface _hookline_v1_Authorization_Bearer {
  'token'?: (string);
}

export interface _hookline_v1_Authorization_Bearer__Output {
  'token': (string);
}

export interface _hookline_v1_Authorization_OAuth2 {
  'tokenUrl'?: (string);
  'clientId'?: (string);
  'clientSecret'?: (string);
  'scope'?: (string);
}

export interface _hookline_v1_Authorization_OAuth2__Output {
  'tokenUrl': (string);
  'clientId': (string);
  'clientSecret': (string);
  'scope': (string);
}

export interface Authorization {
  'basic'?: (_hookline_v1_Authorization_Basic | null);
  'bearer'?: (_hookline_v1_Authorization_Bearer | null);
  'oauth2'?: (_hookline_v1_Authorization_OAuth2 | null);
  'kind'?: "basic"|"bearer"|"oauth2";
}

export interface Authorization__Output {
  'basic'?: (_hookline_v1_Authorization_Basic__Output | null);
  'bearer'?: (_hookline_v1_Authorization_Bearer__Output | null);
  'oauth2'?: (_hookline_v1_Authorization_OAuth2__Output | null);
}
