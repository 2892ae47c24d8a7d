// Original file: proto/hookline/v1/registry.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { ChangePasswordRequest as _hookline_v1_ChangePasswordRequest, ChangePasswordRequest__Output as _hookline_v1_ChangePasswordRequest__Output } from '../../hookline/v1/ChangePasswordRequest.ts';
import type { ChangePasswordResponse as _hookline_v1_ChangePasswordResponse, ChangePasswordResponse__Output as _hookline_v1_ChangePasswordResponse__Output } from '../../hookline/v1/ChangePasswordResponse.ts';
import type { CountWebhooksRequest as _hookline_v1_CountWebhooksRequest, CountWebhooksRequest__Output as _hookline_v1_CountWebhooksRequest__Output } from '../../hookline/v1/CountWebhooksRequest.ts';
import type { CountWebhooksResponse as _hookline_v1_CountWebhooksResponse, CountWebhooksResponse__Output as _hookline_v1_CountWebhooksResponse__Output } from '../../hookline/v1/CountWebhooksResponse.ts';
import type { CreateWebhookRequest as _hookline_v1_CreateWebhookRequest, CreateWebhookRequest__Output as _hookline_v1_CreateWebhookRequest__Output } from '../../hookline/v1/CreateWebhookRequest.ts';
import type { DeleteEventTypeRequest as _hookline_v1_DeleteEventTypeRequest, DeleteEventTypeRequest__Output as _hookline_v1_DeleteEventTypeRequest__Output } from '../../hookline/v1/DeleteEventTypeRequest.ts';
import type { DeleteEventTypeResponse as _hookline_v1_DeleteEventTypeResponse, DeleteEventTypeResponse__Output as _hookline_v1_DeleteEventTypeResponse__Output } from '../../hookline/v1/DeleteEventTypeResponse.ts';
import type { DeleteWebhookRequest as _hookline_v1_DeleteWebhookRequest, DeleteWebhookRequest__Output as _hookline_v1_DeleteWebhookRequest__Output } from '../../hookline/v1/DeleteWebhookRequest.ts';
import type { DeleteWebhookResponse as _hookline_v1_DeleteWebhookResponse, DeleteWebhookResponse__Output as _hookline_v1_DeleteWebhookResponse__Output } from '../../hookline/v1/DeleteWebhookResponse.ts';
import type { EventType as _hookline_v1_EventType, EventType__Output as _hookline_v1_EventType__Output } from '../../hookline/v1/EventType.ts';
import type { GetEventTypeRequest as _hookline_v1_GetEventTypeRequest, GetEventTypeRequest__Output as _hookline_v1_GetEventTypeRequest__Output } from '../../hookline/v1/GetEventTypeRequest.ts';
import type { GetWebhookRequest as _hookline_v1_GetWebhookRequest, GetWebhookRequest__Output as _hookline_v1_GetWebhookRequest__Output } from '../../hookline/v1/GetWebhookRequest.ts';
import type { ListEventTypesRequest as _hookline_v1_ListEventTypesRequest, ListEventTypesRequest__Output as _hookline_v1_ListEventTypesRequest__Output } from '../../hookline/v1/ListEventTypesRequest.ts';
import type { ListEventTypesResponse as _hookline_v1_ListEventTypesResponse, ListEventTypesResponse__Output as _hookline_v1_ListEventTypesResponse__Output } from '../../hookline/v1/ListEventTypesResponse.ts';
import type { ListWebhooksRequest as _hookline_v1_ListWebhooksRequest, ListWebhooksRequest__Output as _hookline_v1_ListWebhooksRequest__Output } from '../../hookline/v1/ListWebhooksRequest.ts';
import type { ListWebhooksResponse as _hookline_v1_ListWebhooksResponse, ListWebhooksResponse__Output as _hookline_v1_ListWebhooksResponse__Output } from '../../hookline/v1/ListWebhooksResponse.ts';
import type { LogInRequest as _hookline_v1_LogInRequest, LogInRequest__Output as _hookline_v1_LogInRequest__Output } from '../../hookline/v1/LogInRequest.ts';
import type { LogInResponse as _hookline_v1_LogInResponse, LogInResponse__Output as _hookline_v1_LogInResponse__Output } from '../../hookline/v1/LogInResponse.ts';
import type { PublicKeys as _hookline_v1_PublicKeys, PublicKeys__Output as _hookline_v1_PublicKeys__Output } from '../../hookline/v1/PublicKeys.ts';
import type { PutEventTypeRequest as _hookline_v1_PutEventTypeRequest, PutEventTypeRequest__Output as _hookline_v1_PutEventTypeRequest__Output } from '../../hookline/v1/PutEventTypeRequest.ts';
import type { ReplaceWebhookRequest as _hookline_v1_ReplaceWebhookRequest, ReplaceWebhookRequest__Output as _hookline_v1_ReplaceWebhookRequest__Output } from '../../hookline/v1/ReplaceWebhookRequest.ts';
import type { RotateWebhookSecretRequest as _hookline_v1_RotateWebhookSecretRequest, RotateWebhookSecretRequest__Output as _hookline_v1_RotateWebhookSecretRequest__Output } from '../../hookline/v1/RotateWebhookSecretRequest.ts';
import type { SetWebhookStatusRequest as _hookline_v1_SetWebhookStatusRequest, SetWebhookStatusRequest__Output as _hookline_v1_SetWebhookStatusRequest__Output } from '../../hookline/v1/SetWebhookStatusRequest.ts';
import type { TestWebhookRequest as _hookline_v1_TestWebhookRequest, TestWebhookRequest__Output as _hookline_v1_TestWebhookRequest__Output } from '../../hookline/v1/TestWebhookRequest.ts';
import type { TestWebhookResponse as _hookline_v1_TestWebhookResponse, TestWebhookResponse__Output as _hookline_v1_TestWebhookResponse__Output } from '../../hookline/v1/TestWebhookResponse.ts';
import type { VerifyInboundRequest as _hookline_v1_VerifyInboundRequest, VerifyInboundRequest__Output as _hookline_v1_VerifyInboundRequest__Output } from '../../hookline/v1/VerifyInboundRequest.ts';
import type { VerifyInboundResponse as _hookline_v1_VerifyInboundResponse, VerifyInboundResponse__Output as _hookline_v1_VerifyInboundResponse__Output } from '../../hookline/v1/VerifyInboundResponse.ts';
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
  
  CountWebhooks(argument: _hookline_v1_CountWebhooksRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_CountWebhooksResponse__Output>): grpc.ClientUnaryCall;
  CountWebhooks(argument: _hookline_v1_CountWebhooksRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_v1_CountWebhooksResponse__Output>): grpc.ClientUnaryCall;
  CountWebhooks(argument: _hookline_v1_CountWebhooksRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_CountWebhooksResponse__Output>): grpc.ClientUnaryCall;
  CountWebhooks(argument: _hookline_v1_CountWebhooksRequest, callback: grpc.requestCallback<_hookline_v1_CountWebhooksResponse__Output>): grpc.ClientUnaryCall;
  countWebhooks(argument: _hookline_v1_CountWebhooksRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_CountWebhooksResponse__Output>): grpc.ClientUnaryCall;
  countWebhooks(argument: _hookline_v1_CountWebhooksRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_v1_CountWebhooksResponse__Output>): grpc.ClientUnaryCall;
  countWebhooks(argument: _hookline_v1_CountWebhooksRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_CountWebhooksResponse__Output>): grpc.ClientUnaryCall;
  countWebhooks(argument: _hookline_v1_CountWebhooksRequest, callback: grpc.requestCallback<_hookline_v1_CountWebhooksResponse__Output>): grpc.ClientUnaryCall;
  
  CreateWebhook(argument: _hookline_v1_CreateWebhookRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_Webhook__Output>): grpc.ClientUnaryCall;
  CreateWebhook(argument: _hookline_v1_CreateWebhookRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_v1_Webhook__Output>): grpc.ClientUnaryCall;
  CreateWebhook(argument: _hookline_v1_CreateWebhookRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_Webhook__Output>): grpc.ClientUnaryCall;
  CreateWebhook(argument: _hookline_v1_CreateWebhookRequest, callback: grpc.requestCallback<_hookline_v1_Webhook__Output>): grpc.ClientUnaryCall;
  createWebhook(argument: _hookline_v1_CreateWebhookRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_Webhook__Output>): grpc.ClientUnaryCall;
  createWebhook(argument: _hookline_v1_CreateWebhookRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_v1_Webhook__Output>): grpc.ClientUnaryCall;
  createWebhook(argument: _hookline_v1_CreateWebhookRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_Webhook__Output>): grpc.ClientUnaryCall;
  createWebhook(argument: _hookline_v1_CreateWebhookRequest, callback: grpc.requestCallback<_hookline_v1_Webhook__Output>): grpc.ClientUnaryCall;
  
  DeleteEventType(argument: _hookline_v1_DeleteEventTypeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_DeleteEventTypeResponse__Output>): grpc.ClientUnaryCall;
  DeleteEventType(argument: _hookline_v1_DeleteEventTypeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_v1_DeleteEventTypeResponse__Output>): grpc.ClientUnaryCall;
  DeleteEventType(argument: _hookline_v1_DeleteEventTypeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_DeleteEventTypeResponse__Output>): grpc.ClientUnaryCall;
  DeleteEventType(argument: _hookline_v1_DeleteEventTypeRequest, callback: grpc.requestCallback<_hookline_v1_DeleteEventTypeResponse__Output>): grpc.ClientUnaryCall;
  deleteEventType(argument: _hookline_v1_DeleteEventTypeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_DeleteEventTypeResponse__Output>): grpc.ClientUnaryCall;
  deleteEventType(argument: _hookline_v1_DeleteEventTypeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_v1_DeleteEventTypeResponse__Output>): grpc.ClientUnaryCall;
  deleteEventType(argument: _hookline_v1_DeleteEventTypeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_DeleteEventTypeResponse__Output>): grpc.ClientUnaryCall;
  deleteEventType(argument: _hookline_v1_DeleteEventTypeRequest, callback: grpc.requestCallback<_hookline_v1_DeleteEventTypeResponse__Output>): grpc.ClientUnaryCall;
  
  DeleteWebhook(argument: _hookline_v1_DeleteWebhookRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_DeleteWebhookResponse__Output>): grpc.ClientUnaryCall;
  DeleteWebhook(argument: _hookline_v1_DeleteWebhookRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_v1_DeleteWebhookResponse__Output>): grpc.ClientUnaryCall;
  DeleteWebhook(argument: _hookline_v1_DeleteWebhookRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_DeleteWebhookResponse__Output>): grpc.ClientUnaryCall;
  DeleteWebhook(argument: _hookline_v1_DeleteWebhookRequest, callback: grpc.requestCallback<_hookline_v1_DeleteWebhookResponse__Output>): grpc.ClientUnaryCall;
  deleteWebhook(argument: _hookline_v1_DeleteWebhookRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_DeleteWebhookResponse__Output>): grpc.ClientUnaryCall;
  deleteWebhook(argument: _hookline_v1_DeleteWebhookRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_v1_DeleteWebhookResponse__Output>): grpc.ClientUnaryCall;
  deleteWebhook(argument: _hookline_v1_DeleteWebhookRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_DeleteWebhookResponse__Output>): grpc.ClientUnaryCall;
  deleteWebhook(argument: _hookline_v1_DeleteWebhookRequest, callback: grpc.requestCallback<_hookline_v1_DeleteWebhookResponse__Output>): grpc.ClientUnaryCall;
  
  GetEventType(argument: _hookline_v1_GetEventTypeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_EventType__Output>): grpc.ClientUnaryCall;
  GetEventType(argument: _hookline_v1_GetEventTypeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_v1_EventType__Output>): grpc.ClientUnaryCall;
  GetEventType(argument: _hookline_v1_GetEventTypeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_EventType__Output>): grpc.ClientUnaryCall;
  GetEventType(argument: _hookline_v1_GetEventTypeRequest, callback: grpc.requestCallback<_hookline_v1_EventType__Output>): grpc.ClientUnaryCall;
  getEventType(argument: _hookline_v1_GetEventTypeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_EventType__Output>): grpc.ClientUnaryCall;
  getEventType(argument: _hookline_v1_GetEventTypeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_v1_EventType__Output>): grpc.ClientUnaryCall;
  getEventType(argument: _hookline_v1_GetEventTypeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_EventType__Output>): grpc.ClientUnaryCall;
  getEventType(argument: _hookline_v1_GetEventTypeRequest, callback: grpc.requestCallback<_hookline_v1_EventType__Output>): grpc.ClientUnaryCall;
  
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
  
  ListEventTypes(argument: _hookline_v1_ListEventTypesRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_ListEventTypesResponse__Output>): grpc.ClientUnaryCall;
  ListEventTypes(argument: _hookline_v1_ListEventTypesRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_v1_ListEventTypesResponse__Output>): grpc.ClientUnaryCall;
  ListEventTypes(argument: _hookline_v1_ListEventTypesRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_ListEventTypesResponse__Output>): grpc.ClientUnaryCall;
  ListEventTypes(argument: _hookline_v1_ListEventTypesRequest, callback: grpc.requestCallback<_hookline_v1_ListEventTypesResponse__Output>): grpc.ClientUnaryCall;
  listEventTypes(argument: _hookline_v1_ListEventTypesRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_ListEventTypesResponse__Output>): grpc.ClientUnaryCall;
  listEventTypes(argument: _hookline_v1_ListEventTypesRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_v1_ListEventTypesResponse__Output>): grpc.ClientUnaryCall;
  listEventTypes(argument: _hookline_v1_ListEventTypesRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_ListEventTypesResponse__Output>): grpc.ClientUnaryCall;
  listEventTypes(argument: _hookline_v1_ListEventTypesRequest, callback: grpc.requestCallback<_hookline_v1_ListEventTypesResponse__Output>): grpc.ClientUnaryCall;
  
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
  
  PutEventType(argument: _hookline_v1_PutEventTypeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_EventType__Output>): grpc.ClientUnaryCall;
  PutEventType(argument: _hookline_v1_PutEventTypeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_v1_EventType__Output>): grpc.ClientUnaryCall;
  PutEventType(argument: _hookline_v1_PutEventTypeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_EventType__Output>): grpc.ClientUnaryCall;
  PutEventType(argument: _hookline_v1_PutEventTypeRequest, callback: grpc.requestCallback<_hookline_v1_EventType__Output>): grpc.ClientUnaryCall;
  putEventType(argument: _hookline_v1_PutEventTypeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_EventType__Output>): grpc.ClientUnaryCall;
  putEventType(argument: _hookline_v1_PutEventTypeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_v1_EventType__Output>): grpc.ClientUnaryCall;
  putEventType(argument: _hookline_v1_PutEventTypeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_EventType__Output>): grpc.ClientUnaryCall;
  putEventType(argument: _hookline_v1_PutEventTypeRequest, callback: grpc.requestCallback<_hookline_v1_EventType__Output>): grpc.ClientUnaryCall;
  
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
  
  TestWebhook(argument: _hookline_v1_TestWebhookRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_TestWebhookResponse__Output>): grpc.ClientUnaryCall;
  TestWebhook(argument: _hookline_v1_TestWebhookRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_v1_TestWebhookResponse__Output>): grpc.ClientUnaryCall;
  TestWebhook(argument: _hookline_v1_TestWebhookRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_TestWebhookResponse__Output>): grpc.ClientUnaryCall;
  TestWebhook(argument: _hookline_v1_TestWebhookRequest, callback: grpc.requestCallback<_hookline_v1_TestWebhookResponse__Output>): grpc.ClientUnaryCall;
  testWebhook(argument: _hookline_v1_TestWebhookRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_TestWebhookResponse__Output>): grpc.ClientUnaryCall;
  testWebhook(argument: _hookline_v1_TestWebhookRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_v1_TestWebhookResponse__Output>): grpc.ClientUnaryCall;
  testWebhook(argument: _hookline_v1_TestWebhookRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_TestWebhookResponse__Output>): grpc.ClientUnaryCall;
  testWebhook(argument: _hookline_v1_TestWebhookRequest, callback: grpc.requestCallback<_hookline_v1_TestWebhookResponse__Output>): grpc.ClientUnaryCall;
  
  VerifyInbound(argument: _hookline_v1_VerifyInboundRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_VerifyInboundResponse__Output>): grpc.ClientUnaryCall;
  VerifyInbound(argument: _hookline_v1_VerifyInboundRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_v1_VerifyInboundResponse__Output>): grpc.ClientUnaryCall;
  VerifyInbound(argument: _hookline_v1_VerifyInboundRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_VerifyInboundResponse__Output>): grpc.ClientUnaryCall;
  VerifyInbound(argument: _hookline_v1_VerifyInboundRequest, callback: grpc.requestCallback<_hookline_v1_VerifyInboundResponse__Output>): grpc.ClientUnaryCall;
  verifyInbound(argument: _hookline_v1_VerifyInboundRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_VerifyInboundResponse__Output>): grpc.ClientUnaryCall;
  verifyInbound(argument: _hookline_v1_VerifyInboundRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_v1_VerifyInboundResponse__Output>): grpc.ClientUnaryCall;
  verifyInbound(argument: _hookline_v1_VerifyInboundRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_VerifyInboundResponse__Output>): grpc.ClientUnaryCall;
  verifyInbound(argument: _hookline_v1_VerifyInboundRequest, callback: grpc.requestCallback<_hookline_v1_VerifyInboundResponse__Output>): grpc.ClientUnaryCall;
  
}

export interface RegistryHandlers extends grpc.UntypedServiceImplementation {
  ChangePassword: grpc.handleUnaryCall<_hookline_v1_ChangePasswordRequest__Output, _hookline_v1_ChangePasswordResponse>;
  
  CountWebhooks: grpc.handleUnaryCall<_hookline_v1_CountWebhooksRequest__Output, _hookline_v1_CountWebhooksResponse>;
  
  CreateWebhook: grpc.handleUnaryCall<_hookline_v1_CreateWebhookRequest__Output, _hookline_v1_Webhook>;
  
  DeleteEventType: grpc.handleUnaryCall<_hookline_v1_DeleteEventTypeRequest__Output, _hookline_v1_DeleteEventTypeResponse>;
  
  DeleteWebhook: grpc.handleUnaryCall<_hookline_v1_DeleteWebhookRequest__Output, _hookline_v1_DeleteWebhookResponse>;
  
  GetEventType: grpc.handleUnaryCall<_hookline_v1_GetEventTypeRequest__Output, _hookline_v1_EventType>;
  
  GetPublicKeys: grpc.handleUnaryCall<_hookline_v1_GetWebhookRequest__Output, _hookline_v1_PublicKeys>;
  
  GetWebhook: grpc.handleUnaryCall<_hookline_v1_GetWebhookRequest__Output, _hookline_v1_Webhook>;
  
  GetWebhookSecrets: grpc.handleUnaryCall<_hookline_v1_GetWebhookRequest__Output, _hookline_v1_WebhookSecrets>;
  
  ListEventTypes: grpc.handleUnaryCall<_hookline_v1_ListEventTypesRequest__Output, _hookline_v1_ListEventTypesResponse>;
  
  ListWebhooks: grpc.handleUnaryCall<_hookline_v1_ListWebhooksRequest__Output, _hookline_v1_ListWebhooksResponse>;
  
  LogIn: grpc.handleUnaryCall<_hookline_v1_LogInRequest__Output, _hookline_v1_LogInResponse>;
  
  PutEventType: grpc.handleUnaryCall<_hookline_v1_PutEventTypeRequest__Output, _hookline_v1_EventType>;
  
  ReplaceWebhook: grpc.handleUnaryCall<_hookline_v1_ReplaceWebhookRequest__Output, _hookline_v1_Webhook>;
  
  RotateWebhookSecret: grpc.handleUnaryCall<_hookline_v1_RotateWebhookSecretRequest__Output, _hookline_v1_WebhookSecrets>;
  
  SetWebhookStatus: grpc.handleUnaryCall<_hookline_v1_SetWebhookStatusRequest__Output, _hookline_v1_Webhook>;
  
  TestWebhook: grpc.handleUnaryCall<_hookline_v1_TestWebhookRequest__Output, _hookline_v1_TestWebhookResponse>;
  
  VerifyInbound: grpc.handleUnaryCall<_hookline_v1_VerifyInboundRequest__Output, _hookline_v1_VerifyInboundResponse>;
  
}

export interface RegistryDefinition extends grpc.ServiceDefinition {
  ChangePassword: MethodDefinition<_hookline_v1_ChangePasswordRequest, _hookline_v1_ChangePasswordResponse, _hookline_v1_ChangePasswordRequest__Output, _hookline_v1_ChangePasswordResponse__Output>
  CountWebhooks: MethodDefinition<_hookline_v1_CountWebhooksRequest, _hookline_v1_CountWebhooksResponse, _hookline_v1_CountWebhooksRequest__Output, _hookline_v1_CountWebhooksResponse__Output>
  CreateWebhook: MethodDefinition<_hookline_v1_CreateWebhookRequest, _hookline_v1_Webhook, _hookline_v1_CreateWebhookRequest__Output, _hookline_v1_Webhook__Output>
  DeleteEventType: MethodDefinition<_hookline_v1_DeleteEventTypeRequest, _hookline_v1_DeleteEventTypeResponse, _hookline_v1_DeleteEventTypeRequest__Output, _hookline_v1_DeleteEventTypeResponse__Output>
  DeleteWebhook: MethodDefinition<_hookline_v1_DeleteWebhookRequest, _hookline_v1_DeleteWebhookResponse, _hookline_v1_DeleteWebhookRequest__Output, _hookline_v1_DeleteWebhookResponse__Output>
  GetEventType: MethodDefinition<_hookline_v1_GetEventTypeRequest, _hookline_v1_EventType, _hookline_v1_GetEventTypeRequest__Output, _hookline_v1_EventType__Output>
  GetPublicKeys: MethodDefinition<_hookline_v1_GetWebhookRequest, _hookline_v1_PublicKeys, _hookline_v1_GetWebhookRequest__Output, _hookline_v1_PublicKeys__Output>
  GetWebhook: MethodDefinition<_hookline_v1_GetWebhookRequest, _hookline_v1_Webhook, _hookline_v1_GetWebhookRequest__Output, _hookline_v1_Webhook__Output>
  GetWebhookSecrets: MethodDefinition<_hookline_v1_GetWebhookRequest, _hookline_v1_WebhookSecrets, _hookline_v1_GetWebhookRequest__Output, _hookline_v1_WebhookSecrets__Output>
  ListEventTypes: MethodDefinition<_hookline_v1_ListEventTypesRequest, _hookline_v1_ListEventTypesResponse, _hookline_v1_ListEventTypesRequest__Output, _hookline_v1_ListEventTypesResponse__Output>
  ListWebhooks: MethodDefinition<_hookline_v1_ListWebhooksRequest, _hookline_v1_ListWebhooksResponse, _hookline_v1_ListWebhooksRequest__Output, _hookline_v1_ListWebhooksResponse__Output>
  LogIn: MethodDefinition<_hookline_v1_LogInRequest, _hookline_v1_LogInResponse, _hookline_v1_LogInRequest__Output, _hookline_v1_LogInResponse__Output>
  PutEventType: MethodDefinition<_hookline_v1_PutEventTypeRequest, _hookline_v1_EventType, _hookline_v1_PutEventTypeRequest__Output, _hookline_v1_EventType__Output>
  ReplaceWebhook: MethodDefinition<_hookline_v1_ReplaceWebhookRequest, _hookline_v1_Webhook, _hookline_v1_ReplaceWebhookRequest__Output, _hookline_v1_Webhook__Output>
  RotateWebhookSecret: MethodDefinition<_hookline_v1_RotateWebhookSecretRequest, _hookline_v1_WebhookSecrets, _hookline_v1_RotateWebhookSecretRequest__Output, _hookline_v1_WebhookSecrets__Output>
  SetWebhookStatus: MethodDefinition<_hookline_v1_SetWebhookStatusRequest, _hookline_v1_Webhook, _hookline_v1_SetWebhookStatusRequest__Output, _hookline_v1_Webhook__Output>
  TestWebhook: MethodDefinition<_hookline_v1_TestWebhookRequest, _hookline_v1_TestWebhookResponse, _hookline_v1_TestWebhookRequest__Output, _hookline_v1_TestWebhookResponse__Output>
  VerifyInbound: MethodDefinition<_hookline_v1_VerifyInboundRequest, _hookline_v1_VerifyInboundResponse, _hookline_v1_VerifyInboundRequest__Output, _hookline_v1_VerifyInboundResponse__Output>
}
