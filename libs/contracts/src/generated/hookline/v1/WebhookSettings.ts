// Original file: /work/main/proto/hookline/v1/registry.proto


export interface WebhookSettings {
  'url'?: (string);
  'eventTypes'?: (string)[];
  'headers'?: ({[key: string]: string});
  'policy'?: (string);
  'description'?: (string);
  'status'?: (string);
  'secret'?: (string);
}

export interface WebhookSettings__Output {
  'url': (string);
  'eventTypes': (string)[];
  'headers': ({[key: string]: string});
  'policy': (string);
  'description': (string);
  'status': (string);
  'secret': (string);
}
