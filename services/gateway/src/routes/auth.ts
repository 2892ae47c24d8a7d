import type { SessionMessage } from '@hookline/contracts/grpc';
import { sendJson } from '@hookline/service-kit';
import type { Response } from 'express';
import type { AccessClient } from '../access-client.ts';
import { readJson } from '../http/json-body.ts';
import type { EdgeLimits } from '../http/limits.ts';
import type { Route } from '../http/route.ts';
import type { RegistryClient } from '../registry-client.ts';
import { AUTH_DOCS } from './auth-docs.ts';
import { loginBody, passwordBody, refreshBody } from './schemas.ts';

export function authRoutes(registry: RegistryClient, access: AccessClient, limits: EdgeLimits): Route[] {
  const refresh = (path: string, doc: Route['doc']): Route => ({
    method: 'POST',
    path,
    access: 'public',
    doc,
    async handle({ request, response, passed }) {
      limits.anonymous(request, response);
      const { refresh_token: refreshToken } = await readJson(request, refreshBody);
      sendSession(response, await access.refreshSession({ refreshToken }, passed));
    },
  });
  const logout = (path: string, doc: Route['doc']): Route => ({
    method: 'POST',
    path,
    access: 'token',
    doc,
    async handle({ response, passed }) {
      await access.endSession({}, passed);
      response.writeHead(204).end();
    },
  });

  return [
    {
      method: 'POST',
      path: '/auth/login',
      access: 'public',
      doc: AUTH_DOCS.login,
      async handle({ request, response, passed }) {
        limits.anonymous(request, response);
        const { username, password } = await readJson(request, loginBody);
        await limits.login(username, response);
        sendSession(response, await registry.logIn({ username, password }, passed));
      },
    },
    refresh('/auth/refresh', AUTH_DOCS.refresh),
    logout('/auth/logout', AUTH_DOCS.logout),
    refresh('/api/v1/auth/refresh', { ...AUTH_DOCS.refresh, id: 'refreshSessionV1' }),
    logout('/api/v1/auth/logout', { ...AUTH_DOCS.logout, id: 'logOutV1' }),
    {
      method: 'POST',
      path: '/auth/password',
      access: 'token',
      doc: AUTH_DOCS.password,
      async handle({ request, response, identity, passed }) {
        const body = await readJson(request, passwordBody);
        await limits.login(identity.subject, response);
        const { current_password: currentPassword, new_password: newPassword } = body;
        await registry.changePassword({ currentPassword, newPassword }, passed);
        response.writeHead(204).end();
      },
    },
  ];
}

function sendSession(response: Response, { token, expiresIn, refreshToken, refreshExpiresIn }: SessionMessage): void {
  const answer = {
    token,
    token_type: 'Bearer',
    expires_in: expiresIn,
    refresh_token: refreshToken,
    refresh_expires_in: refreshExpiresIn,
  };
  sendJson(response, 200, answer, { 'cache-control': 'no-store' });
}
