// Original file: proto/hookline/api/v1/webhooks.proto


export interface RegisterWebhookResponse {
  'webhookId'?: (string);
  'eventType'?: (string);
  'secret'?: (string);
  'createdAt'?: (string);
}

export interface RegisterWebhookResponse__Output {
  'webhookId': (string);
  'eventType': (string);
  'secret': (string);
  'createdAt': (string);
}
