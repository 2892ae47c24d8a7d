// Original file: proto/hookline/v1/registry.proto


export interface WebhookSettings {
  'url'?: (string);
  'eventTypes'?: (string)[];
  'headers'?: ({[key: string]: string});
  'policy'?: (string);
  'description'?: (string);
  'status'?: (string);
  'secret'?: (string);
  '_policy'?: "policy";
  '_description'?: "description";
  '_status'?: "status";
  '_secret'?: "secret";
}

export interface WebhookSettings__Output {
  'url': (string);
  'eventTypes': (string)[];
  'headers': ({[key: string]: string});
  'policy'?: (string);
  'description'?: (string);
  'status'?: (string);
  'secret'?: (string);
}
