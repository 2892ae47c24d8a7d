import { sendJson } from '@hookline/service-kit';
import { readJson } from '../http/json-body.ts';
import type { EdgeLimits } from '../http/limits.ts';
import type { Route } from '../http/route.ts';
import type { RegistryClient } from '../registry-client.ts';
import { AUTH_DOCS } from './auth-docs.ts';
import { loginBody, passwordBody } from './schemas.ts';

export function authRoutes(registry: RegistryClient, limits: EdgeLimits): Route[] {
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
        const { token, expiresIn } = await registry.logIn({ username, password }, passed);
        const answer = { token, token_type: 'Bearer', expires_in: expiresIn };
        sendJson(response, 200, answer, { 'cache-control': 'no-store' });
      },
    },
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
