// Original file: proto/hookline/v1/registry.proto


export interface CountWebhooksRequest {
  'eventType'?: (string);
}

export interface CountWebhooksRequest__Output {
  'eventType': (string);
}
