// Original file: proto/hookline/v1/registry.proto


export interface _hookline_v1_WebhookSecrets_Secret {
  'text'?: (string);
  'expiresAt'?: (string);
}

export interface _hookline_v1_WebhookSecrets_Secret__Output {
  'text': (string);
  'expiresAt': (string);
}

export interface WebhookSecrets {
  'secrets'?: (_hookline_v1_WebhookSecrets_Secret)[];
  'signingKeys'?: (_hookline_v1_WebhookSecrets_Secret)[];
}

export interface WebhookSecrets__Output {
  'secrets': (_hookline_v1_WebhookSecrets_Secret__Output)[];
  'signingKeys': (_hookline_v1_WebhookSecrets_Secret__Output)[];
}
