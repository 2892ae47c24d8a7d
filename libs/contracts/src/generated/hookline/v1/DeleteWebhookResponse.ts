// Original file: proto/hookline/v1/registry.proto


export interface DeleteWebhookResponse {
}

export interface DeleteWebhookResponse__Output {
}
