// Original file: proto/hookline/v1/access.proto


export interface DeleteApiKeysMadeByRequest {
  'subject'?: (string);
}

export interface DeleteApiKeysMadeByRequest__Output {
  'subject': (string);
}
