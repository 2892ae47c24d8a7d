// Original file: proto/hookline/api/v1/webhooks.proto


export interface Delivery {
  'deliveryId'?: (string);
  'eventId'?: (string);
  'eventType'?: (string);
  'webhookId'?: (string);
  'state'?: (string);
  'reason'?: (string);
  'attemptCount'?: (number);
  'acceptedAt'?: (string);
  'firstAttemptAt'?: (string);
  'lastAttemptAt'?: (string);
  'nextAttemptAt'?: (string);
  'responseCode'?: (number);
  'failure'?: (string);
}

export interface Delivery__Output {
  'deliveryId': (string);
  'eventId': (string);
  'eventType': (string);
  'webhookId': (string);
  'state': (string);
  'reason': (string);
  'attemptCount': (number);
  'acceptedAt': (string);
  'firstAttemptAt': (string);
  'lastAttemptAt': (string);
  'nextAttemptAt': (string);
  'responseCode': (number);
  'failure': (string);
}
