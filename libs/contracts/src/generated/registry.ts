import type * as grpc from '@grpc/grpc-js';
import type { MessageTypeDefinition } from '@grpc/proto-loader';

import type { Authorization as _hookline_v1_Authorization, Authorization__Output as _hookline_v1_Authorization__Output } from './hookline/v1/Authorization.ts';
import type { ChangePasswordRequest as _hookline_v1_ChangePasswordRequest, ChangePasswordRequest__Output as _hookline_v1_ChangePasswordRequest__Output } from './hookline/v1/ChangePasswordRequest.ts';
import type { ChangePasswordResponse as _hookline_v1_ChangePasswordResponse, ChangePasswordResponse__Output as _hookline_v1_ChangePasswordResponse__Output } from './hookline/v1/ChangePasswordResponse.ts';
import type { ClientCertificate as _hookline_v1_ClientCertificate, ClientCertificate__Output as _hookline_v1_ClientCertificate__Output } from './hookline/v1/ClientCertificate.ts';
import type { CountWebhooksRequest as _hookline_v1_CountWebhooksRequest, CountWebhooksRequest__Output as _hookline_v1_CountWebhooksRequest__Output } from './hookline/v1/CountWebhooksRequest.ts';
import type { CountWebhooksResponse as _hookline_v1_CountWebhooksResponse, CountWebhooksResponse__Output as _hookline_v1_CountWebhooksResponse__Output } from './hookline/v1/CountWebhooksResponse.ts';
import type { CreateWebhookRequest as _hookline_v1_CreateWebhookRequest, CreateWebhookRequest__Output as _hookline_v1_CreateWebhookRequest__Output } from './hookline/v1/CreateWebhookRequest.ts';
import type { DeleteEventTypeRequest as _hookline_v1_DeleteEventTypeRequest, DeleteEventTypeRequest__Output as _hookline_v1_DeleteEventTypeRequest__Output } from './hookline/v1/DeleteEventTypeRequest.ts';
import type { DeleteEventTypeResponse as _hookline_v1_DeleteEventTypeResponse, DeleteEventTypeResponse__Output as _hookline_v1_DeleteEventTypeResponse__Output } from './hookline/v1/DeleteEventTypeResponse.ts';
import type { DeleteWebhookRequest as _hookline_v1_DeleteWebhookRequest, DeleteWebhookRequest__Output as _hookline_v1_DeleteWebhookRequest__Output } from './hookline/v1/DeleteWebhookRequest.ts';
import type { DeleteWebhookResponse as _hookline_v1_DeleteWebhookResponse, DeleteWebhookResponse__Output as _hookline_v1_DeleteWebhookResponse__Output } from './hookline/v1/DeleteWebhookResponse.ts';
import type { Delivery as _hookline_v1_Delivery, Delivery__Output as _hookline_v1_Delivery__Output } from './hookline/v1/Delivery.ts';
import type { EventType as _hookline_v1_EventType, EventType__Output as _hookline_v1_EventType__Output } from './hookline/v1/EventType.ts';
import type { GetEventTypeRequest as _hookline_v1_GetEventTypeRequest, GetEventTypeRequest__Output as _hookline_v1_GetEventTypeRequest__Output } from './hookline/v1/GetEventTypeRequest.ts';
import type { GetWebhookRequest as _hookline_v1_GetWebhookRequest, GetWebhookRequest__Output as _hookline_v1_GetWebhookRequest__Output } from './hookline/v1/GetWebhookRequest.ts';
import type { ListEventTypesRequest as _hookline_v1_ListEventTypesRequest, ListEventTypesRequest__Output as _hookline_v1_ListEventTypesRequest__Output } from './hookline/v1/ListEventTypesRequest.ts';
import type { ListEventTypesResponse as _hookline_v1_ListEventTypesResponse, ListEventTypesResponse__Output as _hookline_v1_ListEventTypesResponse__Output } from './hookline/v1/ListEventTypesResponse.ts';
import type { ListWebhooksRequest as _hookline_v1_ListWebhooksRequest, ListWebhooksRequest__Output as _hookline_v1_ListWebhooksRequest__Output } from './hookline/v1/ListWebhooksRequest.ts';
import type { ListWebhooksResponse as _hookline_v1_ListWebhooksResponse, ListWebhooksResponse__Output as _hookline_v1_ListWebhooksResponse__Output } from './hookline/v1/ListWebhooksResponse.ts';
import type { LogInRequest as _hookline_v1_LogInRequest, LogInRequest__Output as _hookline_v1_LogInRequest__Output } from './hookline/v1/LogInRequest.ts';
import type { LogInResponse as _hookline_v1_LogInResponse, LogInResponse__Output as _hookline_v1_LogInResponse__Output } from './hookline/v1/LogInResponse.ts';
import type { PublicKeys as _hookline_v1_PublicKeys, PublicKeys__Output as _hookline_v1_PublicKeys__Output } from './hookline/v1/PublicKeys.ts';
import type { PutEventTypeRequest as _hookline_v1_PutEventTypeRequest, PutEventTypeRequest__Output as _hookline_v1_PutEventTypeRequest__Output } from './hookline/v1/PutEventTypeRequest.ts';
import type { RateLimit as _hookline_v1_RateLimit, RateLimit__Output as _hookline_v1_RateLimit__Output } from './hookline/v1/RateLimit.ts';
import type { RegistryClient as _hookline_v1_RegistryClient, RegistryDefinition as _hookline_v1_RegistryDefinition } from './hookline/v1/Registry.ts';
import type { ReplaceWebhookRequest as _hookline_v1_ReplaceWebhookRequest, ReplaceWebhookRequest__Output as _hookline_v1_ReplaceWebhookRequest__Output } from './hookline/v1/ReplaceWebhookRequest.ts';
import type { RotateWebhookSecretRequest as _hookline_v1_RotateWebhookSecretRequest, RotateWebhookSecretRequest__Output as _hookline_v1_RotateWebhookSecretRequest__Output } from './hookline/v1/RotateWebhookSecretRequest.ts';
import type { SetWebhookStatusRequest as _hookline_v1_SetWebhookStatusRequest, SetWebhookStatusRequest__Output as _hookline_v1_SetWebhookStatusRequest__Output } from './hookline/v1/SetWebhookStatusRequest.ts';
import type { TestWebhookRequest as _hookline_v1_TestWebhookRequest, TestWebhookRequest__Output as _hookline_v1_TestWebhookRequest__Output } from './hookline/v1/TestWebhookRequest.ts';
import type { TestWebhookResponse as _hookline_v1_TestWebhookResponse, TestWebhookResponse__Output as _hookline_v1_TestWebhookResponse__Output } from './hookline/v1/TestWebhookResponse.ts';
import type { VerifyInboundRequest as _hookline_v1_VerifyInboundRequest, VerifyInboundRequest__Output as _hookline_v1_VerifyInboundRequest__Output } from './hookline/v1/VerifyInboundRequest.ts';
import type { VerifyInboundResponse as _hookline_v1_VerifyInboundResponse, VerifyInboundResponse__Output as _hookline_v1_VerifyInboundResponse__Output } from './hookline/v1/VerifyInboundResponse.ts';
import type { Webhook as _hookline_v1_Webhook, Webhook__Output as _hookline_v1_Webhook__Output } from './hookline/v1/Webhook.ts';
import type { WebhookSecrets as _hookline_v1_WebhookSecrets, WebhookSecrets__Output as _hookline_v1_WebhookSecrets__Output } from './hookline/v1/WebhookSecrets.ts';
import type { WebhookSettings as _hookline_v1_WebhookSettings, WebhookSettings__Output as _hookline_v1_WebhookSettings__Output } from './hookline/v1/WebhookSettings.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  hookline: {
    v1: {
      Authorization: MessageTypeDefinition<_hookline_v1_Authorization, _hookline_v1_Authorization__Output>
      ChangePasswordRequest: MessageTypeDefinition<_hookline_v1_ChangePasswordRequest, _hookline_v1_ChangePasswordRequest__Output>
      ChangePasswordResponse: MessageTypeDefinition<_hookline_v1_ChangePasswordResponse, _hookline_v1_ChangePasswordResponse__Output>
      ClientCertificate: MessageTypeDefinition<_hookline_v1_ClientCertificate, _hookline_v1_ClientCertificate__Output>
      CountWebhooksRequest: MessageTypeDefinition<_hookline_v1_CountWebhooksRequest, _hookline_v1_CountWebhooksRequest__Output>
      CountWebhooksResponse: MessageTypeDefinition<_hookline_v1_CountWebhooksResponse, _hookline_v1_CountWebhooksResponse__Output>
      CreateWebhookRequest: MessageTypeDefinition<_hookline_v1_CreateWebhookRequest, _hookline_v1_CreateWebhookRequest__Output>
      DeleteEventTypeRequest: MessageTypeDefinition<_hookline_v1_DeleteEventTypeRequest, _hookline_v1_DeleteEventTypeRequest__Output>
      DeleteEventTypeResponse: MessageTypeDefinition<_hookline_v1_DeleteEventTypeResponse, _hookline_v1_DeleteEventTypeResponse__Output>
      DeleteWebhookRequest: MessageTypeDefinition<_hookline_v1_DeleteWebhookRequest, _hookline_v1_DeleteWebhookRequest__Output>
      DeleteWebhookResponse: MessageTypeDefinition<_hookline_v1_DeleteWebhookResponse, _hookline_v1_DeleteWebhookResponse__Output>
      Delivery: MessageTypeDefinition<_hookline_v1_Delivery, _hookline_v1_Delivery__Output>
      EventType: MessageTypeDefinition<_hookline_v1_EventType, _hookline_v1_EventType__Output>
      GetEventTypeRequest: MessageTypeDefinition<_hookline_v1_GetEventTypeRequest, _hookline_v1_GetEventTypeRequest__Output>
      GetWebhookRequest: MessageTypeDefinition<_hookline_v1_GetWebhookRequest, _hookline_v1_GetWebhookRequest__Output>
      ListEventTypesRequest: MessageTypeDefinition<_hookline_v1_ListEventTypesRequest, _hookline_v1_ListEventTypesRequest__Output>
      ListEventTypesResponse: MessageTypeDefinition<_hookline_v1_ListEventTypesResponse, _hookline_v1_ListEventTypesResponse__Output>
      ListWebhooksRequest: MessageTypeDefinition<_hookline_v1_ListWebhooksRequest, _hookline_v1_ListWebhooksRequest__Output>
      ListWebhooksResponse: MessageTypeDefinition<_hookline_v1_ListWebhooksResponse, _hookline_v1_ListWebhooksResponse__Output>
      LogInRequest: MessageTypeDefinition<_hookline_v1_LogInRequest, _hookline_v1_LogInRequest__Output>
      LogInResponse: MessageTypeDefinition<_hookline_v1_LogInResponse, _hookline_v1_LogInResponse__Output>
      PublicKeys: MessageTypeDefinition<_hookline_v1_PublicKeys, _hookline_v1_PublicKeys__Output>
      PutEventTypeRequest: MessageTypeDefinition<_hookline_v1_PutEventTypeRequest, _hookline_v1_PutEventTypeRequest__Output>
      RateLimit: MessageTypeDefinition<_hookline_v1_RateLimit, _hookline_v1_RateLimit__Output>
      Registry: SubtypeConstructor<typeof grpc.Client, _hookline_v1_RegistryClient> & { service: _hookline_v1_RegistryDefinition }
      ReplaceWebhookRequest: MessageTypeDefinition<_hookline_v1_ReplaceWebhookRequest, _hookline_v1_ReplaceWebhookRequest__Output>
      RotateWebhookSecretRequest: MessageTypeDefinition<_hookline_v1_RotateWebhookSecretRequest, _hookline_v1_RotateWebhookSecretRequest__Output>
      SetWebhookStatusRequest: MessageTypeDefinition<_hookline_v1_SetWebhookStatusRequest, _hookline_v1_SetWebhookStatusRequest__Output>
      TestWebhookRequest: MessageTypeDefinition<_hookline_v1_TestWebhookRequest, _hookline_v1_TestWebhookRequest__Output>
      TestWebhookResponse: MessageTypeDefinition<_hookline_v1_TestWebhookResponse, _hookline_v1_TestWebhookResponse__Output>
      VerifyInboundRequest: MessageTypeDefinition<_hookline_v1_VerifyInboundRequest, _hookline_v1_VerifyInboundRequest__Output>
      VerifyInboundResponse: MessageTypeDefinition<_hookline_v1_VerifyInboundResponse, _hookline_v1_VerifyInboundResponse__Output>
      Webhook: MessageTypeDefinition<_hookline_v1_Webhook, _hookline_v1_Webhook__Output>
      WebhookSecrets: MessageTypeDefinition<_hookline_v1_WebhookSecrets, _hookline_v1_WebhookSecrets__Output>
      WebhookSettings: MessageTypeDefinition<_hookline_v1_WebhookSettings, _hookline_v1_WebhookSettings__Output>
    }
  }
}

