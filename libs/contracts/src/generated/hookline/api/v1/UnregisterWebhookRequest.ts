// Original file: proto/hookline/api/v1/webhooks.proto


export interface UnregisterWebhookRequest {
  'webhookId'?: (string);
}

export interface UnregisterWebhookRequest__Output {
  'webhookId': (string);
}
