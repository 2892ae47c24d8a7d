import type * as grpc from '@grpc/grpc-js';
import type { MessageTypeDefinition } from '@grpc/proto-loader';

import type { AccessClient as _hookline_v1_AccessClient, AccessDefinition as _hookline_v1_AccessDefinition } from './hookline/v1/Access.ts';
import type { ApiKey as _hookline_v1_ApiKey, ApiKey__Output as _hookline_v1_ApiKey__Output } from './hookline/v1/ApiKey.ts';
import type { ClientToken as _hookline_v1_ClientToken, ClientToken__Output as _hookline_v1_ClientToken__Output } from './hookline/v1/ClientToken.ts';
import type { CreateApiKeyRequest as _hookline_v1_CreateApiKeyRequest, CreateApiKeyRequest__Output as _hookline_v1_CreateApiKeyRequest__Output } from './hookline/v1/CreateApiKeyRequest.ts';
import type { CreatePortalLinkRequest as _hookline_v1_CreatePortalLinkRequest, CreatePortalLinkRequest__Output as _hookline_v1_CreatePortalLinkRequest__Output } from './hookline/v1/CreatePortalLinkRequest.ts';
import type { CreateTenantRequest as _hookline_v1_CreateTenantRequest, CreateTenantRequest__Output as _hookline_v1_CreateTenantRequest__Output } from './hookline/v1/CreateTenantRequest.ts';
import type { CreateUserRequest as _hookline_v1_CreateUserRequest, CreateUserRequest__Output as _hookline_v1_CreateUserRequest__Output } from './hookline/v1/CreateUserRequest.ts';
import type { DeleteApiKeyResponse as _hookline_v1_DeleteApiKeyResponse, DeleteApiKeyResponse__Output as _hookline_v1_DeleteApiKeyResponse__Output } from './hookline/v1/DeleteApiKeyResponse.ts';
import type { DeleteApiKeysMadeByRequest as _hookline_v1_DeleteApiKeysMadeByRequest, DeleteApiKeysMadeByRequest__Output as _hookline_v1_DeleteApiKeysMadeByRequest__Output } from './hookline/v1/DeleteApiKeysMadeByRequest.ts';
import type { DeleteApiKeysMadeByResponse as _hookline_v1_DeleteApiKeysMadeByResponse, DeleteApiKeysMadeByResponse__Output as _hookline_v1_DeleteApiKeysMadeByResponse__Output } from './hookline/v1/DeleteApiKeysMadeByResponse.ts';
import type { DeleteUserRequest as _hookline_v1_DeleteUserRequest, DeleteUserRequest__Output as _hookline_v1_DeleteUserRequest__Output } from './hookline/v1/DeleteUserRequest.ts';
import type { DeleteUserResponse as _hookline_v1_DeleteUserResponse, DeleteUserResponse__Output as _hookline_v1_DeleteUserResponse__Output } from './hookline/v1/DeleteUserResponse.ts';
import type { EndSessionRequest as _hookline_v1_EndSessionRequest, EndSessionRequest__Output as _hookline_v1_EndSessionRequest__Output } from './hookline/v1/EndSessionRequest.ts';
import type { EndSessionResponse as _hookline_v1_EndSessionResponse, EndSessionResponse__Output as _hookline_v1_EndSessionResponse__Output } from './hookline/v1/EndSessionResponse.ts';
import type { FindApiKeyRequest as _hookline_v1_FindApiKeyRequest, FindApiKeyRequest__Output as _hookline_v1_FindApiKeyRequest__Output } from './hookline/v1/FindApiKeyRequest.ts';
import type { FoundApiKey as _hookline_v1_FoundApiKey, FoundApiKey__Output as _hookline_v1_FoundApiKey__Output } from './hookline/v1/FoundApiKey.ts';
import type { GetApiKeyRequest as _hookline_v1_GetApiKeyRequest, GetApiKeyRequest__Output as _hookline_v1_GetApiKeyRequest__Output } from './hookline/v1/GetApiKeyRequest.ts';
import type { GetQuotasRequest as _hookline_v1_GetQuotasRequest, GetQuotasRequest__Output as _hookline_v1_GetQuotasRequest__Output } from './hookline/v1/GetQuotasRequest.ts';
import type { GetTenantRequest as _hookline_v1_GetTenantRequest, GetTenantRequest__Output as _hookline_v1_GetTenantRequest__Output } from './hookline/v1/GetTenantRequest.ts';
import type { GetUserRequest as _hookline_v1_GetUserRequest, GetUserRequest__Output as _hookline_v1_GetUserRequest__Output } from './hookline/v1/GetUserRequest.ts';
import type { IssueClientTokenRequest as _hookline_v1_IssueClientTokenRequest, IssueClientTokenRequest__Output as _hookline_v1_IssueClientTokenRequest__Output } from './hookline/v1/IssueClientTokenRequest.ts';
import type { ListApiKeysRequest as _hookline_v1_ListApiKeysRequest, ListApiKeysRequest__Output as _hookline_v1_ListApiKeysRequest__Output } from './hookline/v1/ListApiKeysRequest.ts';
import type { ListApiKeysResponse as _hookline_v1_ListApiKeysResponse, ListApiKeysResponse__Output as _hookline_v1_ListApiKeysResponse__Output } from './hookline/v1/ListApiKeysResponse.ts';
import type { ListQuotasRequest as _hookline_v1_ListQuotasRequest, ListQuotasRequest__Output as _hookline_v1_ListQuotasRequest__Output } from './hookline/v1/ListQuotasRequest.ts';
import type { ListQuotasResponse as _hookline_v1_ListQuotasResponse, ListQuotasResponse__Output as _hookline_v1_ListQuotasResponse__Output } from './hookline/v1/ListQuotasResponse.ts';
import type { ListRevocationsRequest as _hookline_v1_ListRevocationsRequest, ListRevocationsRequest__Output as _hookline_v1_ListRevocationsRequest__Output } from './hookline/v1/ListRevocationsRequest.ts';
import type { ListRevocationsResponse as _hookline_v1_ListRevocationsResponse, ListRevocationsResponse__Output as _hookline_v1_ListRevocationsResponse__Output } from './hookline/v1/ListRevocationsResponse.ts';
import type { ListTenantsRequest as _hookline_v1_ListTenantsRequest, ListTenantsRequest__Output as _hookline_v1_ListTenantsRequest__Output } from './hookline/v1/ListTenantsRequest.ts';
import type { ListTenantsResponse as _hookline_v1_ListTenantsResponse, ListTenantsResponse__Output as _hookline_v1_ListTenantsResponse__Output } from './hookline/v1/ListTenantsResponse.ts';
import type { ListUsersRequest as _hookline_v1_ListUsersRequest, ListUsersRequest__Output as _hookline_v1_ListUsersRequest__Output } from './hookline/v1/ListUsersRequest.ts';
import type { ListUsersResponse as _hookline_v1_ListUsersResponse, ListUsersResponse__Output as _hookline_v1_ListUsersResponse__Output } from './hookline/v1/ListUsersResponse.ts';
import type { OpenPortalRequest as _hookline_v1_OpenPortalRequest, OpenPortalRequest__Output as _hookline_v1_OpenPortalRequest__Output } from './hookline/v1/OpenPortalRequest.ts';
import type { PortalLink as _hookline_v1_PortalLink, PortalLink__Output as _hookline_v1_PortalLink__Output } from './hookline/v1/PortalLink.ts';
import type { PortalToken as _hookline_v1_PortalToken, PortalToken__Output as _hookline_v1_PortalToken__Output } from './hookline/v1/PortalToken.ts';
import type { Quotas as _hookline_v1_Quotas, Quotas__Output as _hookline_v1_Quotas__Output } from './hookline/v1/Quotas.ts';
import type { RefreshSessionRequest as _hookline_v1_RefreshSessionRequest, RefreshSessionRequest__Output as _hookline_v1_RefreshSessionRequest__Output } from './hookline/v1/RefreshSessionRequest.ts';
import type { RotateApiKeyRequest as _hookline_v1_RotateApiKeyRequest, RotateApiKeyRequest__Output as _hookline_v1_RotateApiKeyRequest__Output } from './hookline/v1/RotateApiKeyRequest.ts';
import type { Session as _hookline_v1_Session, Session__Output as _hookline_v1_Session__Output } from './hookline/v1/Session.ts';
import type { SetQuotasRequest as _hookline_v1_SetQuotasRequest, SetQuotasRequest__Output as _hookline_v1_SetQuotasRequest__Output } from './hookline/v1/SetQuotasRequest.ts';
import type { Tenant as _hookline_v1_Tenant, Tenant__Output as _hookline_v1_Tenant__Output } from './hookline/v1/Tenant.ts';
import type { TenantQuotas as _hookline_v1_TenantQuotas, TenantQuotas__Output as _hookline_v1_TenantQuotas__Output } from './hookline/v1/TenantQuotas.ts';
import type { UpdateApiKeyRequest as _hookline_v1_UpdateApiKeyRequest, UpdateApiKeyRequest__Output as _hookline_v1_UpdateApiKeyRequest__Output } from './hookline/v1/UpdateApiKeyRequest.ts';
import type { UpdateUserRequest as _hookline_v1_UpdateUserRequest, UpdateUserRequest__Output as _hookline_v1_UpdateUserRequest__Output } from './hookline/v1/UpdateUserRequest.ts';
import type { User as _hookline_v1_User, User__Output as _hookline_v1_User__Output } from './hookline/v1/User.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  hookline: {
    v1: {
      Access: SubtypeConstructor<typeof grpc.Client, _hookline_v1_AccessClient> & { service: _hookline_v1_AccessDefinition }
      ApiKey: MessageTypeDefinition<_hookline_v1_ApiKey, _hookline_v1_ApiKey__Output>
      ClientToken: MessageTypeDefinition<_hookline_v1_ClientToken, _hookline_v1_ClientToken__Output>
      CreateApiKeyRequest: MessageTypeDefinition<_hookline_v1_CreateApiKeyRequest, _hookline_v1_CreateApiKeyRequest__Output>
      CreatePortalLinkRequest: MessageTypeDefinition<_hookline_v1_CreatePortalLinkRequest, _hookline_v1_CreatePortalLinkRequest__Output>
      CreateTenantRequest: MessageTypeDefinition<_hookline_v1_CreateTenantRequest, _hookline_v1_CreateTenantRequest__Output>
      CreateUserRequest: MessageTypeDefinition<_hookline_v1_CreateUserRequest, _hookline_v1_CreateUserRequest__Output>
      DeleteApiKeyResponse: MessageTypeDefinition<_hookline_v1_DeleteApiKeyResponse, _hookline_v1_DeleteApiKeyResponse__Output>
      DeleteApiKeysMadeByRequest: MessageTypeDefinition<_hookline_v1_DeleteApiKeysMadeByRequest, _hookline_v1_DeleteApiKeysMadeByRequest__Output>
      DeleteApiKeysMadeByResponse: MessageTypeDefinition<_hookline_v1_DeleteApiKeysMadeByResponse, _hookline_v1_DeleteApiKeysMadeByResponse__Output>
      DeleteUserRequest: MessageTypeDefinition<_hookline_v1_DeleteUserRequest, _hookline_v1_DeleteUserRequest__Output>
      DeleteUserResponse: MessageTypeDefinition<_hookline_v1_DeleteUserResponse, _hookline_v1_DeleteUserResponse__Output>
      EndSessionRequest: MessageTypeDefinition<_hookline_v1_EndSessionRequest, _hookline_v1_EndSessionRequest__Output>
      EndSessionResponse: MessageTypeDefinition<_hookline_v1_EndSessionResponse, _hookline_v1_EndSessionResponse__Output>
      FindApiKeyRequest: MessageTypeDefinition<_hookline_v1_FindApiKeyRequest, _hookline_v1_FindApiKeyRequest__Output>
      FoundApiKey: MessageTypeDefinition<_hookline_v1_FoundApiKey, _hookline_v1_FoundApiKey__Output>
      GetApiKeyRequest: MessageTypeDefinition<_hookline_v1_GetApiKeyRequest, _hookline_v1_GetApiKeyRequest__Output>
      GetQuotasRequest: MessageTypeDefinition<_hookline_v1_GetQuotasRequest, _hookline_v1_GetQuotasRequest__Output>
      GetTenantRequest: MessageTypeDefinition<_hookline_v1_GetTenantRequest, _hookline_v1_GetTenantRequest__Output>
      GetUserRequest: MessageTypeDefinition<_hookline_v1_GetUserRequest, _hookline_v1_GetUserRequest__Output>
      IssueClientTokenRequest: MessageTypeDefinition<_hookline_v1_IssueClientTokenRequest, _hookline_v1_IssueClientTokenRequest__Output>
      ListApiKeysRequest: MessageTypeDefinition<_hookline_v1_ListApiKeysRequest, _hookline_v1_ListApiKeysRequest__Output>
      ListApiKeysResponse: MessageTypeDefinition<_hookline_v1_ListApiKeysResponse, _hookline_v1_ListApiKeysResponse__Output>
      ListQuotasRequest: MessageTypeDefinition<_hookline_v1_ListQuotasRequest, _hookline_v1_ListQuotasRequest__Output>
      ListQuotasResponse: MessageTypeDefinition<_hookline_v1_ListQuotasResponse, _hookline_v1_ListQuotasResponse__Output>
      ListRevocationsRequest: MessageTypeDefinition<_hookline_v1_ListRevocationsRequest, _hookline_v1_ListRevocationsRequest__Output>
      ListRevocationsResponse: MessageTypeDefinition<_hookline_v1_ListRevocationsResponse, _hookline_v1_ListRevocationsResponse__Output>
      ListTenantsRequest: MessageTypeDefinition<_hookline_v1_ListTenantsRequest, _hookline_v1_ListTenantsRequest__Output>
      ListTenantsResponse: MessageTypeDefinition<_hookline_v1_ListTenantsResponse, _hookline_v1_ListTenantsResponse__Output>
      ListUsersRequest: MessageTypeDefinition<_hookline_v1_ListUsersRequest, _hookline_v1_ListUsersRequest__Output>
      ListUsersResponse: MessageTypeDefinition<_hookline_v1_ListUsersResponse, _hookline_v1_ListUsersResponse__Output>
      OpenPortalRequest: MessageTypeDefinition<_hookline_v1_OpenPortalRequest, _hookline_v1_OpenPortalRequest__Output>
      PortalLink: MessageTypeDefinition<_hookline_v1_PortalLink, _hookline_v1_PortalLink__Output>
      PortalToken: MessageTypeDefinition<_hookline_v1_PortalToken, _hookline_v1_PortalToken__Output>
      Quotas: MessageTypeDefinition<_hookline_v1_Quotas, _hookline_v1_Quotas__Output>
      RefreshSessionRequest: MessageTypeDefinition<_hookline_v1_RefreshSessionRequest, _hookline_v1_RefreshSessionRequest__Output>
      RotateApiKeyRequest: MessageTypeDefinition<_hookline_v1_RotateApiKeyRequest, _hookline_v1_RotateApiKeyRequest__Output>
      Session: MessageTypeDefinition<_hookline_v1_Session, _hookline_v1_Session__Output>
      SetQuotasRequest: MessageTypeDefinition<_hookline_v1_SetQuotasRequest, _hookline_v1_SetQuotasRequest__Output>
      Tenant: MessageTypeDefinition<_hookline_v1_Tenant, _hookline_v1_Tenant__Output>
      TenantQuotas: MessageTypeDefinition<_hookline_v1_TenantQuotas, _hookline_v1_TenantQuotas__Output>
      UpdateApiKeyRequest: MessageTypeDefinition<_hookline_v1_UpdateApiKeyRequest, _hookline_v1_UpdateApiKeyRequest__Output>
      UpdateUserRequest: MessageTypeDefinition<_hookline_v1_UpdateUserRequest, _hookline_v1_UpdateUserRequest__Output>
      User: MessageTypeDefinition<_hookline_v1_User, _hookline_v1_User__Output>
    }
  }
}

