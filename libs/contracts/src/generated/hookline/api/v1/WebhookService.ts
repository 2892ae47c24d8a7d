// Original file: proto/hookline/api/v1/webhooks.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { GetWebhookStatusRequest as _hookline_api_v1_GetWebhookStatusRequest, GetWebhookStatusRequest__Output as _hookline_api_v1_GetWebhookStatusRequest__Output } from '../../../hookline/api/v1/GetWebhookStatusRequest.ts';
import type { GetWebhookStatusResponse as _hookline_api_v1_GetWebhookStatusResponse, GetWebhookStatusResponse__Output as _hookline_api_v1_GetWebhookStatusResponse__Output } from '../../../hookline/api/v1/GetWebhookStatusResponse.ts';
import type { ListWebhooksRequest as _hookline_api_v1_ListWebhooksRequest, ListWebhooksRequest__Output as _hookline_api_v1_ListWebhooksRequest__Output } from '../../../hookline/api/v1/ListWebhooksRequest.ts';
import type { ListWebhooksResponse as _hookline_api_v1_ListWebhooksResponse, ListWebhooksResponse__Output as _hookline_api_v1_ListWebhooksResponse__Output } from '../../../hookline/api/v1/ListWebhooksResponse.ts';
import type { PushEventRequest as _hookline_api_v1_PushEventRequest, PushEventRequest__Output as _hookline_api_v1_PushEventRequest__Output } from '../../../hookline/api/v1/PushEventRequest.ts';
import type { PushEventResponse as _hookline_api_v1_PushEventResponse, PushEventResponse__Output as _hookline_api_v1_PushEventResponse__Output } from '../../../hookline/api/v1/PushEventResponse.ts';
import type { PushEventsResponse as _hookline_api_v1_PushEventsResponse, PushEventsResponse__Output as _hookline_api_v1_PushEventsResponse__Output } from '../../../hookline/api/v1/PushEventsResponse.ts';
import type { RegisterWebhookRequest as _hookline_api_v1_RegisterWebhookRequest, RegisterWebhookRequest__Output as _hookline_api_v1_RegisterWebhookRequest__Output } from '../../../hookline/api/v1/RegisterWebhookRequest.ts';
import type { RegisterWebhookResponse as _hookline_api_v1_RegisterWebhookResponse, RegisterWebhookResponse__Output as _hookline_api_v1_RegisterWebhookResponse__Output } from '../../../hookline/api/v1/RegisterWebhookResponse.ts';
import type { UnregisterWebhookRequest as _hookline_api_v1_UnregisterWebhookRequest, UnregisterWebhookRequest__Output as _hookline_api_v1_UnregisterWebhookRequest__Output } from '../../../hookline/api/v1/UnregisterWebhookRequest.ts';
import type { UnregisterWebhookResponse as _hookline_api_v1_UnregisterWebhookResponse, UnregisterWebhookResponse__Output as _hookline_api_v1_UnregisterWebhookResponse__Output } from '../../../hookline/api/v1/UnregisterWebhookResponse.ts';
import type { WatchDeliveriesRequest as _hookline_api_v1_WatchDeliveriesRequest, WatchDeliveriesRequest__Output as _hookline_api_v1_WatchDeliveriesRequest__Output } from '../../../hookline/api/v1/WatchDeliveriesRequest.ts';
import type { WatchDeliveriesResponse as _hookline_api_v1_WatchDeliveriesResponse, WatchDeliveriesResponse__Output as _hookline_api_v1_WatchDeliveriesResponse__Output } from '../../../hookline/api/v1/WatchDeliveriesResponse.ts';

export interface WebhookServiceClient extends grpc.Client {
  GetWebhookStatus(argument: _hookline_api_v1_GetWebhookStatusRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_api_v1_GetWebhookStatusResponse__Output>): grpc.ClientUnaryCall;
  GetWebhookStatus(argument: _hookline_api_v1_GetWebhookStatusRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_api_v1_GetWebhookStatusResponse__Output>): grpc.ClientUnaryCall;
  GetWebhookStatus(argument: _hookline_api_v1_GetWebhookStatusRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_api_v1_GetWebhookStatusResponse__Output>): grpc.ClientUnaryCall;
  GetWebhookStatus(argument: _hookline_api_v1_GetWebhookStatusRequest, callback: grpc.requestCallback<_hookline_api_v1_GetWebhookStatusResponse__Output>): grpc.ClientUnaryCall;
  getWebhookStatus(argument: _hookline_api_v1_GetWebhookStatusRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_api_v1_GetWebhookStatusResponse__Output>): grpc.ClientUnaryCall;
  getWebhookStatus(argument: _hookline_api_v1_GetWebhookStatusRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_api_v1_GetWebhookStatusResponse__Output>): grpc.ClientUnaryCall;
  getWebhookStatus(argument: _hookline_api_v1_GetWebhookStatusRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_api_v1_GetWebhookStatusResponse__Output>): grpc.ClientUnaryCall;
  getWebhookStatus(argument: _hookline_api_v1_GetWebhookStatusRequest, callback: grpc.requestCallback<_hookline_api_v1_GetWebhookStatusResponse__Output>): grpc.ClientUnaryCall;
  
  ListWebhooks(argument: _hookline_api_v1_ListWebhooksRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_api_v1_ListWebhooksResponse__Output>): grpc.ClientUnaryCall;
  ListWebhooks(argument: _hookline_api_v1_ListWebhooksRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_api_v1_ListWebhooksResponse__Output>): grpc.ClientUnaryCall;
  ListWebhooks(argument: _hookline_api_v1_ListWebhooksRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_api_v1_ListWebhooksResponse__Output>): grpc.ClientUnaryCall;
  ListWebhooks(argument: _hookline_api_v1_ListWebhooksRequest, callback: grpc.requestCallback<_hookline_api_v1_ListWebhooksResponse__Output>): grpc.ClientUnaryCall;
  listWebhooks(argument: _hookline_api_v1_ListWebhooksRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_api_v1_ListWebhooksResponse__Output>): grpc.ClientUnaryCall;
  listWebhooks(argument: _hookline_api_v1_ListWebhooksRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_api_v1_ListWebhooksResponse__Output>): grpc.ClientUnaryCall;
  listWebhooks(argument: _hookline_api_v1_ListWebhooksRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_api_v1_ListWebhooksResponse__Output>): grpc.ClientUnaryCall;
  listWebhooks(argument: _hookline_api_v1_ListWebhooksRequest, callback: grpc.requestCallback<_hookline_api_v1_ListWebhooksResponse__Output>): grpc.ClientUnaryCall;
  
  PushEvent(argument: _hookline_api_v1_PushEventRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_api_v1_PushEventResponse__Output>): grpc.ClientUnaryCall;
  PushEvent(argument: _hookline_api_v1_PushEventRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_api_v1_PushEventResponse__Output>): grpc.ClientUnaryCall;
  PushEvent(argument: _hookline_api_v1_PushEventRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_api_v1_PushEventResponse__Output>): grpc.ClientUnaryCall;
  PushEvent(argument: _hookline_api_v1_PushEventRequest, callback: grpc.requestCallback<_hookline_api_v1_PushEventResponse__Output>): grpc.ClientUnaryCall;
  pushEvent(argument: _hookline_api_v1_PushEventRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_api_v1_PushEventResponse__Output>): grpc.ClientUnaryCall;
  pushEvent(argument: _hookline_api_v1_PushEventRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_api_v1_PushEventResponse__Output>): grpc.ClientUnaryCall;
  pushEvent(argument: _hookline_api_v1_PushEventRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_api_v1_PushEventResponse__Output>): grpc.ClientUnaryCall;
  pushEvent(argument: _hookline_api_v1_PushEventRequest, callback: grpc.requestCallback<_hookline_api_v1_PushEventResponse__Output>): grpc.ClientUnaryCall;
  
  PushEvents(metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_api_v1_PushEventsResponse__Output>): grpc.ClientWritableStream<_hookline_api_v1_PushEventRequest>;
  PushEvents(metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_api_v1_PushEventsResponse__Output>): grpc.ClientWritableStream<_hookline_api_v1_PushEventRequest>;
  PushEvents(options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_api_v1_PushEventsResponse__Output>): grpc.ClientWritableStream<_hookline_api_v1_PushEventRequest>;
  PushEvents(callback: grpc.requestCallback<_hookline_api_v1_PushEventsResponse__Output>): grpc.ClientWritableStream<_hookline_api_v1_PushEventRequest>;
  pushEvents(metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_api_v1_PushEventsResponse__Output>): grpc.ClientWritableStream<_hookline_api_v1_PushEventRequest>;
  pushEvents(metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_api_v1_PushEventsResponse__Output>): grpc.ClientWritableStream<_hookline_api_v1_PushEventRequest>;
  pushEvents(options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_api_v1_PushEventsResponse__Output>): grpc.ClientWritableStream<_hookline_api_v1_PushEventRequest>;
  pushEvents(callback: grpc.requestCallback<_hookline_api_v1_PushEventsResponse__Output>): grpc.ClientWritableStream<_hookline_api_v1_PushEventRequest>;
  
  RegisterWebhook(argument: _hookline_api_v1_RegisterWebhookRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_api_v1_RegisterWebhookResponse__Output>): grpc.ClientUnaryCall;
  RegisterWebhook(argument: _hookline_api_v1_RegisterWebhookRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_api_v1_RegisterWebhookResponse__Output>): grpc.ClientUnaryCall;
  RegisterWebhook(argument: _hookline_api_v1_RegisterWebhookRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_api_v1_RegisterWebhookResponse__Output>): grpc.ClientUnaryCall;
  RegisterWebhook(argument: _hookline_api_v1_RegisterWebhookRequest, callback: grpc.requestCallback<_hookline_api_v1_RegisterWebhookResponse__Output>): grpc.ClientUnaryCall;
  registerWebhook(argument: _hookline_api_v1_RegisterWebhookRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_api_v1_RegisterWebhookResponse__Output>): grpc.ClientUnaryCall;
  registerWebhook(argument: _hookline_api_v1_RegisterWebhookRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_api_v1_RegisterWebhookResponse__Output>): grpc.ClientUnaryCall;
  registerWebhook(argument: _hookline_api_v1_RegisterWebhookRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_api_v1_RegisterWebhookResponse__Output>): grpc.ClientUnaryCall;
  registerWebhook(argument: _hookline_api_v1_RegisterWebhookRequest, callback: grpc.requestCallback<_hookline_api_v1_RegisterWebhookResponse__Output>): grpc.ClientUnaryCall;
  
  UnregisterWebhook(argument: _hookline_api_v1_UnregisterWebhookRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_api_v1_UnregisterWebhookResponse__Output>): grpc.ClientUnaryCall;
  UnregisterWebhook(argument: _hookline_api_v1_UnregisterWebhookRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_api_v1_UnregisterWebhookResponse__Output>): grpc.ClientUnaryCall;
  UnregisterWebhook(argument: _hookline_api_v1_UnregisterWebhookRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_api_v1_UnregisterWebhookResponse__Output>): grpc.ClientUnaryCall;
  UnregisterWebhook(argument: _hookline_api_v1_UnregisterWebhookRequest, callback: grpc.requestCallback<_hookline_api_v1_UnregisterWebhookResponse__Output>): grpc.ClientUnaryCall;
  unregisterWebhook(argument: _hookline_api_v1_UnregisterWebhookRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_api_v1_UnregisterWebhookResponse__Output>): grpc.ClientUnaryCall;
  unregisterWebhook(argument: _hookline_api_v1_UnregisterWebhookRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_api_v1_UnregisterWebhookResponse__Output>): grpc.ClientUnaryCall;
  unregisterWebhook(argument: _hookline_api_v1_UnregisterWebhookRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_api_v1_UnregisterWebhookResponse__Output>): grpc.ClientUnaryCall;
  unregisterWebhook(argument: _hookline_api_v1_UnregisterWebhookRequest, callback: grpc.requestCallback<_hookline_api_v1_UnregisterWebhookResponse__Output>): grpc.ClientUnaryCall;
  
  WatchDeliveries(argument: _hookline_api_v1_WatchDeliveriesRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_hookline_api_v1_WatchDeliveriesResponse__Output>;
  WatchDeliveries(argument: _hookline_api_v1_WatchDeliveriesRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_hookline_api_v1_WatchDeliveriesResponse__Output>;
  watchDeliveries(argument: _hookline_api_v1_WatchDeliveriesRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_hookline_api_v1_WatchDeliveriesResponse__Output>;
  watchDeliveries(argument: _hookline_api_v1_WatchDeliveriesRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_hookline_api_v1_WatchDeliveriesResponse__Output>;
  
}

export interface WebhookServiceHandlers extends grpc.UntypedServiceImplementation {
  GetWebhookStatus: grpc.handleUnaryCall<_hookline_api_v1_GetWebhookStatusRequest__Output, _hookline_api_v1_GetWebhookStatusResponse>;
  
  ListWebhooks: grpc.handleUnaryCall<_hookline_api_v1_ListWebhooksRequest__Output, _hookline_api_v1_ListWebhooksResponse>;
  
  PushEvent: grpc.handleUnaryCall<_hookline_api_v1_PushEventRequest__Output, _hookline_api_v1_PushEventResponse>;
  
  PushEvents: grpc.handleClientStreamingCall<_hookline_api_v1_PushEventRequest__Output, _hookline_api_v1_PushEventsResponse>;
  
  RegisterWebhook: grpc.handleUnaryCall<_hookline_api_v1_RegisterWebhookRequest__Output, _hookline_api_v1_RegisterWebhookResponse>;
  
  UnregisterWebhook: grpc.handleUnaryCall<_hookline_api_v1_UnregisterWebhookRequest__Output, _hookline_api_v1_UnregisterWebhookResponse>;
  
  WatchDeliveries: grpc.handleServerStreamingCall<_hookline_api_v1_WatchDeliveriesRequest__Output, _hookline_api_v1_WatchDeliveriesResponse>;
  
}

export interface WebhookServiceDefinition extends grpc.ServiceDefinition {
  GetWebhookStatus: MethodDefinition<_hookline_api_v1_GetWebhookStatusRequest, _hookline_api_v1_GetWebhookStatusResponse, _hookline_api_v1_GetWebhookStatusRequest__Output, _hookline_api_v1_GetWebhookStatusResponse__Output>
  ListWebhooks: MethodDefinition<_hookline_api_v1_ListWebhooksRequest, _hookline_api_v1_ListWebhooksResponse, _hookline_api_v1_ListWebhooksRequest__Output, _hookline_api_v1_ListWebhooksResponse__Output>
  PushEvent: MethodDefinition<_hookline_api_v1_PushEventRequest, _hookline_api_v1_PushEventResponse, _hookline_api_v1_PushEventRequest__Output, _hookline_api_v1_PushEventResponse__Output>
  PushEvents: MethodDefinition<_hookline_api_v1_PushEventRequest, _hookline_api_v1_PushEventsResponse, _hookline_api_v1_PushEventRequest__Output, _hookline_api_v1_PushEventsResponse__Output>
  RegisterWebhook: MethodDefinition<_hookline_api_v1_RegisterWebhookRequest, _hookline_api_v1_RegisterWebhookResponse, _hookline_api_v1_RegisterWebhookRequest__Output, _hookline_api_v1_RegisterWebhookResponse__Output>
  UnregisterWebhook: MethodDefinition<_hookline_api_v1_UnregisterWebhookRequest, _hookline_api_v1_UnregisterWebhookResponse, _hookline_api_v1_UnregisterWebhookRequest__Output, _hookline_api_v1_UnregisterWebhookResponse__Output>
  WatchDeliveries: MethodDefinition<_hookline_api_v1_WatchDeliveriesRequest, _hookline_api_v1_WatchDeliveriesResponse, _hookline_api_v1_WatchDeliveriesRequest__Output, _hookline_api_v1_WatchDeliveriesResponse__Output>
}
