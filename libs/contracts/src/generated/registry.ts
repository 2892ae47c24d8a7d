import type * as grpc from '@grpc/grpc-js';
import type { MessageTypeDefinition } from '@grpc/proto-loader';

import type { ChangePasswordRequest as _hookline_v1_ChangePasswordRequest, ChangePasswordRequest__Output as _hookline_v1_ChangePasswordRequest__Output } from './hookline/v1/ChangePasswordRequest.ts';
import type { ChangePasswordResponse as _hookline_v1_ChangePasswordResponse, ChangePasswordResponse__Output as _hookline_v1_ChangePasswordResponse__Output } from './hookline/v1/ChangePasswordResponse.ts';
import type { CreateWebhookRequest as _hookline_v1_CreateWebhookRequest, CreateWebhookRequest__Output as _hookline_v1_CreateWebhookRequest__Output } from './hookline/v1/CreateWebhookRequest.ts';
import type { DeleteWebhookRequest as _hookline_v1_DeleteWebhookRequest, DeleteWebhookRequest__Output as _hookline_v1_DeleteWebhookRequest__Output } from './hookline/v1/DeleteWebhookRequest.ts';
import type { DeleteWebhookResponse as _hookline_v1_DeleteWebhookResponse, DeleteWebhookResponse__Output as _hookline_v1_DeleteWebhookResponse__Output } from './hookline/v1/DeleteWebhookResponse.ts';
import type { GetWebhookRequest as _hookline_v1_GetWebhookRequest, GetWebhookRequest__Output as _hookline_v1_GetWebhookRequest__Output } from './hookline/v1/GetWebhookRequest.ts';
import type { ListWebhooksRequest as _hookline_v1_ListWebhooksRequest, ListWebhooksRequest__Output as _hookline_v1_ListWebhooksRequest__Output } from './hookline/v1/ListWebhooksRequest.ts';
import type { ListWebhooksResponse as _hookline_v1_ListWebhooksResponse, ListWebhooksResponse__Output as _hookline_v1_ListWebhooksResponse__Output } from './hookline/v1/ListWebhooksResponse.ts';
import type { LogInRequest as _hookline_v1_LogInRequest, LogInRequest__Output as _hookline_v1_LogInRequest__Output } from './hookline/v1/LogInRequest.ts';
import type { LogInResponse as _hookline_v1_LogInResponse, LogInResponse__Output as _hookline_v1_LogInResponse__Output } from './hookline/v1/LogInResponse.ts';
import type { RegistryClient as _hookline_v1_RegistryClient, RegistryDefinition as _hookline_v1_RegistryDefinition } from './hookline/v1/Registry.ts';
import type { ReplaceWebhookRequest as _hookline_v1_ReplaceWebhookRequest, ReplaceWebhookRequest__Output as _hookline_v1_ReplaceWebhookRequest__Output } from './hookline/v1/ReplaceWebhookRequest.ts';
import type { Webhook as _hookline_v1_Webhook, Webhook__Output as _hookline_v1_Webhook__Output } from './hookline/v1/Webhook.ts';
import type { WebhookSettings as _hookline_v1_WebhookSettings, WebhookSettings__Output as _hookline_v1_WebhookSettings__Output } from './hookline/v1/WebhookSettings.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  hookline: {
    v1: {
      ChangePasswordRequest: MessageTypeDefinition<_hookline_v1_ChangePasswordRequest, _hookline_v1_ChangePasswordRequest__Output>
      ChangePasswordResponse: MessageTypeDefinition<_hookline_v1_ChangePasswordResponse, _hookline_v1_ChangePasswordResponse__Output>
      CreateWebhookRequest: MessageTypeDefinition<_hookline_v1_CreateWebhookRequest, _hookline_v1_CreateWebhookRequest__Output>
      DeleteWebhookRequest: MessageTypeDefinition<_hookline_v1_DeleteWebhookRequest, _hookline_v1_DeleteWebhookRequest__Output>
      DeleteWebhookResponse: MessageTypeDefinition<_hookline_v1_DeleteWebhookResponse, _hookline_v1_DeleteWebhookResponse__Output>
      GetWebhookRequest: MessageTypeDefinition<_hookline_v1_GetWebhookRequest, _hookline_v1_GetWebhookRequest__Output>
      ListWebhooksRequest: MessageTypeDefinition<_hookline_v1_ListWebhooksRequest, _hookline_v1_ListWebhooksRequest__Output>
      ListWebhooksResponse: MessageTypeDefinition<_hookline_v1_ListWebhooksResponse, _hookline_v1_ListWebhooksResponse__Output>
      LogInRequest: MessageTypeDefinition<_hookline_v1_LogInRequest, _hookline_v1_LogInRequest__Output>
      LogInResponse: MessageTypeDefinition<_hookline_v1_LogInResponse, _hookline_v1_LogInResponse__Output>
      Registry: SubtypeConstructor<typeof grpc.Client, _hookline_v1_RegistryClient> & { service: _hookline_v1_RegistryDefinition }
      ReplaceWebhookRequest: MessageTypeDefinition<_hookline_v1_ReplaceWebhookRequest, _hookline_v1_ReplaceWebhookRequest__Output>
      Webhook: MessageTypeDefinition<_hookline_v1_Webhook, _hookline_v1_Webhook__Output>
      WebhookSettings: MessageTypeDefinition<_hookline_v1_WebhookSettings, _hookline_v1_WebhookSettings__Output>
    }
  }
}

