// Original file: proto/hookline/v1/registry.proto


export interface CountWebhooksResponse {
  'count'?: (number);
}

export interface CountWebhooksResponse__Output {
  'count': (number);
}
