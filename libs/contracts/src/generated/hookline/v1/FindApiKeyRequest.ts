// Original file: proto/hookline/v1/access.proto


export interface FindApiKeyRequest {
  'hash'?: (string);
}

export interface FindApiKeyRequest__Output {
  'hash': (string);
}
