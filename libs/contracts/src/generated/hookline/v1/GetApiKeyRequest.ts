// Original file: proto/hookline/v1/access.proto


export interface GetApiKeyRequest {
  'id'?: (string);
}

export interface GetApiKeyRequest__Output {
  'id': (string);
}
