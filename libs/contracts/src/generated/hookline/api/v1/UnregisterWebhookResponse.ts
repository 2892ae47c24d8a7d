// Original file: proto/hookline/api/v1/webhooks.proto


export interface UnregisterWebhookResponse {
}

export interface UnregisterWebhookResponse__Output {
}
