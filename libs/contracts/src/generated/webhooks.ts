import type * as grpc from '@grpc/grpc-js';
import type { MessageTypeDefinition } from '@grpc/proto-loader';

import type { Delivery as _hookline_api_v1_Delivery, Delivery__Output as _hookline_api_v1_Delivery__Output } from './hookline/api/v1/Delivery.ts';
import type { DeliveryUpdate as _hookline_api_v1_DeliveryUpdate, DeliveryUpdate__Output as _hookline_api_v1_DeliveryUpdate__Output } from './hookline/api/v1/DeliveryUpdate.ts';
import type { Event as _hookline_api_v1_Event, Event__Output as _hookline_api_v1_Event__Output } from './hookline/api/v1/Event.ts';
import type { GetWebhookStatusRequest as _hookline_api_v1_GetWebhookStatusRequest, GetWebhookStatusRequest__Output as _hookline_api_v1_GetWebhookStatusRequest__Output } from './hookline/api/v1/GetWebhookStatusRequest.ts';
import type { GetWebhookStatusResponse as _hookline_api_v1_GetWebhookStatusResponse, GetWebhookStatusResponse__Output as _hookline_api_v1_GetWebhookStatusResponse__Output } from './hookline/api/v1/GetWebhookStatusResponse.ts';
import type { ListWebhooksRequest as _hookline_api_v1_ListWebhooksRequest, ListWebhooksRequest__Output as _hookline_api_v1_ListWebhooksRequest__Output } from './hookline/api/v1/ListWebhooksRequest.ts';
import type { ListWebhooksResponse as _hookline_api_v1_ListWebhooksResponse, ListWebhooksResponse__Output as _hookline_api_v1_ListWebhooksResponse__Output } from './hookline/api/v1/ListWebhooksResponse.ts';
import type { PushEventRequest as _hookline_api_v1_PushEventRequest, PushEventRequest__Output as _hookline_api_v1_PushEventRequest__Output } from './hookline/api/v1/PushEventRequest.ts';
import type { PushEventResponse as _hookline_api_v1_PushEventResponse, PushEventResponse__Output as _hookline_api_v1_PushEventResponse__Output } from './hookline/api/v1/PushEventResponse.ts';
import type { PushEventsResponse as _hookline_api_v1_PushEventsResponse, PushEventsResponse__Output as _hookline_api_v1_PushEventsResponse__Output } from './hookline/api/v1/PushEventsResponse.ts';
import type { RefusedEvent as _hookline_api_v1_RefusedEvent, RefusedEvent__Output as _hookline_api_v1_RefusedEvent__Output } from './hookline/api/v1/RefusedEvent.ts';
import type { RegisterWebhookRequest as _hookline_api_v1_RegisterWebhookRequest, RegisterWebhookRequest__Output as _hookline_api_v1_RegisterWebhookRequest__Output } from './hookline/api/v1/RegisterWebhookRequest.ts';
import type { RegisterWebhookResponse as _hookline_api_v1_RegisterWebhookResponse, RegisterWebhookResponse__Output as _hookline_api_v1_RegisterWebhookResponse__Output } from './hookline/api/v1/RegisterWebhookResponse.ts';
import type { UnregisterWebhookRequest as _hookline_api_v1_UnregisterWebhookRequest, UnregisterWebhookRequest__Output as _hookline_api_v1_UnregisterWebhookRequest__Output } from './hookline/api/v1/UnregisterWebhookRequest.ts';
import type { UnregisterWebhookResponse as _hookline_api_v1_UnregisterWebhookResponse, UnregisterWebhookResponse__Output as _hookline_api_v1_UnregisterWebhookResponse__Output } from './hookline/api/v1/UnregisterWebhookResponse.ts';
import type { WatchDeliveriesRequest as _hookline_api_v1_WatchDeliveriesRequest, WatchDeliveriesRequest__Output as _hookline_api_v1_WatchDeliveriesRequest__Output } from './hookline/api/v1/WatchDeliveriesRequest.ts';
import type { WatchDeliveriesResponse as _hookline_api_v1_WatchDeliveriesResponse, WatchDeliveriesResponse__Output as _hookline_api_v1_WatchDeliveriesResponse__Output } from './hookline/api/v1/WatchDeliveriesResponse.ts';
import type { Webhook as _hookline_api_v1_Webhook, Webhook__Output as _hookline_api_v1_Webhook__Output } from './hookline/api/v1/Webhook.ts';
import type { WebhookServiceClient as _hookline_api_v1_WebhookServiceClient, WebhookServiceDefinition as _hookline_api_v1_WebhookServiceDefinition } from './hookline/api/v1/WebhookService.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  hookline: {
    api: {
      v1: {
        Delivery: MessageTypeDefinition<_hookline_api_v1_Delivery, _hookline_api_v1_Delivery__Output>
        DeliveryUpdate: MessageTypeDefinition<_hookline_api_v1_DeliveryUpdate, _hookline_api_v1_DeliveryUpdate__Output>
        Event: MessageTypeDefinition<_hookline_api_v1_Event, _hookline_api_v1_Event__Output>
        GetWebhookStatusRequest: MessageTypeDefinition<_hookline_api_v1_GetWebhookStatusRequest, _hookline_api_v1_GetWebhookStatusRequest__Output>
        GetWebhookStatusResponse: MessageTypeDefinition<_hookline_api_v1_GetWebhookStatusResponse, _hookline_api_v1_GetWebhookStatusResponse__Output>
        ListWebhooksRequest: MessageTypeDefinition<_hookline_api_v1_ListWebhooksRequest, _hookline_api_v1_ListWebhooksRequest__Output>
        ListWebhooksResponse: MessageTypeDefinition<_hookline_api_v1_ListWebhooksResponse, _hookline_api_v1_ListWebhooksResponse__Output>
        PushEventRequest: MessageTypeDefinition<_hookline_api_v1_PushEventRequest, _hookline_api_v1_PushEventRequest__Output>
        PushEventResponse: MessageTypeDefinition<_hookline_api_v1_PushEventResponse, _hookline_api_v1_PushEventResponse__Output>
        PushEventsResponse: MessageTypeDefinition<_hookline_api_v1_PushEventsResponse, _hookline_api_v1_PushEventsResponse__Output>
        RefusedEvent: MessageTypeDefinition<_hookline_api_v1_RefusedEvent, _hookline_api_v1_RefusedEvent__Output>
        RegisterWebhookRequest: MessageTypeDefinition<_hookline_api_v1_RegisterWebhookRequest, _hookline_api_v1_RegisterWebhookRequest__Output>
        RegisterWebhookResponse: MessageTypeDefinition<_hookline_api_v1_RegisterWebhookResponse, _hookline_api_v1_RegisterWebhookResponse__Output>
        UnregisterWebhookRequest: MessageTypeDefinition<_hookline_api_v1_UnregisterWebhookRequest, _hookline_api_v1_UnregisterWebhookRequest__Output>
        UnregisterWebhookResponse: MessageTypeDefinition<_hookline_api_v1_UnregisterWebhookResponse, _hookline_api_v1_UnregisterWebhookResponse__Output>
        WatchDeliveriesRequest: MessageTypeDefinition<_hookline_api_v1_WatchDeliveriesRequest, _hookline_api_v1_WatchDeliveriesRequest__Output>
        WatchDeliveriesResponse: MessageTypeDefinition<_hookline_api_v1_WatchDeliveriesResponse, _hookline_api_v1_WatchDeliveriesResponse__Output>
        Webhook: MessageTypeDefinition<_hookline_api_v1_Webhook, _hookline_api_v1_Webhook__Output>
        WebhookService: SubtypeConstructor<typeof grpc.Client, _hookline_api_v1_WebhookServiceClient> & { service: _hookline_api_v1_WebhookServiceDefinition }
      }
    }
  }
}

