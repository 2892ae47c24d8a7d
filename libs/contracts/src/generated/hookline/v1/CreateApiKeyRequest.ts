// Original file: proto/hookline/v1/access.proto


export interface CreateApiKeyRequest {
  'name'?: (string);
  'scopes'?: (string)[];
  'expiresAt'?: (string);
  'rateLimit'?: (number);
}

export interface CreateApiKeyRequest__Output {
  'name': (string);
  'scopes': (string)[];
  'expiresAt': (string);
  'rateLimit': (number);
}
