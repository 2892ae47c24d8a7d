// Original file: proto/hookline/api/v1/webhooks.proto


export interface DeliveryUpdate {
  'deliveryId'?: (string);
  'eventId'?: (string);
  'eventType'?: (string);
  'webhookId'?: (string);
  'state'?: (string);
  'reason'?: (string);
  'attemptNumber'?: (number);
  'trigger'?: (string);
  'outcome'?: (string);
  'responseCode'?: (number);
  'failure'?: (string);
  'durationMs'?: (number | string);
  'at'?: (string);
  'nextAttemptAt'?: (string);
}

export interface DeliveryUpdate__Output {
  'deliveryId': (string);
  'eventId': (string);
  'eventType': (string);
  'webhookId': (string);
  'state': (string);
  'reason': (string);
  'attemptNumber': (number);
  'trigger': (string);
  'outcome': (string);
  'responseCode': (number);
  'failure': (string);
  'durationMs': (number);
  'at': (string);
  'nextAttemptAt': (string);
}
