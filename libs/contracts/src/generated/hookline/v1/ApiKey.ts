// Original file: proto/hookline/v1/access.proto


export interface _hookline_v1_ApiKey_Secret {
  'ending'?: (string);
  'createdAt'?: (string);
  'expiresAt'?: (string);
}

export interface _hookline_v1_ApiKey_Secret__Output {
  'ending': (string);
  'createdAt': (string);
  'expiresAt': (string);
}

export interface ApiKey {
  'id'?: (string);
  'name'?: (string);
  'scopes'?: (string)[];
  'createdBy'?: (string);
  'createdAt'?: (string);
  'expiresAt'?: (string);
  'lastUsedAt'?: (string);
  'secrets'?: (_hookline_v1_ApiKey_Secret)[];
  'key'?: (string);
  'rateLimit'?: (number);
}

export interface ApiKey__Output {
  'id': (string);
  'name': (string);
  'scopes': (string)[];
  'createdBy': (string);
  'createdAt': (string);
  'expiresAt': (string);
  'lastUsedAt': (string);
  'secrets': (_hookline_v1_ApiKey_Secret__Output)[];
  'key': (string);
  'rateLimit': (number);
}
