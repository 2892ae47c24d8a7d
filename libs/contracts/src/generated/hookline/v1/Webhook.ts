// Original file: proto/hookline/v1/registry.proto


export interface Webhook {
  'id'?: (string);
  'url'?: (string);
  'eventTypes'?: (string)[];
  'headers'?: ({[key: string]: string});
  'policy'?: (string);
  'description'?: (string);
  'status'?: (string);
  'disabledReason'?: (string);
  'createdAt'?: (string);
  'updatedAt'?: (string);
  'secret'?: (string);
}

export interface Webhook__Output {
  'id': (string);
  'url': (string);
  'eventTypes': (string)[];
  'headers': ({[key: string]: string});
  'policy': (string);
  'description': (string);
  'status': (string);
  'disabledReason': (string);
  'createdAt': (string);
  'updatedAt': (string);
  'secret': (string);
}
