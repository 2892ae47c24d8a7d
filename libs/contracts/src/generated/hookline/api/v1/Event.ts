// Original file: proto/hookline/api/v1/webhooks.proto


export interface Event {
  'eventId'?: (string);
  'eventType'?: (string);
  'source'?: (string);
  'time'?: (string);
  'acceptedAt'?: (string);
}

export interface Event__Output {
  'eventId': (string);
  'eventType': (string);
  'source': (string);
  'time': (string);
  'acceptedAt': (string);
}
