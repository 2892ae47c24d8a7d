// Original file: proto/hookline/api/v1/webhooks.proto


export interface PushEventResponse {
  'eventId'?: (string);
  'acceptedAt'?: (string);
  'duplicate'?: (boolean);
  'webhooksTriggered'?: (number);
  '_webhooksTriggered'?: "webhooksTriggered";
}

export interface PushEventResponse__Output {
  'eventId': (string);
  'acceptedAt': (string);
  'duplicate': (boolean);
  'webhooksTriggered'?: (number);
}
