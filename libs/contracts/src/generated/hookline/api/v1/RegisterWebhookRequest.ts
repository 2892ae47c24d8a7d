// Original file: proto/hookline/api/v1/webhooks.proto


export interface RegisterWebhookRequest {
  'namespace'?: (string);
  'event'?: (string);
  'url'?: (string);
  'headers'?: ({[key: string]: string});
  'timeoutSeconds'?: (number);
  'description'?: (string);
  'secret'?: (string);
}

export interface RegisterWebhookRequest__Output {
  'namespace': (string);
  'event': (string);
  'url': (string);
  'headers': ({[key: string]: string});
  'timeoutSeconds': (number);
  'description': (string);
  'secret': (string);
}
