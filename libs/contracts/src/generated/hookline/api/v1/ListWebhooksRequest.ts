// Original file: proto/hookline/api/v1/webhooks.proto


export interface ListWebhooksRequest {
  'namespace'?: (string);
  'event'?: (string);
  'activeOnly'?: (boolean);
  'limit'?: (number);
  'cursor'?: (string);
}

export interface ListWebhooksRequest__Output {
  'namespace': (string);
  'event': (string);
  'activeOnly': (boolean);
  'limit': (number);
  'cursor': (string);
}
