// Original file: proto/hookline/api/v1/webhooks.proto


export interface Webhook {
  'webhookId'?: (string);
  'url'?: (string);
  'eventTypes'?: (string)[];
  'headers'?: ({[key: string]: string});
  'timeoutSeconds'?: (number);
  'description'?: (string);
  'status'?: (string);
  'disabledReason'?: (string);
  'createdAt'?: (string);
}

export interface Webhook__Output {
  'webhookId': (string);
  'url': (string);
  'eventTypes': (string)[];
  'headers': ({[key: string]: string});
  'timeoutSeconds': (number);
  'description': (string);
  'status': (string);
  'disabledReason': (string);
  'createdAt': (string);
}
