// Original file: proto/hookline/v1/registry.proto


export interface ListWebhooksRequest {
  'limit'?: (number);
  'cursor'?: (string);
  'eventType'?: (string);
  'patternPrefix'?: (string);
  'activeOnly'?: (boolean);
}

export interface ListWebhooksRequest__Output {
  'limit': (number);
  'cursor': (string);
  'eventType': (string);
  'patternPrefix': (string);
  'activeOnly': (boolean);
}
