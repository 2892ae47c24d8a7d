// Original file: proto/hookline/api/v1/webhooks.proto


export interface PushEventRequest {
  'namespace'?: (string);
  'event'?: (string);
  'payload'?: (string);
  'ttlSeconds'?: (number);
  'id'?: (string);
  'source'?: (string);
  'subject'?: (string);
  'partitionKey'?: (string);
  'metadata'?: ({[key: string]: string});
}

export interface PushEventRequest__Output {
  'namespace': (string);
  'event': (string);
  'payload': (string);
  'ttlSeconds': (number);
  'id': (string);
  'source': (string);
  'subject': (string);
  'partitionKey': (string);
  'metadata': ({[key: string]: string});
}
