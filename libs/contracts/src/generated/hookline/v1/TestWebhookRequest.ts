// Original file: proto/hookline/v1/registry.proto


export interface TestWebhookRequest {
  'id'?: (string);
  'type'?: (string);
  'data'?: (string);
  '_data'?: "data";
}

export interface TestWebhookRequest__Output {
  'id': (string);
  'type': (string);
  'data'?: (string);
}
