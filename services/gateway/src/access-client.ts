import {
  Access,
  type ApiKeyMessage,
  type ClientTokenMessage,
  type PortalLinkMessage,
  type PortalTokenMessage,
  type QuotasMessage,
  type SessionMessage,
  type TenantMessage,
  type TenantQuotasMessage,
  type UserMessage,
} from '@hookline/contracts/grpc';
import { connectRegistry } from './grpc-calls.ts';
import type { Passed } from './http/route.ts';

interface Page {
  limit: number;
  cursor: string;
}

/** The registry's calls about who may ask. They reject with the errors that the registry meant, or with Unavailable. */
export interface AccessClient {
  refreshSession(request: { refreshToken: string }, passed: Passed): Promise<SessionMessage>;
  endSession(request: object, passed: Passed): Promise<object>;
  issueClientToken(
    request: { clientId: string; clientSecret: string; scope: string },
    passed: Passed,
  ): Promise<ClientTokenMessage>;
  createApiKey(
    request: { name: string; scopes: readonly string[]; expiresAt: string; rateLimit: number },
    passed: Passed,
  ): Promise<ApiKeyMessage>;
  getApiKey(request: { id: string }, passed: Passed): Promise<ApiKeyMessage>;
  listApiKeys(
    request: Page & { createdBy?: string },
    passed: Passed,
  ): Promise<{ apiKeys: ApiKeyMessage[]; nextCursor: string }>;
  rotateApiKey(request: { id: string; overlapMs?: number }, passed: Passed): Promise<ApiKeyMessage>;
  updateApiKey(request: { id: string; rateLimit?: number }, passed: Passed): Promise<ApiKeyMessage>;
  deleteApiKey(request: { id: string }, passed: Passed): Promise<object>;
  deleteApiKeysMadeBy(request: { subject: string }, passed: Passed): Promise<{ deleted: number }>;
  createTenant(request: { id: string }, passed: Passed): Promise<TenantMessage>;
  getTenant(request: { id: string }, passed: Passed): Promise<TenantMessage>;
  listTenants(request: Page, passed: Passed): Promise<{ tenants: TenantMessage[]; nextCursor: string }>;
  getQuotas(request: { tenant: string }, passed: Passed): Promise<TenantQuotasMessage>;
  setQuotas(request: { tenant: string; quotas: QuotasMessage }, passed: Passed): Promise<TenantQuotasMessage>;
  createUser(
    request: { tenant: string; username: string; password: string; scopes: readonly string[] },
    passed: Passed,
  ): Promise<UserMessage>;
  getUser(request: { id: string }, passed: Passed): Promise<UserMessage>;
  listUsers(request: Page & { tenant: string }, passed: Passed): Promise<{ users: UserMessage[]; nextCursor: string }>;
  updateUser(
    request: { id: string; password: string; scopes?: { scopes: readonly string[] } },
    passed: Passed,
  ): Promise<UserMessage>;
  deleteUser(request: { id: string; withApiKeys: boolean }, passed: Passed): Promise<object>;
  createPortalLink(request: { tenant: string; sessionMs?: number }, passed: Passed): Promise<PortalLinkMessage>;
  openPortal(request: { code: string }, passed: Passed): Promise<PortalTokenMessage>;
  close(): void;
}

export function createAccessClient(address: string): AccessClient {
  const { client, unary } = connectRegistry(Access, address);

  return {
    refreshSession: unary('RefreshSession'),
    endSession: unary('EndSession'),
    issueClientToken: unary('IssueClientToken'),
    createApiKey: unary('CreateApiKey'),
    getApiKey: unary('GetApiKey'),
    listApiKeys: unary('ListApiKeys'),
    rotateApiKey: unary('RotateApiKey'),
    updateApiKey: unary('UpdateApiKey'),
    deleteApiKey: unary('DeleteApiKey'),
    deleteApiKeysMadeBy: unary('DeleteApiKeysMadeBy'),
    createTenant: unary('CreateTenant'),
    getTenant: unary('GetTenant'),
    listTenants: unary('ListTenants'),
    getQuotas: unary('GetQuotas'),
    setQuotas: unary('SetQuotas'),
    createUser: unary('CreateUser'),
    getUser: unary('GetUser'),
    listUsers: unary('ListUsers'),
    updateUser: unary('UpdateUser'),
    deleteUser: unary('DeleteUser'),
    createPortalLink: unary('CreatePortalLink'),
    openPortal: unary('OpenPortal'),
    close: () => client.close(),
  };
}
