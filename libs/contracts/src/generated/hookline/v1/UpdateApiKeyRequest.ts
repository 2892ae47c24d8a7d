// Original file: proto/hookline/v1/access.proto


export interface UpdateApiKeyRequest {
  'id'?: (string);
  'rateLimit'?: (number);
  '_rateLimit'?: "rateLimit";
}

export interface UpdateApiKeyRequest__Output {
  'id': (string);
  'rateLimit'?: (number);
}
