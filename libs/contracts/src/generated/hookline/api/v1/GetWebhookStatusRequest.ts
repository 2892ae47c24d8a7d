// Original file: proto/hookline/api/v1/webhooks.proto


export interface GetWebhookStatusRequest {
  'webhookId'?: (string);
  'eventId'?: (string);
  'limit'?: (number);
  'of'?: "webhookId"|"eventId";
}

export interface GetWebhookStatusRequest__Output {
  'webhookId'?: (string);
  'eventId'?: (string);
  'limit': (number);
}
