// Original file: proto/hookline/v1/access.proto


export interface DeleteApiKeysMadeByResponse {
  'deleted'?: (number);
}

export interface DeleteApiKeysMadeByResponse__Output {
  'deleted': (number);
}
