import { join } from 'node:path';
import { loadPackageDefinition } from '@grpc/grpc-js';
import { loadSync, type PackageDefinition } from '@grpc/proto-loader';
import type { ProtoGrpcType as AccessProto } from './generated/access.ts';
import type { ProtoGrpcType } from './generated/registry.ts';
import type { ProtoGrpcType as WebhooksProto } from './generated/webhooks.ts';

const protoRoot = join(import.meta.dirname, '../../../proto');

function load(file: string): PackageDefinition {
  return loadSync(file, { includeDirs: [protoRoot], defaults: true, longs: Number, enums: String });
}

/** For the reflection service. */
export const registryPackage = load('hookline/v1/registry.proto');
export const accessPackage = load('hookline/v1/access.proto');
export const webhooksPackage = load('hookline/api/v1/webhooks.proto');

const loaded = loadPackageDefinition(registryPackage) as unknown as ProtoGrpcType;
const loadedAccess = loadPackageDefinition(accessPackage) as unknown as AccessProto;
const loadedApi = loadPackageDefinition(webhooksPackage) as unknown as WebhooksProto;

/** Of a call and of its answer. A body of JSON, whatever form its numbers have, and a page of a list are well below. */
export const MAX_MESSAGE_BYTES = 8 * 1024 * 1024;

export const REGISTRY_SERVICE = 'hookline.v1.Registry';
export const Registry = loaded.hookline.v1.Registry;

export const ACCESS_SERVICE = 'hookline.v1.Access';
/** Served by the registry, too. */
export const Access = loadedAccess.hookline.v1.Access;

export const WEBHOOK_SERVICE = 'hookline.api.v1.WebhookService';
export const WebhookService = loadedApi.hookline.api.v1.WebhookService;

export { quotasMessage, quotasOfMessage } from './quota-message.ts';
export type { AccessClient, AccessHandlers } from './generated/hookline/v1/Access.ts';
export type { ApiKey__Output as ApiKeyMessage } from './generated/hookline/v1/ApiKey.ts';
export type { ClientToken__Output as ClientTokenMessage } from './generated/hookline/v1/ClientToken.ts';
export type { FoundApiKey__Output as FoundApiKeyMessage } from './generated/hookline/v1/FoundApiKey.ts';
export type { ListRevocationsResponse__Output as RevocationsMessage } from './generated/hookline/v1/ListRevocationsResponse.ts';
export type { ListQuotasResponse__Output as QuotaChangesMessage } from './generated/hookline/v1/ListQuotasResponse.ts';
export type { Quotas__Output as QuotasMessage } from './generated/hookline/v1/Quotas.ts';
export type { TenantQuotas__Output as TenantQuotasMessage } from './generated/hookline/v1/TenantQuotas.ts';
export type { PortalLink__Output as PortalLinkMessage } from './generated/hookline/v1/PortalLink.ts';
export type { PortalToken__Output as PortalTokenMessage } from './generated/hookline/v1/PortalToken.ts';
export type { Session__Output as SessionMessage } from './generated/hookline/v1/Session.ts';
export type { Tenant__Output as TenantMessage } from './generated/hookline/v1/Tenant.ts';
export type { User__Output as UserMessage } from './generated/hookline/v1/User.ts';
export type { RegistryClient, RegistryHandlers } from './generated/hookline/v1/Registry.ts';
export type { Webhook__Output as WebhookMessage } from './generated/hookline/v1/Webhook.ts';
export type { WebhookSettings__Output as WebhookSettingsMessage } from './generated/hookline/v1/WebhookSettings.ts';
export type { TestWebhookResponse__Output as TestWebhookMessage } from './generated/hookline/v1/TestWebhookResponse.ts';
export type { EventType__Output as EventTypeMessage } from './generated/hookline/v1/EventType.ts';
export type { Delivery__Output as DeliveryMessage } from './generated/hookline/v1/Delivery.ts';
export type { Authorization__Output as AuthorizationMessage } from './generated/hookline/v1/Authorization.ts';
export type { ClientCertificate__Output as ClientCertificateMessage } from './generated/hookline/v1/ClientCertificate.ts';
export type { WebhookSecrets__Output as WebhookSecretsMessage } from './generated/hookline/v1/WebhookSecrets.ts';
export type { WebhookServiceClient, WebhookServiceHandlers } from './generated/hookline/api/v1/WebhookService.ts';
export type { Webhook__Output as ApiWebhookMessage } from './generated/hookline/api/v1/Webhook.ts';
export type { Delivery__Output as ApiDeliveryMessage } from './generated/hookline/api/v1/Delivery.ts';
export type { Event__Output as ApiEventMessage } from './generated/hookline/api/v1/Event.ts';
export type { PushEventRequest__Output as PushEventMessage } from './generated/hookline/api/v1/PushEventRequest.ts';
export type { RefusedEvent__Output as RefusedEventMessage } from './generated/hookline/api/v1/RefusedEvent.ts';
export type { WatchDeliveriesRequest__Output as WatchRequestMessage } from './generated/hookline/api/v1/WatchDeliveriesRequest.ts';
export type { DeliveryUpdate__Output as DeliveryUpdateMessage } from './generated/hookline/api/v1/DeliveryUpdate.ts';
