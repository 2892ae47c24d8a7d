// Original file: proto/hookline/v1/access.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { ApiKey as _hookline_v1_ApiKey, ApiKey__Output as _hookline_v1_ApiKey__Output } from '../../hookline/v1/ApiKey.ts';
import type { ClientToken as _hookline_v1_ClientToken, ClientToken__Output as _hookline_v1_ClientToken__Output } from '../../hookline/v1/ClientToken.ts';
import type { CreateApiKeyRequest as _hookline_v1_CreateApiKeyRequest, CreateApiKeyRequest__Output as _hookline_v1_CreateApiKeyRequest__Output } from '../../hookline/v1/CreateApiKeyRequest.ts';
import type { CreatePortalLinkRequest as _hookline_v1_CreatePortalLinkRequest, CreatePortalLinkRequest__Output as _hookline_v1_CreatePortalLinkRequest__Output } from '../../hookline/v1/CreatePortalLinkRequest.ts';
import type { CreateTenantRequest as _hookline_v1_CreateTenantRequest, CreateTenantRequest__Output as _hookline_v1_CreateTenantRequest__Output } from '../../hookline/v1/CreateTenantRequest.ts';
import type { CreateUserRequest as _hookline_v1_CreateUserRequest, CreateUserRequest__Output as _hookline_v1_CreateUserRequest__Output } from '../../hookline/v1/CreateUserRequest.ts';
import type { DeleteApiKeyResponse as _hookline_v1_DeleteApiKeyResponse, DeleteApiKeyResponse__Output as _hookline_v1_DeleteApiKeyResponse__Output } from '../../hookline/v1/DeleteApiKeyResponse.ts';
import type { DeleteApiKeysMadeByRequest as _hookline_v1_DeleteApiKeysMadeByRequest, DeleteApiKeysMadeByRequest__Output as _hookline_v1_DeleteApiKeysMadeByRequest__Output } from '../../hookline/v1/DeleteApiKeysMadeByRequest.ts';
import type { DeleteApiKeysMadeByResponse as _hookline_v1_DeleteApiKeysMadeByResponse, DeleteApiKeysMadeByResponse__Output as _hookline_v1_DeleteApiKeysMadeByResponse__Output } from '../../hookline/v1/DeleteApiKeysMadeByResponse.ts';
import type { DeleteUserRequest as _hookline_v1_DeleteUserRequest, DeleteUserRequest__Output as _hookline_v1_DeleteUserRequest__Output } from '../../hookline/v1/DeleteUserRequest.ts';
import type { DeleteUserResponse as _hookline_v1_DeleteUserResponse, DeleteUserResponse__Output as _hookline_v1_DeleteUserResponse__Output } from '../../hookline/v1/DeleteUserResponse.ts';
import type { EndSessionRequest as _hookline_v1_EndSessionRequest, EndSessionRequest__Output as _hookline_v1_EndSessionRequest__Output } from '../../hookline/v1/EndSessionRequest.ts';
import type { EndSessionResponse as _hookline_v1_EndSessionResponse, EndSessionResponse__Output as _hookline_v1_EndSessionResponse__Output } from '../../hookline/v1/EndSessionResponse.ts';
import type { FindApiKeyRequest as _hookline_v1_FindApiKeyRequest, FindApiKeyRequest__Output as _hookline_v1_FindApiKeyRequest__Output } from '../../hookline/v1/FindApiKeyRequest.ts';
import type { FoundApiKey as _hookline_v1_FoundApiKey, FoundApiKey__Output as _hookline_v1_FoundApiKey__Output } from '../../hookline/v1/FoundApiKey.ts';
import type { GetApiKeyRequest as _hookline_v1_GetApiKeyRequest, GetApiKeyRequest__Output as _hookline_v1_GetApiKeyRequest__Output } from '../../hookline/v1/GetApiKeyRequest.ts';
import type { GetQuotasRequest as _hookline_v1_GetQuotasRequest, GetQuotasRequest__Output as _hookline_v1_GetQuotasRequest__Output } from '../../hookline/v1/GetQuotasRequest.ts';
import type { GetTenantRequest as _hookline_v1_GetTenantRequest, GetTenantRequest__Output as _hookline_v1_GetTenantRequest__Output } from '../../hookline/v1/GetTenantRequest.ts';
import type { GetUserRequest as _hookline_v1_GetUserRequest, GetUserRequest__Output as _hookline_v1_GetUserRequest__Output } from '../../hookline/v1/GetUserRequest.ts';
import type { IssueClientTokenRequest as _hookline_v1_IssueClientTokenRequest, IssueClientTokenRequest__Output as _hookline_v1_IssueClientTokenRequest__Output } from '../../hookline/v1/IssueClientTokenRequest.ts';
import type { ListApiKeysRequest as _hookline_v1_ListApiKeysRequest, ListApiKeysRequest__Output as _hookline_v1_ListApiKeysRequest__Output } from '../../hookline/v1/ListApiKeysRequest.ts';
import type { ListApiKeysResponse as _hookline_v1_ListApiKeysResponse, ListApiKeysResponse__Output as _hookline_v1_ListApiKeysResponse__Output } from '../../hookline/v1/ListApiKeysResponse.ts';
import type { ListQuotasRequest as _hookline_v1_ListQuotasRequest, ListQuotasRequest__Output as _hookline_v1_ListQuotasRequest__Output } from '../../hookline/v1/ListQuotasRequest.ts';
import type { ListQuotasResponse as _hookline_v1_ListQuotasResponse, ListQuotasResponse__Output as _hookline_v1_ListQuotasResponse__Output } from '../../hookline/v1/ListQuotasResponse.ts';
import type { ListRevocationsRequest as _hookline_v1_ListRevocationsRequest, ListRevocationsRequest__Output as _hookline_v1_ListRevocationsRequest__Output } from '../../hookline/v1/ListRevocationsRequest.ts';
import type { ListRevocationsResponse as _hookline_v1_ListRevocationsResponse, ListRevocationsResponse__Output as _hookline_v1_ListRevocationsResponse__Output } from '../../hookline/v1/ListRevocationsResponse.ts';
import type { ListTenantsRequest as _hookline_v1_ListTenantsRequest, ListTenantsRequest__Output as _hookline_v1_ListTenantsRequest__Output } from '../../hookline/v1/ListTenantsRequest.ts';
import type { ListTenantsResponse as _hookline_v1_ListTenantsResponse, ListTenantsResponse__Output as _hookline_v1_ListTenantsResponse__Output } from '../../hookline/v1/ListTenantsResponse.ts';
import type { ListUsersRequest as _hookline_v1_ListUsersRequest, ListUsersRequest__Output as _hookline_v1_ListUsersRequest__Output } from '../../hookline/v1/ListUsersRequest.ts';
import type { ListUsersResponse as _hookline_v1_ListUsersResponse, ListUsersResponse__Output as _hookline_v1_ListUsersResponse__Output } from '../../hookline/v1/ListUsersResponse.ts';
import type { OpenPortalRequest as _hookline_v1_OpenPortalRequest, OpenPortalRequest__Output as _hookline_v1_OpenPortalRequest__Output } from '../../hookline/v1/OpenPortalRequest.ts';
import type { PortalLink as _hookline_v1_PortalLink, PortalLink__Output as _hookline_v1_PortalLink__Output } from '../../hookline/v1/PortalLink.ts';
import type { PortalToken as _hookline_v1_PortalToken, PortalToken__Output as _hookline_v1_PortalToken__Output } from '../../hookline/v1/PortalToken.ts';
import type { RefreshSessionRequest as _hookline_v1_RefreshSessionRequest, RefreshSessionRequest__Output as _hookline_v1_RefreshSessionRequest__Output } from '../../hookline/v1/RefreshSessionRequest.ts';
import type { RotateApiKeyRequest as _hookline_v1_RotateApiKeyRequest, RotateApiKeyRequest__Output as _hookline_v1_RotateApiKeyRequest__Output } from '../../hookline/v1/RotateApiKeyRequest.ts';
import type { Session as _hookline_v1_Session, Session__Output as _hookline_v1_Session__Output } from '../../hookline/v1/Session.ts';
import type { SetQuotasRequest as _hookline_v1_SetQuotasRequest, SetQuotasRequest__Output as _hookline_v1_SetQuotasRequest__Output } from '../../hookline/v1/SetQuotasRequest.ts';
import type { Tenant as _hookline_v1_Tenant, Tenant__Output as _hookline_v1_Tenant__Output } from '../../hookline/v1/Tenant.ts';
import type { TenantQuotas as _hookline_v1_TenantQuotas, TenantQuotas__Output as _hookline_v1_TenantQuotas__Output } from '../../hookline/v1/TenantQuotas.ts';
import type { UpdateApiKeyRequest as _hookline_v1_UpdateApiKeyRequest, UpdateApiKeyRequest__Output as _hookline_v1_UpdateApiKeyRequest__Output } from '../../hookline/v1/UpdateApiKeyRequest.ts';
import type { UpdateUserRequest as _hookline_v1_UpdateUserRequest, UpdateUserRequest__Output as _hookline_v1_UpdateUserRequest__Output } from '../../hookline/v1/UpdateUserRequest.ts';
import type { User as _hookline_v1_User, User__Output as _hookline_v1_User__Output } from '../../hookline/v1/User.ts';

export interface AccessClient extends grpc.Client {
  CreateApiKey(argument: _hookline_v1_CreateApiKeyRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_ApiKey__Output>): grpc.ClientUnaryCall;
  CreateApiKey(argument: _hookline_v1_CreateApiKeyRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_v1_ApiKey__Output>): grpc.ClientUnaryCall;
  CreateApiKey(argument: _hookline_v1_CreateApiKeyRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_ApiKey__Output>): grpc.ClientUnaryCall;
  CreateApiKey(argument: _hookline_v1_CreateApiKeyRequest, callback: grpc.requestCallback<_hookline_v1_ApiKey__Output>): grpc.ClientUnaryCall;
  createApiKey(argument: _hookline_v1_CreateApiKeyRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_ApiKey__Output>): grpc.ClientUnaryCall;
  createApiKey(argument: _hookline_v1_CreateApiKeyRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_v1_ApiKey__Output>): grpc.ClientUnaryCall;
  createApiKey(argument: _hookline_v1_CreateApiKeyRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_ApiKey__Output>): grpc.ClientUnaryCall;
  createApiKey(argument: _hookline_v1_CreateApiKeyRequest, callback: grpc.requestCallback<_hookline_v1_ApiKey__Output>): grpc.ClientUnaryCall;
  
  CreatePortalLink(argument: _hookline_v1_CreatePortalLinkRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_PortalLink__Output>): grpc.ClientUnaryCall;
  CreatePortalLink(argument: _hookline_v1_CreatePortalLinkRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_v1_PortalLink__Output>): grpc.ClientUnaryCall;
  CreatePortalLink(argument: _hookline_v1_CreatePortalLinkRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_PortalLink__Output>): grpc.ClientUnaryCall;
  CreatePortalLink(argument: _hookline_v1_CreatePortalLinkRequest, callback: grpc.requestCallback<_hookline_v1_PortalLink__Output>): grpc.ClientUnaryCall;
  createPortalLink(argument: _hookline_v1_CreatePortalLinkRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_PortalLink__Output>): grpc.ClientUnaryCall;
  createPortalLink(argument: _hookline_v1_CreatePortalLinkRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_v1_PortalLink__Output>): grpc.ClientUnaryCall;
  createPortalLink(argument: _hookline_v1_CreatePortalLinkRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_PortalLink__Output>): grpc.ClientUnaryCall;
  createPortalLink(argument: _hookline_v1_CreatePortalLinkRequest, callback: grpc.requestCallback<_hookline_v1_PortalLink__Output>): grpc.ClientUnaryCall;
  
  CreateTenant(argument: _hookline_v1_CreateTenantRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_Tenant__Output>): grpc.ClientUnaryCall;
  CreateTenant(argument: _hookline_v1_CreateTenantRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_v1_Tenant__Output>): grpc.ClientUnaryCall;
  CreateTenant(argument: _hookline_v1_CreateTenantRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_Tenant__Output>): grpc.ClientUnaryCall;
  CreateTenant(argument: _hookline_v1_CreateTenantRequest, callback: grpc.requestCallback<_hookline_v1_Tenant__Output>): grpc.ClientUnaryCall;
  createTenant(argument: _hookline_v1_CreateTenantRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_Tenant__Output>): grpc.ClientUnaryCall;
  createTenant(argument: _hookline_v1_CreateTenantRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_v1_Tenant__Output>): grpc.ClientUnaryCall;
  createTenant(argument: _hookline_v1_CreateTenantRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_Tenant__Output>): grpc.ClientUnaryCall;
  createTenant(argument: _hookline_v1_CreateTenantRequest, callback: grpc.requestCallback<_hookline_v1_Tenant__Output>): grpc.ClientUnaryCall;
  
  CreateUser(argument: _hookline_v1_CreateUserRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_User__Output>): grpc.ClientUnaryCall;
  CreateUser(argument: _hookline_v1_CreateUserRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_v1_User__Output>): grpc.ClientUnaryCall;
  CreateUser(argument: _hookline_v1_CreateUserRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_User__Output>): grpc.ClientUnaryCall;
  CreateUser(argument: _hookline_v1_CreateUserRequest, callback: grpc.requestCallback<_hookline_v1_User__Output>): grpc.ClientUnaryCall;
  createUser(argument: _hookline_v1_CreateUserRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_User__Output>): grpc.ClientUnaryCall;
  createUser(argument: _hookline_v1_CreateUserRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_v1_User__Output>): grpc.ClientUnaryCall;
  createUser(argument: _hookline_v1_CreateUserRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_User__Output>): grpc.ClientUnaryCall;
  createUser(argument: _hookline_v1_CreateUserRequest, callback: grpc.requestCallback<_hookline_v1_User__Output>): grpc.ClientUnaryCall;
  
  DeleteApiKey(argument: _hookline_v1_GetApiKeyRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_DeleteApiKeyResponse__Output>): grpc.ClientUnaryCall;
  DeleteApiKey(argument: _hookline_v1_GetApiKeyRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_v1_DeleteApiKeyResponse__Output>): grpc.ClientUnaryCall;
  DeleteApiKey(argument: _hookline_v1_GetApiKeyRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_DeleteApiKeyResponse__Output>): grpc.ClientUnaryCall;
  DeleteApiKey(argument: _hookline_v1_GetApiKeyRequest, callback: grpc.requestCallback<_hookline_v1_DeleteApiKeyResponse__Output>): grpc.ClientUnaryCall;
  deleteApiKey(argument: _hookline_v1_GetApiKeyRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_DeleteApiKeyResponse__Output>): grpc.ClientUnaryCall;
  deleteApiKey(argument: _hookline_v1_GetApiKeyRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_v1_DeleteApiKeyResponse__Output>): grpc.ClientUnaryCall;
  deleteApiKey(argument: _hookline_v1_GetApiKeyRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_DeleteApiKeyResponse__Output>): grpc.ClientUnaryCall;
  deleteApiKey(argument: _hookline_v1_GetApiKeyRequest, callback: grpc.requestCallback<_hookline_v1_DeleteApiKeyResponse__Output>): grpc.ClientUnaryCall;
  
  DeleteApiKeysMadeBy(argument: _hookline_v1_DeleteApiKeysMadeByRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_DeleteApiKeysMadeByResponse__Output>): grpc.ClientUnaryCall;
  DeleteApiKeysMadeBy(argument: _hookline_v1_DeleteApiKeysMadeByRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_v1_DeleteApiKeysMadeByResponse__Output>): grpc.ClientUnaryCall;
  DeleteApiKeysMadeBy(argument: _hookline_v1_DeleteApiKeysMadeByRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_DeleteApiKeysMadeByResponse__Output>): grpc.ClientUnaryCall;
  DeleteApiKeysMadeBy(argument: _hookline_v1_DeleteApiKeysMadeByRequest, callback: grpc.requestCallback<_hookline_v1_DeleteApiKeysMadeByResponse__Output>): grpc.ClientUnaryCall;
  deleteApiKeysMadeBy(argument: _hookline_v1_DeleteApiKeysMadeByRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_DeleteApiKeysMadeByResponse__Output>): grpc.ClientUnaryCall;
  deleteApiKeysMadeBy(argument: _hookline_v1_DeleteApiKeysMadeByRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_v1_DeleteApiKeysMadeByResponse__Output>): grpc.ClientUnaryCall;
  deleteApiKeysMadeBy(argument: _hookline_v1_DeleteApiKeysMadeByRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_DeleteApiKeysMadeByResponse__Output>): grpc.ClientUnaryCall;
  deleteApiKeysMadeBy(argument: _hookline_v1_DeleteApiKeysMadeByRequest, callback: grpc.requestCallback<_hookline_v1_DeleteApiKeysMadeByResponse__Output>): grpc.ClientUnaryCall;
  
  DeleteUser(argument: _hookline_v1_DeleteUserRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_DeleteUserResponse__Output>): grpc.ClientUnaryCall;
  DeleteUser(argument: _hookline_v1_DeleteUserRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_v1_DeleteUserResponse__Output>): grpc.ClientUnaryCall;
  DeleteUser(argument: _hookline_v1_DeleteUserRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_DeleteUserResponse__Output>): grpc.ClientUnaryCall;
  DeleteUser(argument: _hookline_v1_DeleteUserRequest, callback: grpc.requestCallback<_hookline_v1_DeleteUserResponse__Output>): grpc.ClientUnaryCall;
  deleteUser(argument: _hookline_v1_DeleteUserRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_DeleteUserResponse__Output>): grpc.ClientUnaryCall;
  deleteUser(argument: _hookline_v1_DeleteUserRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_v1_DeleteUserResponse__Output>): grpc.ClientUnaryCall;
  deleteUser(argument: _hookline_v1_DeleteUserRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_DeleteUserResponse__Output>): grpc.ClientUnaryCall;
  deleteUser(argument: _hookline_v1_DeleteUserRequest, callback: grpc.requestCallback<_hookline_v1_DeleteUserResponse__Output>): grpc.ClientUnaryCall;
  
  EndSession(argument: _hookline_v1_EndSessionRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_EndSessionResponse__Output>): grpc.ClientUnaryCall;
  EndSession(argument: _hookline_v1_EndSessionRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_v1_EndSessionResponse__Output>): grpc.ClientUnaryCall;
  EndSession(argument: _hookline_v1_EndSessionRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_EndSessionResponse__Output>): grpc.ClientUnaryCall;
  EndSession(argument: _hookline_v1_EndSessionRequest, callback: grpc.requestCallback<_hookline_v1_EndSessionResponse__Output>): grpc.ClientUnaryCall;
  endSession(argument: _hookline_v1_EndSessionRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_EndSessionResponse__Output>): grpc.ClientUnaryCall;
  endSession(argument: _hookline_v1_EndSessionRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_v1_EndSessionResponse__Output>): grpc.ClientUnaryCall;
  endSession(argument: _hookline_v1_EndSessionRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_EndSessionResponse__Output>): grpc.ClientUnaryCall;
  endSession(argument: _hookline_v1_EndSessionRequest, callback: grpc.requestCallback<_hookline_v1_EndSessionResponse__Output>): grpc.ClientUnaryCall;
  
  FindApiKey(argument: _hookline_v1_FindApiKeyRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_FoundApiKey__Output>): grpc.ClientUnaryCall;
  FindApiKey(argument: _hookline_v1_FindApiKeyRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_v1_FoundApiKey__Output>): grpc.ClientUnaryCall;
  FindApiKey(argument: _hookline_v1_FindApiKeyRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_FoundApiKey__Output>): grpc.ClientUnaryCall;
  FindApiKey(argument: _hookline_v1_FindApiKeyRequest, callback: grpc.requestCallback<_hookline_v1_FoundApiKey__Output>): grpc.ClientUnaryCall;
  findApiKey(argument: _hookline_v1_FindApiKeyRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_FoundApiKey__Output>): grpc.ClientUnaryCall;
  findApiKey(argument: _hookline_v1_FindApiKeyRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_v1_FoundApiKey__Output>): grpc.ClientUnaryCall;
  findApiKey(argument: _hookline_v1_FindApiKeyRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_FoundApiKey__Output>): grpc.ClientUnaryCall;
  findApiKey(argument: _hookline_v1_FindApiKeyRequest, callback: grpc.requestCallback<_hookline_v1_FoundApiKey__Output>): grpc.ClientUnaryCall;
  
  GetApiKey(argument: _hookline_v1_GetApiKeyRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_ApiKey__Output>): grpc.ClientUnaryCall;
  GetApiKey(argument: _hookline_v1_GetApiKeyRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_v1_ApiKey__Output>): grpc.ClientUnaryCall;
  GetApiKey(argument: _hookline_v1_GetApiKeyRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_ApiKey__Output>): grpc.ClientUnaryCall;
  GetApiKey(argument: _hookline_v1_GetApiKeyRequest, callback: grpc.requestCallback<_hookline_v1_ApiKey__Output>): grpc.ClientUnaryCall;
  getApiKey(argument: _hookline_v1_GetApiKeyRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_ApiKey__Output>): grpc.ClientUnaryCall;
  getApiKey(argument: _hookline_v1_GetApiKeyRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_v1_ApiKey__Output>): grpc.ClientUnaryCall;
  getApiKey(argument: _hookline_v1_GetApiKeyRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_ApiKey__Output>): grpc.ClientUnaryCall;
  getApiKey(argument: _hookline_v1_GetApiKeyRequest, callback: grpc.requestCallback<_hookline_v1_ApiKey__Output>): grpc.ClientUnaryCall;
  
  GetQuotas(argument: _hookline_v1_GetQuotasRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_TenantQuotas__Output>): grpc.ClientUnaryCall;
  GetQuotas(argument: _hookline_v1_GetQuotasRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_v1_TenantQuotas__Output>): grpc.ClientUnaryCall;
  GetQuotas(argument: _hookline_v1_GetQuotasRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_TenantQuotas__Output>): grpc.ClientUnaryCall;
  GetQuotas(argument: _hookline_v1_GetQuotasRequest, callback: grpc.requestCallback<_hookline_v1_TenantQuotas__Output>): grpc.ClientUnaryCall;
  getQuotas(argument: _hookline_v1_GetQuotasRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_TenantQuotas__Output>): grpc.ClientUnaryCall;
  getQuotas(argument: _hookline_v1_GetQuotasRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_v1_TenantQuotas__Output>): grpc.ClientUnaryCall;
  getQuotas(argument: _hookline_v1_GetQuotasRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_TenantQuotas__Output>): grpc.ClientUnaryCall;
  getQuotas(argument: _hookline_v1_GetQuotasRequest, callback: grpc.requestCallback<_hookline_v1_TenantQuotas__Output>): grpc.ClientUnaryCall;
  
  GetTenant(argument: _hookline_v1_GetTenantRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_Tenant__Output>): grpc.ClientUnaryCall;
  GetTenant(argument: _hookline_v1_GetTenantRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_v1_Tenant__Output>): grpc.ClientUnaryCall;
  GetTenant(argument: _hookline_v1_GetTenantRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_Tenant__Output>): grpc.ClientUnaryCall;
  GetTenant(argument: _hookline_v1_GetTenantRequest, callback: grpc.requestCallback<_hookline_v1_Tenant__Output>): grpc.ClientUnaryCall;
  getTenant(argument: _hookline_v1_GetTenantRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_Tenant__Output>): grpc.ClientUnaryCall;
  getTenant(argument: _hookline_v1_GetTenantRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_v1_Tenant__Output>): grpc.ClientUnaryCall;
  getTenant(argument: _hookline_v1_GetTenantRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_Tenant__Output>): grpc.ClientUnaryCall;
  getTenant(argument: _hookline_v1_GetTenantRequest, callback: grpc.requestCallback<_hookline_v1_Tenant__Output>): grpc.ClientUnaryCall;
  
  GetUser(argument: _hookline_v1_GetUserRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_User__Output>): grpc.ClientUnaryCall;
  GetUser(argument: _hookline_v1_GetUserRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_v1_User__Output>): grpc.ClientUnaryCall;
  GetUser(argument: _hookline_v1_GetUserRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_User__Output>): grpc.ClientUnaryCall;
  GetUser(argument: _hookline_v1_GetUserRequest, callback: grpc.requestCallback<_hookline_v1_User__Output>): grpc.ClientUnaryCall;
  getUser(argument: _hookline_v1_GetUserRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_User__Output>): grpc.ClientUnaryCall;
  getUser(argument: _hookline_v1_GetUserRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_v1_User__Output>): grpc.ClientUnaryCall;
  getUser(argument: _hookline_v1_GetUserRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_User__Output>): grpc.ClientUnaryCall;
  getUser(argument: _hookline_v1_GetUserRequest, callback: grpc.requestCallback<_hookline_v1_User__Output>): grpc.ClientUnaryCall;
  
  IssueClientToken(argument: _hookline_v1_IssueClientTokenRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_ClientToken__Output>): grpc.ClientUnaryCall;
  IssueClientToken(argument: _hookline_v1_IssueClientTokenRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_v1_ClientToken__Output>): grpc.ClientUnaryCall;
  IssueClientToken(argument: _hookline_v1_IssueClientTokenRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_ClientToken__Output>): grpc.ClientUnaryCall;
  IssueClientToken(argument: _hookline_v1_IssueClientTokenRequest, callback: grpc.requestCallback<_hookline_v1_ClientToken__Output>): grpc.ClientUnaryCall;
  issueClientToken(argument: _hookline_v1_IssueClientTokenRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_ClientToken__Output>): grpc.ClientUnaryCall;
  issueClientToken(argument: _hookline_v1_IssueClientTokenRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_v1_ClientToken__Output>): grpc.ClientUnaryCall;
  issueClientToken(argument: _hookline_v1_IssueClientTokenRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_ClientToken__Output>): grpc.ClientUnaryCall;
  issueClientToken(argument: _hookline_v1_IssueClientTokenRequest, callback: grpc.requestCallback<_hookline_v1_ClientToken__Output>): grpc.ClientUnaryCall;
  
  ListApiKeys(argument: _hookline_v1_ListApiKeysRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_ListApiKeysResponse__Output>): grpc.ClientUnaryCall;
  ListApiKeys(argument: _hookline_v1_ListApiKeysRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_v1_ListApiKeysResponse__Output>): grpc.ClientUnaryCall;
  ListApiKeys(argument: _hookline_v1_ListApiKeysRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_ListApiKeysResponse__Output>): grpc.ClientUnaryCall;
  ListApiKeys(argument: _hookline_v1_ListApiKeysRequest, callback: grpc.requestCallback<_hookline_v1_ListApiKeysResponse__Output>): grpc.ClientUnaryCall;
  listApiKeys(argument: _hookline_v1_ListApiKeysRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_ListApiKeysResponse__Output>): grpc.ClientUnaryCall;
  listApiKeys(argument: _hookline_v1_ListApiKeysRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_v1_ListApiKeysResponse__Output>): grpc.ClientUnaryCall;
  listApiKeys(argument: _hookline_v1_ListApiKeysRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_ListApiKeysResponse__Output>): grpc.ClientUnaryCall;
  listApiKeys(argument: _hookline_v1_ListApiKeysRequest, callback: grpc.requestCallback<_hookline_v1_ListApiKeysResponse__Output>): grpc.ClientUnaryCall;
  
  ListQuotas(argument: _hookline_v1_ListQuotasRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_ListQuotasResponse__Output>): grpc.ClientUnaryCall;
  ListQuotas(argument: _hookline_v1_ListQuotasRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_v1_ListQuotasResponse__Output>): grpc.ClientUnaryCall;
  ListQuotas(argument: _hookline_v1_ListQuotasRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_ListQuotasResponse__Output>): grpc.ClientUnaryCall;
  ListQuotas(argument: _hookline_v1_ListQuotasRequest, callback: grpc.requestCallback<_hookline_v1_ListQuotasResponse__Output>): grpc.ClientUnaryCall;
  listQuotas(argument: _hookline_v1_ListQuotasRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_ListQuotasResponse__Output>): grpc.ClientUnaryCall;
  listQuotas(argument: _hookline_v1_ListQuotasRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_v1_ListQuotasResponse__Output>): grpc.ClientUnaryCall;
  listQuotas(argument: _hookline_v1_ListQuotasRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_ListQuotasResponse__Output>): grpc.ClientUnaryCall;
  listQuotas(argument: _hookline_v1_ListQuotasRequest, callback: grpc.requestCallback<_hookline_v1_ListQuotasResponse__Output>): grpc.ClientUnaryCall;
  
  ListRevocations(argument: _hookline_v1_ListRevocationsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_ListRevocationsResponse__Output>): grpc.ClientUnaryCall;
  ListRevocations(argument: _hookline_v1_ListRevocationsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_v1_ListRevocationsResponse__Output>): grpc.ClientUnaryCall;
  ListRevocations(argument: _hookline_v1_ListRevocationsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_ListRevocationsResponse__Output>): grpc.ClientUnaryCall;
  ListRevocations(argument: _hookline_v1_ListRevocationsRequest, callback: grpc.requestCallback<_hookline_v1_ListRevocationsResponse__Output>): grpc.ClientUnaryCall;
  listRevocations(argument: _hookline_v1_ListRevocationsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_ListRevocationsResponse__Output>): grpc.ClientUnaryCall;
  listRevocations(argument: _hookline_v1_ListRevocationsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_v1_ListRevocationsResponse__Output>): grpc.ClientUnaryCall;
  listRevocations(argument: _hookline_v1_ListRevocationsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_ListRevocationsResponse__Output>): grpc.ClientUnaryCall;
  listRevocations(argument: _hookline_v1_ListRevocationsRequest, callback: grpc.requestCallback<_hookline_v1_ListRevocationsResponse__Output>): grpc.ClientUnaryCall;
  
  ListTenants(argument: _hookline_v1_ListTenantsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_ListTenantsResponse__Output>): grpc.ClientUnaryCall;
  ListTenants(argument: _hookline_v1_ListTenantsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_v1_ListTenantsResponse__Output>): grpc.ClientUnaryCall;
  ListTenants(argument: _hookline_v1_ListTenantsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_ListTenantsResponse__Output>): grpc.ClientUnaryCall;
  ListTenants(argument: _hookline_v1_ListTenantsRequest, callback: grpc.requestCallback<_hookline_v1_ListTenantsResponse__Output>): grpc.ClientUnaryCall;
  listTenants(argument: _hookline_v1_ListTenantsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_ListTenantsResponse__Output>): grpc.ClientUnaryCall;
  listTenants(argument: _hookline_v1_ListTenantsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_v1_ListTenantsResponse__Output>): grpc.ClientUnaryCall;
  listTenants(argument: _hookline_v1_ListTenantsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_ListTenantsResponse__Output>): grpc.ClientUnaryCall;
  listTenants(argument: _hookline_v1_ListTenantsRequest, callback: grpc.requestCallback<_hookline_v1_ListTenantsResponse__Output>): grpc.ClientUnaryCall;
  
  ListUsers(argument: _hookline_v1_ListUsersRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_ListUsersResponse__Output>): grpc.ClientUnaryCall;
  ListUsers(argument: _hookline_v1_ListUsersRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_v1_ListUsersResponse__Output>): grpc.ClientUnaryCall;
  ListUsers(argument: _hookline_v1_ListUsersRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_ListUsersResponse__Output>): grpc.ClientUnaryCall;
  ListUsers(argument: _hookline_v1_ListUsersRequest, callback: grpc.requestCallback<_hookline_v1_ListUsersResponse__Output>): grpc.ClientUnaryCall;
  listUsers(argument: _hookline_v1_ListUsersRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_ListUsersResponse__Output>): grpc.ClientUnaryCall;
  listUsers(argument: _hookline_v1_ListUsersRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_v1_ListUsersResponse__Output>): grpc.ClientUnaryCall;
  listUsers(argument: _hookline_v1_ListUsersRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_ListUsersResponse__Output>): grpc.ClientUnaryCall;
  listUsers(argument: _hookline_v1_ListUsersRequest, callback: grpc.requestCallback<_hookline_v1_ListUsersResponse__Output>): grpc.ClientUnaryCall;
  
  OpenPortal(argument: _hookline_v1_OpenPortalRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_PortalToken__Output>): grpc.ClientUnaryCall;
  OpenPortal(argument: _hookline_v1_OpenPortalRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_v1_PortalToken__Output>): grpc.ClientUnaryCall;
  OpenPortal(argument: _hookline_v1_OpenPortalRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_PortalToken__Output>): grpc.ClientUnaryCall;
  OpenPortal(argument: _hookline_v1_OpenPortalRequest, callback: grpc.requestCallback<_hookline_v1_PortalToken__Output>): grpc.ClientUnaryCall;
  openPortal(argument: _hookline_v1_OpenPortalRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_PortalToken__Output>): grpc.ClientUnaryCall;
  openPortal(argument: _hookline_v1_OpenPortalRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_v1_PortalToken__Output>): grpc.ClientUnaryCall;
  openPortal(argument: _hookline_v1_OpenPortalRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_PortalToken__Output>): grpc.ClientUnaryCall;
  openPortal(argument: _hookline_v1_OpenPortalRequest, callback: grpc.requestCallback<_hookline_v1_PortalToken__Output>): grpc.ClientUnaryCall;
  
  RefreshSession(argument: _hookline_v1_RefreshSessionRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_Session__Output>): grpc.ClientUnaryCall;
  RefreshSession(argument: _hookline_v1_RefreshSessionRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_v1_Session__Output>): grpc.ClientUnaryCall;
  RefreshSession(argument: _hookline_v1_RefreshSessionRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_Session__Output>): grpc.ClientUnaryCall;
  RefreshSession(argument: _hookline_v1_RefreshSessionRequest, callback: grpc.requestCallback<_hookline_v1_Session__Output>): grpc.ClientUnaryCall;
  refreshSession(argument: _hookline_v1_RefreshSessionRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_Session__Output>): grpc.ClientUnaryCall;
  refreshSession(argument: _hookline_v1_RefreshSessionRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_v1_Session__Output>): grpc.ClientUnaryCall;
  refreshSession(argument: _hookline_v1_RefreshSessionRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_Session__Output>): grpc.ClientUnaryCall;
  refreshSession(argument: _hookline_v1_RefreshSessionRequest, callback: grpc.requestCallback<_hookline_v1_Session__Output>): grpc.ClientUnaryCall;
  
  RotateApiKey(argument: _hookline_v1_RotateApiKeyRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_ApiKey__Output>): grpc.ClientUnaryCall;
  RotateApiKey(argument: _hookline_v1_RotateApiKeyRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_v1_ApiKey__Output>): grpc.ClientUnaryCall;
  RotateApiKey(argument: _hookline_v1_RotateApiKeyRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_ApiKey__Output>): grpc.ClientUnaryCall;
  RotateApiKey(argument: _hookline_v1_RotateApiKeyRequest, callback: grpc.requestCallback<_hookline_v1_ApiKey__Output>): grpc.ClientUnaryCall;
  rotateApiKey(argument: _hookline_v1_RotateApiKeyRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_ApiKey__Output>): grpc.ClientUnaryCall;
  rotateApiKey(argument: _hookline_v1_RotateApiKeyRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_v1_ApiKey__Output>): grpc.ClientUnaryCall;
  rotateApiKey(argument: _hookline_v1_RotateApiKeyRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_ApiKey__Output>): grpc.ClientUnaryCall;
  rotateApiKey(argument: _hookline_v1_RotateApiKeyRequest, callback: grpc.requestCallback<_hookline_v1_ApiKey__Output>): grpc.ClientUnaryCall;
  
  SetQuotas(argument: _hookline_v1_SetQuotasRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_TenantQuotas__Output>): grpc.ClientUnaryCall;
  SetQuotas(argument: _hookline_v1_SetQuotasRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_v1_TenantQuotas__Output>): grpc.ClientUnaryCall;
  SetQuotas(argument: _hookline_v1_SetQuotasRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_TenantQuotas__Output>): grpc.ClientUnaryCall;
  SetQuotas(argument: _hookline_v1_SetQuotasRequest, callback: grpc.requestCallback<_hookline_v1_TenantQuotas__Output>): grpc.ClientUnaryCall;
  setQuotas(argument: _hookline_v1_SetQuotasRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_TenantQuotas__Output>): grpc.ClientUnaryCall;
  setQuotas(argument: _hookline_v1_SetQuotasRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_v1_TenantQuotas__Output>): grpc.ClientUnaryCall;
  setQuotas(argument: _hookline_v1_SetQuotasRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_TenantQuotas__Output>): grpc.ClientUnaryCall;
  setQuotas(argument: _hookline_v1_SetQuotasRequest, callback: grpc.requestCallback<_hookline_v1_TenantQuotas__Output>): grpc.ClientUnaryCall;
  
  UpdateApiKey(argument: _hookline_v1_UpdateApiKeyRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_ApiKey__Output>): grpc.ClientUnaryCall;
  UpdateApiKey(argument: _hookline_v1_UpdateApiKeyRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_v1_ApiKey__Output>): grpc.ClientUnaryCall;
  UpdateApiKey(argument: _hookline_v1_UpdateApiKeyRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_ApiKey__Output>): grpc.ClientUnaryCall;
  UpdateApiKey(argument: _hookline_v1_UpdateApiKeyRequest, callback: grpc.requestCallback<_hookline_v1_ApiKey__Output>): grpc.ClientUnaryCall;
  updateApiKey(argument: _hookline_v1_UpdateApiKeyRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_ApiKey__Output>): grpc.ClientUnaryCall;
  updateApiKey(argument: _hookline_v1_UpdateApiKeyRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_v1_ApiKey__Output>): grpc.ClientUnaryCall;
  updateApiKey(argument: _hookline_v1_UpdateApiKeyRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_ApiKey__Output>): grpc.ClientUnaryCall;
  updateApiKey(argument: _hookline_v1_UpdateApiKeyRequest, callback: grpc.requestCallback<_hookline_v1_ApiKey__Output>): grpc.ClientUnaryCall;
  
  UpdateUser(argument: _hookline_v1_UpdateUserRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_User__Output>): grpc.ClientUnaryCall;
  UpdateUser(argument: _hookline_v1_UpdateUserRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_v1_User__Output>): grpc.ClientUnaryCall;
  UpdateUser(argument: _hookline_v1_UpdateUserRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_User__Output>): grpc.ClientUnaryCall;
  UpdateUser(argument: _hookline_v1_UpdateUserRequest, callback: grpc.requestCallback<_hookline_v1_User__Output>): grpc.ClientUnaryCall;
  updateUser(argument: _hookline_v1_UpdateUserRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_User__Output>): grpc.ClientUnaryCall;
  updateUser(argument: _hookline_v1_UpdateUserRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_hookline_v1_User__Output>): grpc.ClientUnaryCall;
  updateUser(argument: _hookline_v1_UpdateUserRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_hookline_v1_User__Output>): grpc.ClientUnaryCall;
  updateUser(argument: _hookline_v1_UpdateUserRequest, callback: grpc.requestCallback<_hookline_v1_User__Output>): grpc.ClientUnaryCall;
  
}

export interface AccessHandlers extends grpc.UntypedServiceImplementation {
  CreateApiKey: grpc.handleUnaryCall<_hookline_v1_CreateApiKeyRequest__Output, _hookline_v1_ApiKey>;
  
  CreatePortalLink: grpc.handleUnaryCall<_hookline_v1_CreatePortalLinkRequest__Output, _hookline_v1_PortalLink>;
  
  CreateTenant: grpc.handleUnaryCall<_hookline_v1_CreateTenantRequest__Output, _hookline_v1_Tenant>;
  
  CreateUser: grpc.handleUnaryCall<_hookline_v1_CreateUserRequest__Output, _hookline_v1_User>;
  
  DeleteApiKey: grpc.handleUnaryCall<_hookline_v1_GetApiKeyRequest__Output, _hookline_v1_DeleteApiKeyResponse>;
  
  DeleteApiKeysMadeBy: grpc.handleUnaryCall<_hookline_v1_DeleteApiKeysMadeByRequest__Output, _hookline_v1_DeleteApiKeysMadeByResponse>;
  
  DeleteUser: grpc.handleUnaryCall<_hookline_v1_DeleteUserRequest__Output, _hookline_v1_DeleteUserResponse>;
  
  EndSession: grpc.handleUnaryCall<_hookline_v1_EndSessionRequest__Output, _hookline_v1_EndSessionResponse>;
  
  FindApiKey: grpc.handleUnaryCall<_hookline_v1_FindApiKeyRequest__Output, _hookline_v1_FoundApiKey>;
  
  GetApiKey: grpc.handleUnaryCall<_hookline_v1_GetApiKeyRequest__Output, _hookline_v1_ApiKey>;
  
  GetQuotas: grpc.handleUnaryCall<_hookline_v1_GetQuotasRequest__Output, _hookline_v1_TenantQuotas>;
  
  GetTenant: grpc.handleUnaryCall<_hookline_v1_GetTenantRequest__Output, _hookline_v1_Tenant>;
  
  GetUser: grpc.handleUnaryCall<_hookline_v1_GetUserRequest__Output, _hookline_v1_User>;
  
  IssueClientToken: grpc.handleUnaryCall<_hookline_v1_IssueClientTokenRequest__Output, _hookline_v1_ClientToken>;
  
  ListApiKeys: grpc.handleUnaryCall<_hookline_v1_ListApiKeysRequest__Output, _hookline_v1_ListApiKeysResponse>;
  
  ListQuotas: grpc.handleUnaryCall<_hookline_v1_ListQuotasRequest__Output, _hookline_v1_ListQuotasResponse>;
  
  ListRevocations: grpc.handleUnaryCall<_hookline_v1_ListRevocationsRequest__Output, _hookline_v1_ListRevocationsResponse>;
  
  ListTenants: grpc.handleUnaryCall<_hookline_v1_ListTenantsRequest__Output, _hookline_v1_ListTenantsResponse>;
  
  ListUsers: grpc.handleUnaryCall<_hookline_v1_ListUsersRequest__Output, _hookline_v1_ListUsersResponse>;
  
  OpenPortal: grpc.handleUnaryCall<_hookline_v1_OpenPortalRequest__Output, _hookline_v1_PortalToken>;
  
  RefreshSession: grpc.handleUnaryCall<_hookline_v1_RefreshSessionRequest__Output, _hookline_v1_Session>;
  
  RotateApiKey: grpc.handleUnaryCall<_hookline_v1_RotateApiKeyRequest__Output, _hookline_v1_ApiKey>;
  
  SetQuotas: grpc.handleUnaryCall<_hookline_v1_SetQuotasRequest__Output, _hookline_v1_TenantQuotas>;
  
  UpdateApiKey: grpc.handleUnaryCall<_hookline_v1_UpdateApiKeyRequest__Output, _hookline_v1_ApiKey>;
  
  UpdateUser: grpc.handleUnaryCall<_hookline_v1_UpdateUserRequest__Output, _hookline_v1_User>;
  
}

export interface AccessDefinition extends grpc.ServiceDefinition {
  CreateApiKey: MethodDefinition<_hookline_v1_CreateApiKeyRequest, _hookline_v1_ApiKey, _hookline_v1_CreateApiKeyRequest__Output, _hookline_v1_ApiKey__Output>
  CreatePortalLink: MethodDefinition<_hookline_v1_CreatePortalLinkRequest, _hookline_v1_PortalLink, _hookline_v1_CreatePortalLinkRequest__Output, _hookline_v1_PortalLink__Output>
  CreateTenant: MethodDefinition<_hookline_v1_CreateTenantRequest, _hookline_v1_Tenant, _hookline_v1_CreateTenantRequest__Output, _hookline_v1_Tenant__Output>
  CreateUser: MethodDefinition<_hookline_v1_CreateUserRequest, _hookline_v1_User, _hookline_v1_CreateUserRequest__Output, _hookline_v1_User__Output>
  DeleteApiKey: MethodDefinition<_hookline_v1_GetApiKeyRequest, _hookline_v1_DeleteApiKeyResponse, _hookline_v1_GetApiKeyRequest__Output, _hookline_v1_DeleteApiKeyResponse__Output>
  DeleteApiKeysMadeBy: MethodDefinition<_hookline_v1_DeleteApiKeysMadeByRequest, _hookline_v1_DeleteApiKeysMadeByResponse, _hookline_v1_DeleteApiKeysMadeByRequest__Output, _hookline_v1_DeleteApiKeysMadeByResponse__Output>
  DeleteUser: MethodDefinition<_hookline_v1_DeleteUserRequest, _hookline_v1_DeleteUserResponse, _hookline_v1_DeleteUserRequest__Output, _hookline_v1_DeleteUserResponse__Output>
  EndSession: MethodDefinition<_hookline_v1_EndSessionRequest, _hookline_v1_EndSessionResponse, _hookline_v1_EndSessionRequest__Output, _hookline_v1_EndSessionResponse__Output>
  FindApiKey: MethodDefinition<_hookline_v1_FindApiKeyRequest, _hookline_v1_FoundApiKey, _hookline_v1_FindApiKeyRequest__Output, _hookline_v1_FoundApiKey__Output>
  GetApiKey: MethodDefinition<_hookline_v1_GetApiKeyRequest, _hookline_v1_ApiKey, _hookline_v1_GetApiKeyRequest__Output, _hookline_v1_ApiKey__Output>
  GetQuotas: MethodDefinition<_hookline_v1_GetQuotasRequest, _hookline_v1_TenantQuotas, _hookline_v1_GetQuotasRequest__Output, _hookline_v1_TenantQuotas__Output>
  GetTenant: MethodDefinition<_hookline_v1_GetTenantRequest, _hookline_v1_Tenant, _hookline_v1_GetTenantRequest__Output, _hookline_v1_Tenant__Output>
  GetUser: MethodDefinition<_hookline_v1_GetUserRequest, _hookline_v1_User, _hookline_v1_GetUserRequest__Output, _hookline_v1_User__Output>
  IssueClientToken: MethodDefinition<_hookline_v1_IssueClientTokenRequest, _hookline_v1_ClientToken, _hookline_v1_IssueClientTokenRequest__Output, _hookline_v1_ClientToken__Output>
  ListApiKeys: MethodDefinition<_hookline_v1_ListApiKeysRequest, _hookline_v1_ListApiKeysResponse, _hookline_v1_ListApiKeysRequest__Output, _hookline_v1_ListApiKeysResponse__Output>
  ListQuotas: MethodDefinition<_hookline_v1_ListQuotasRequest, _hookline_v1_ListQuotasResponse, _hookline_v1_ListQuotasRequest__Output, _hookline_v1_ListQuotasResponse__Output>
  ListRevocations: MethodDefinition<_hookline_v1_ListRevocationsRequest, _hookline_v1_ListRevocationsResponse, _hookline_v1_ListRevocationsRequest__Output, _hookline_v1_ListRevocationsResponse__Output>
  ListTenants: MethodDefinition<_hookline_v1_ListTenantsRequest, _hookline_v1_ListTenantsResponse, _hookline_v1_ListTenantsRequest__Output, _hookline_v1_ListTenantsResponse__Output>
  ListUsers: MethodDefinition<_hookline_v1_ListUsersRequest, _hookline_v1_ListUsersResponse, _hookline_v1_ListUsersRequest__Output, _hookline_v1_ListUsersResponse__Output>
  OpenPortal: MethodDefinition<_hookline_v1_OpenPortalRequest, _hookline_v1_PortalToken, _hookline_v1_OpenPortalRequest__Output, _hookline_v1_PortalToken__Output>
  RefreshSession: MethodDefinition<_hookline_v1_RefreshSessionRequest, _hookline_v1_Session, _hookline_v1_RefreshSessionRequest__Output, _hookline_v1_Session__Output>
  RotateApiKey: MethodDefinition<_hookline_v1_RotateApiKeyRequest, _hookline_v1_ApiKey, _hookline_v1_RotateApiKeyRequest__Output, _hookline_v1_ApiKey__Output>
  SetQuotas: MethodDefinition<_hookline_v1_SetQuotasRequest, _hookline_v1_TenantQuotas, _hookline_v1_SetQuotasRequest__Output, _hookline_v1_TenantQuotas__Output>
  UpdateApiKey: MethodDefinition<_hookline_v1_UpdateApiKeyRequest, _hookline_v1_ApiKey, _hookline_v1_UpdateApiKeyRequest__Output, _hookline_v1_ApiKey__Output>
  UpdateUser: MethodDefinition<_hookline_v1_UpdateUserRequest, _hookline_v1_User, _hookline_v1_UpdateUserRequest__Output, _hookline_v1_User__Output>
}
