// Original file: proto/hookline/v1/registry.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { ChangePasswordRequest as _hookline_v1_ChangePasswordRequest, ChangePasswordRequest__Output as _hookline_v1_ChangePasswordRequest__Output } from '../../hookline/v1/ChangePasswordRequest.ts';
import type { ChangePasswordResponse as _hookline_v1_ChangePasswordResponse, ChangePasswordResponse__Output as _hookline_v1_ChangePasswordResponse__Output } from '../../hookline/v1/ChangePasswordResponse.ts';
import type { CreateWebhookRequest as _hookline_v1_CreateWebhookRequest, CreateWebhookRequest__Output as _hookline_v1_CreateWebhookRequest__Output } from '../../hookline/v1/CreateWebhookRequest.ts';
import type { DeleteWebhookRequest as _hookline_v1_DeleteWebhookRequest, DeleteWebhookRequest__Output as _hookline_v1_DeleteWebhookRequest__Output } from '../../hookline/v1/DeleteWebhookRequest.ts';
import type { DeleteWebhookResponse as _hookline_v1_DeleteWebhookResponse, DeleteWebhookResponse__Output as _hookline_v1_DeleteWebhookResponse__Output } from '../../hookline/v1/DeleteWebhookResponse.ts';
import type { GetWebhookRequest as _hookline_v1_GetWebhookRequest, GetWebhookRequest__Output as _hookline_v1_GetWebhookRequest__Output } from '../../hookline/v1/GetWebhookRequest.ts';
import type { ListWebhooksRequest as _hookline_v1_ListWebhooksRequest, ListWebhooksRequest__Output as _hookline_v1_ListWebhooksRequest__Output } from '../../hookline/v1/ListWebhooksRequest.ts';
import type { ListWebhooksResponse as _hookline_v1_ListWebhooksResponse, ListWebhooksResponse__Output as _hookline_v1_ListWebhooksResponse__Output } from '../../hookline/v1/ListWebhooksResponse.ts';
import type { LogInRequest as _hookline_v1_LogInRequest, LogInRequest__Output as _hookline_v1_LogInRequest__Output } from '../../hookline/v1/LogInRequest.ts';
import type { LogInResponse as _hookline_v1_LogInResponse, LogInResponse__Output as _hookline_v1_LogInResponse__Output } from '../../hookline/v1/LogInResponse.ts';
import type { PublicKeys as _hookline_v1_PublicKeys, PublicKeys__Output as _hookline_v1_PublicKeys__Output } from '../../hookline/v1/PublicKeys.ts';
import type { ReplaceWebhookRequest as _hookline_v1_ReplaceWebhookRequest, ReplaceWebhookRequest__Output as _hookline_v1_ReplaceWebhookRequest__Output } from '../../hookline/v1/ReplaceWebhookRequest.ts';
import type { RotateWebhookSecretRequest as _hookline_v1_RotateWebhookSecretRequest, RotateWebhookSecretRequest__Output as _hookline_v1_RotateWebhookSecretRequest__Output } from '../../hookline/v1/RotateWebhookSecretRequest.ts';
import type { SetWebhookStatusRequest as _hookline_v1_SetWebhookStatusRequest, SetWebhookStatusRequest__Output as _hookline_v1_SetWebhookStatusRequest__Output } from '../../hookline/v1/SetWebhookStatusRequest.ts';
import type { Webhook as _hookline_v1_Webhook, Webhook__Output as _hookline_v1_Webhook__Output } from '../../hookline/v1/Webhook.ts';
import type { WebhookSecrets as _hookline_v1_WebhookSecrets, WebhookSecrets__Output as _hookline_v1_WebhookSecrets__Output } from '../../hookline/v1/WebhookSecrets.ts';

export interface RegistryClient extends grpc.Client {
  ChangePassword(argument: _hookline_v1_ChangePasswordRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_ChangePasswordResponse__Output>): grpc.ClientUnaryCall;
  ChangePassword(argument: _hookline_v1_ChangePasswordRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_v1_ChangePasswordResponse__Output>): grpc.ClientUnaryCall;
  ChangePassword(argument: _hookline_v1_ChangePasswordRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_ChangePasswordResponse__Output>): grpc.ClientUnaryCall;
  ChangePassword(argument: _hookline_v1_ChangePasswordRequest, callback: grpc.requestCallback<_hookline_v1_ChangePasswordResponse__Output>): grpc.ClientUnaryCall;
  changePassword(argument: _hookline_v1_ChangePasswordRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_ChangePasswordResponse__Output>): grpc.ClientUnaryCall;
  changePassword(argument: _hookline_v1_ChangePasswordRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_v1_ChangePasswordResponse__Output>): grpc.ClientUnaryCall;
  changePassword(argument: _hookline_v1_ChangePasswordRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_ChangePasswordResponse__Output>): grpc.ClientUnaryCall;
  changePassword(argument: _hookline_v1_ChangePasswordRequest, callback: grpc.requestCallback<_hookline_v1_ChangePasswordResponse__Output>): grpc.ClientUnaryCall;
  
  CreateWebhook(argument: _hookline_v1_CreateWebhookRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_Webhook__Output>): grpc.ClientUnaryCall;
  CreateWebhook(argument: _hookline_v1_CreateWebhookRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_v1_Webhook__Output>): grpc.ClientUnaryCall;
  CreateWebhook(argument: _hookline_v1_CreateWebhookRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_Webhook__Output>): grpc.ClientUnaryCall;
  CreateWebhook(argument: _hookline_v1_CreateWebhookRequest, callback: grpc.requestCallback<_hookline_v1_Webhook__Output>): grpc.ClientUnaryCall;
  createWebhook(argument: _hookline_v1_CreateWebhookRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_Webhook__Output>): grpc.ClientUnaryCall;
  createWebhook(argument: _hookline_v1_CreateWebhookRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_v1_Webhook__Output>): grpc.ClientUnaryCall;
  createWebhook(argument: _hookline_v1_CreateWebhookRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_Webhook__Output>): grpc.ClientUnaryCall;
  createWebhook(argument: _hookline_v1_CreateWebhookRequest, callback: grpc.requestCallback<_hookline_v1_Webhook__Output>): grpc.ClientUnaryCall;
  
  DeleteWebhook(argument: _hookline_v1_DeleteWebhookRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_DeleteWebhookResponse__Output>): grpc.ClientUnaryCall;
  DeleteWebhook(argument: _hookline_v1_DeleteWebhookRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_v1_DeleteWebhookResponse__Output>): grpc.ClientUnaryCall;
  DeleteWebhook(argument: _hookline_v1_DeleteWebhookRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_DeleteWebhookResponse__Output>): grpc.ClientUnaryCall;
  DeleteWebhook(argument: _hookline_v1_DeleteWebhookRequest, callback: grpc.requestCallback<_hookline_v1_DeleteWebhookResponse__Output>): grpc.ClientUnaryCall;
  deleteWebhook(argument: _hookline_v1_DeleteWebhookRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_DeleteWebhookResponse__Output>): grpc.ClientUnaryCall;
  deleteWebhook(argument: _hookline_v1_DeleteWebhookRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_v1_DeleteWebhookResponse__Output>): grpc.ClientUnaryCall;
  deleteWebhook(argument: _hookline_v1_DeleteWebhookRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_DeleteWebhookResponse__Output>): grpc.ClientUnaryCall;
  deleteWebhook(argument: _hookline_v1_DeleteWebhookRequest, callback: grpc.requestCallback<_hookline_v1_DeleteWebhookResponse__Output>): grpc.ClientUnaryCall;
  
  GetPublicKeys(argument: _hookline_v1_GetWebhookRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_PublicKeys__Output>): grpc.ClientUnaryCall;
  GetPublicKeys(argument: _hookline_v1_GetWebhookRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_v1_PublicKeys__Output>): grpc.ClientUnaryCall;
  GetPublicKeys(argument: _hookline_v1_GetWebhookRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_PublicKeys__Output>): grpc.ClientUnaryCall;
  GetPublicKeys(argument: _hookline_v1_GetWebhookRequest, callback: grpc.requestCallback<_hookline_v1_PublicKeys__Output>): grpc.ClientUnaryCall;
  getPublicKeys(argument: _hookline_v1_GetWebhookRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_PublicKeys__Output>): grpc.ClientUnaryCall;
  getPublicKeys(argument: _hookline_v1_GetWebhookRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_v1_PublicKeys__Output>): grpc.ClientUnaryCall;
  getPublicKeys(argument: _hookline_v1_GetWebhookRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_PublicKeys__Output>): grpc.ClientUnaryCall;
  getPublicKeys(argument: _hookline_v1_GetWebhookRequest, callback: grpc.requestCallback<_hookline_v1_PublicKeys__Output>): grpc.ClientUnaryCall;
  
  GetWebhook(argument: _hookline_v1_GetWebhookRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_Webhook__Output>): grpc.ClientUnaryCall;
  GetWebhook(argument: _hookline_v1_GetWebhookRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_v1_Webhook__Output>): grpc.ClientUnaryCall;
  GetWebhook(argument: _hookline_v1_GetWebhookRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_Webhook__Output>): grpc.ClientUnaryCall;
  GetWebhook(argument: _hookline_v1_GetWebhookRequest, callback: grpc.requestCallback<_hookline_v1_Webhook__Output>): grpc.ClientUnaryCall;
  getWebhook(argument: _hookline_v1_GetWebhookRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_Webhook__Output>): grpc.ClientUnaryCall;
  getWebhook(argument: _hookline_v1_GetWebhookRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_v1_Webhook__Output>): grpc.ClientUnaryCall;
  getWebhook(argument: _hookline_v1_GetWebhookRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_Webhook__Output>): grpc.ClientUnaryCall;
  getWebhook(argument: _hookline_v1_GetWebhookRequest, callback: grpc.requestCallback<_hookline_v1_Webhook__Output>): grpc.ClientUnaryCall;
  
  GetWebhookSecrets(argument: _hookline_v1_GetWebhookRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_WebhookSecrets__Output>): grpc.ClientUnaryCall;
  GetWebhookSecrets(argument: _hookline_v1_GetWebhookRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_v1_WebhookSecrets__Output>): grpc.ClientUnaryCall;
  GetWebhookSecrets(argument: _hookline_v1_GetWebhookRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_WebhookSecrets__Output>): grpc.ClientUnaryCall;
  GetWebhookSecrets(argument: _hookline_v1_GetWebhookRequest, callback: grpc.requestCallback<_hookline_v1_WebhookSecrets__Output>): grpc.ClientUnaryCall;
  getWebhookSecrets(argument: _hookline_v1_GetWebhookRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_WebhookSecrets__Output>): grpc.ClientUnaryCall;
  getWebhookSecrets(argument: _hookline_v1_GetWebhookRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_v1_WebhookSecrets__Output>): grpc.ClientUnaryCall;
  getWebhookSecrets(argument: _hookline_v1_GetWebhookRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_WebhookSecrets__Output>): grpc.ClientUnaryCall;
  getWebhookSecrets(argument: _hookline_v1_GetWebhookRequest, callback: grpc.requestCallback<_hookline_v1_WebhookSecrets__Output>): grpc.ClientUnaryCall;
  
  ListWebhooks(argument: _hookline_v1_ListWebhooksRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_ListWebhooksResponse__Output>): grpc.ClientUnaryCall;
  ListWebhooks(argument: _hookline_v1_ListWebhooksRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_v1_ListWebhooksResponse__Output>): grpc.ClientUnaryCall;
  ListWebhooks(argument: _hookline_v1_ListWebhooksRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_ListWebhooksResponse__Output>): grpc.ClientUnaryCall;
  ListWebhooks(argument: _hookline_v1_ListWebhooksRequest, callback: grpc.requestCallback<_hookline_v1_ListWebhooksResponse__Output>): grpc.ClientUnaryCall;
  listWebhooks(argument: _hookline_v1_ListWebhooksRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_ListWebhooksResponse__Output>): grpc.ClientUnaryCall;
  listWebhooks(argument: _hookline_v1_ListWebhooksRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_v1_ListWebhooksResponse__Output>): grpc.ClientUnaryCall;
  listWebhooks(argument: _hookline_v1_ListWebhooksRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_ListWebhooksResponse__Output>): grpc.ClientUnaryCall;
  listWebhooks(argument: _hookline_v1_ListWebhooksRequest, callback: grpc.requestCallback<_hookline_v1_ListWebhooksResponse__Output>): grpc.ClientUnaryCall;
  
  LogIn(argument: _hookline_v1_LogInRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_LogInResponse__Output>): grpc.ClientUnaryCall;
  LogIn(argument: _hookline_v1_LogInRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_v1_LogInResponse__Output>): grpc.ClientUnaryCall;
  LogIn(argument: _hookline_v1_LogInRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_LogInResponse__Output>): grpc.ClientUnaryCall;
  LogIn(argument: _hookline_v1_LogInRequest, callback: grpc.requestCallback<_hookline_v1_LogInResponse__Output>): grpc.ClientUnaryCall;
  logIn(argument: _hookline_v1_LogInRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_LogInResponse__Output>): grpc.ClientUnaryCall;
  logIn(argument: _hookline_v1_LogInRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_v1_LogInResponse__Output>): grpc.ClientUnaryCall;
  logIn(argument: _hookline_v1_LogInRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_LogInResponse__Output>): grpc.ClientUnaryCall;
  logIn(argument: _hookline_v1_LogInRequest, callback: grpc.requestCallback<_hookline_v1_LogInResponse__Output>): grpc.ClientUnaryCall;
  
  ReplaceWebhook(argument: _hookline_v1_ReplaceWebhookRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_Webhook__Output>): grpc.ClientUnaryCall;
  ReplaceWebhook(argument: _hookline_v1_ReplaceWebhookRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_v1_Webhook__Output>): grpc.ClientUnaryCall;
  ReplaceWebhook(argument: _hookline_v1_ReplaceWebhookRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_Webhook__Output>): grpc.ClientUnaryCall;
  ReplaceWebhook(argument: _hookline_v1_ReplaceWebhookRequest, callback: grpc.requestCallback<_hookline_v1_Webhook__Output>): grpc.ClientUnaryCall;
  replaceWebhook(argument: _hookline_v1_ReplaceWebhookRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_Webhook__Output>): grpc.ClientUnaryCall;
  replaceWebhook(argument: _hookline_v1_ReplaceWebhookRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_v1_Webhook__Output>): grpc.ClientUnaryCall;
  replaceWebhook(argument: _hookline_v1_ReplaceWebhookRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_Webhook__Output>): grpc.ClientUnaryCall;
  replaceWebhook(argument: _hookline_v1_ReplaceWebhookRequest, callback: grpc.requestCallback<_hookline_v1_Webhook__Output>): grpc.ClientUnaryCall;
  
  RotateWebhookSecret(argument: _hookline_v1_RotateWebhookSecretRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_WebhookSecrets__Output>): grpc.ClientUnaryCall;
  RotateWebhookSecret(argument: _hookline_v1_RotateWebhookSecretRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_v1_WebhookSecrets__Output>): grpc.ClientUnaryCall;
  RotateWebhookSecret(argument: _hookline_v1_RotateWebhookSecretRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_WebhookSecrets__Output>): grpc.ClientUnaryCall;
  RotateWebhookSecret(argument: _hookline_v1_RotateWebhookSecretRequest, callback: grpc.requestCallback<_hookline_v1_WebhookSecrets__Output>): grpc.ClientUnaryCall;
  rotateWebhookSecret(argument: _hookline_v1_RotateWebhookSecretRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_WebhookSecrets__Output>): grpc.ClientUnaryCall;
  rotateWebhookSecret(argument: _hookline_v1_RotateWebhookSecretRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_v1_WebhookSecrets__Output>): grpc.ClientUnaryCall;
  rotateWebhookSecret(argument: _hookline_v1_RotateWebhookSecretRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_WebhookSecrets__Output>): grpc.ClientUnaryCall;
  rotateWebhookSecret(argument: _hookline_v1_RotateWebhookSecretRequest, callback: grpc.requestCallback<_hookline_v1_WebhookSecrets__Output>): grpc.ClientUnaryCall;
  
  SetWebhookStatus(argument: _hookline_v1_SetWebhookStatusRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_Webhook__Output>): grpc.ClientUnaryCall;
  SetWebhookStatus(argument: _hookline_v1_SetWebhookStatusRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_v1_Webhook__Output>): grpc.ClientUnaryCall;
  SetWebhookStatus(argument: _hookline_v1_SetWebhookStatusRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_Webhook__Output>): grpc.ClientUnaryCall;
  SetWebhookStatus(argument: _hookline_v1_SetWebhookStatusRequest, callback: grpc.requestCallback<_hookline_v1_Webhook__Output>): grpc.ClientUnaryCall;
  setWebhookStatus(argument: _hookline_v1_SetWebhookStatusRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_Webhook__Output>): grpc.ClientUnaryCall;
  setWebhookStatus(argument: _hookline_v1_SetWebhookStatusRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_v1_Webhook__Output>): grpc.ClientUnaryCall;
  setWebhookStatus(argument: _hookline_v1_SetWebhookStatusRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_Webhook__Output>): grpc.ClientUnaryCall;
  setWebhookStatus(argument: _hookline_v1_SetWebhookStatusRequest, callback: grpc.requestCallback<_hookline_v1_Webhook__Output>): grpc.ClientUnaryCall;
  
}

export interface RegistryHandlers extends grpc.UntypedServiceImplementation {
  ChangePassword: grpc.handleUnaryCall<_hookline_v1_ChangePasswordRequest__Output, _hookline_v1_ChangePasswordResponse>;
  
  CreateWebhook: grpc.handleUnaryCall<_hookline_v1_CreateWebhookRequest__Output, _hookline_v1_Webhook>;
  
  DeleteWebhook: grpc.handleUnaryCall<_hookline_v1_DeleteWebhookRequest__Output, _hookline_v1_DeleteWebhookResponse>;
  
  GetPublicKeys: grpc.handleUnaryCall<_hookline_v1_GetWebhookRequest__Output, _hookline_v1_PublicKeys>;
  
  GetWebhook: grpc.handleUnaryCall<_hookline_v1_GetWebhookRequest__Output, _hookline_v1_Webhook>;
  
  GetWebhookSecrets: grpc.handleUnaryCall<_hookline_v1_GetWebhookRequest__Output, _hookline_v1_WebhookSecrets>;
  
  ListWebhooks: grpc.handleUnaryCall<_hookline_v1_ListWebhooksRequest__Output, _hookline_v1_ListWebhooksResponse>;
  
  LogIn: grpc.handleUnaryCall<_hookline_v1_LogInRequest__Output, _hookline_v1_LogInResponse>;
  
  ReplaceWebhook: grpc.handleUnaryCall<_hookline_v1_ReplaceWebhookRequest__Output, _hookline_v1_Webhook>;
  
  RotateWebhookSecret: grpc.handleUnaryCall<_hookline_v1_RotateWebhookSecretRequest__Output, _hookline_v1_WebhookSecrets>;
  
  SetWebhookStatus: grpc.handleUnaryCall<_hookline_v1_SetWebhookStatusRequest__Output, _hookline_v1_Webhook>;
  
}

export interface RegistryDefinition extends grpc.ServiceDefinition {
  ChangePassword: MethodDefinition<_hookline_v1_ChangePasswordRequest, _hookline_v1_ChangePasswordResponse, _hookline_v1_ChangePasswordRequest__Output, _hookline_v1_ChangePasswordResponse__Output>
  CreateWebhook: MethodDefinition<_hookline_v1_CreateWebhookRequest, _hookline_v1_Webhook, _hookline_v1_CreateWebhookRequest__Output, _hookline_v1_Webhook__Output>
  DeleteWebhook: MethodDefinition<_hookline_v1_DeleteWebhookRequest, _hookline_v1_DeleteWebhookResponse, _hookline_v1_DeleteWebhookRequest__Output, _hookline_v1_DeleteWebhookResponse__Output>
  GetPublicKeys: MethodDefinition<_hookline_v1_GetWebhookRequest, _hookline_v1_PublicKeys, _hookline_v1_GetWebhookRequest__Output, _hookline_v1_PublicKeys__Output>
  GetWebhook: MethodDefinition<_hookline_v1_GetWebhookRequest, _hookline_v1_Webhook, _hookline_v1_GetWebhookRequest__Output, _hookline_v1_Webhook__Output>
  GetWebhookSecrets: MethodDefinition<_hookline_v1_GetWebhookRequest, _hookline_v1_WebhookSecrets, _hookline_v1_GetWebhookRequest__Output, _hookline_v1_WebhookSecrets__Output>
  ListWebhooks: MethodDefinition<_hookline_v1_ListWebhooksRequest, _hookline_v1_ListWebhooksResponse, _hookline_v1_ListWebhooksRequest__Output, _hookline_v1_ListWebhooksResponse__Output>
  LogIn: MethodDefinition<_hookline_v1_LogInRequest, _hookline_v1_LogInResponse, _hookline_v1_LogInRequest__Output, _hookline_v1_LogInResponse__Output>
  ReplaceWebhook: MethodDefinition<_hookline_v1_ReplaceWebhookRequest, _hookline_v1_Webhook, _hookline_v1_ReplaceWebhookRequest__Output, _hookline_v1_Webhook__Output>
  RotateWebhookSecret: MethodDefinition<_hookline_v1_RotateWebhookSecretRequest, _hookline_v1_WebhookSecrets, _hookline_v1_RotateWebhookSecretRequest__Output, _hookline_v1_WebhookSecrets__Output>
  SetWebhookStatus: MethodDefinition<_hookline_v1_SetWebhookStatusRequest, _hookline_v1_Webhook, _hookline_v1_SetWebhookStatusRequest__Output, _hookline_v1_Webhook__Output>
}
