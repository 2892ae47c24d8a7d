import { z } from 'zod';
import { jsonBody, type Operation } from '../openapi/operation.ts';
import { loginBody, passwordBody, refreshBody } from './schemas.ts';

const tokenAnswer = z
  .strictObject({
    token: z.string().meta({ description: 'For `Authorization: Bearer …`.' }),
    token_type: z.literal('Bearer'),
    expires_in: z.int().min(0).meta({ description: 'Seconds.' }),
    refresh_token: z.string().meta({ description: 'Gives the next token, once: see `POST /auth/refresh`.' }),
    refresh_expires_in: z.int().min(0).meta({ description: 'Seconds, of the whole session.' }),
  })
  .meta({ id: 'Token' });

export const AUTH_DOCS = {
  login: {
    id: 'logIn',
    tag: 'access',
    summary: 'Log in',
    details: 'At most ten times a minute as one user.',
    body: jsonBody(loginBody, { username: 'admin', password: 'password' }),
    answers: { 200: { description: 'A token.', schema: tokenAnswer } },
    problems: { 401: ['wrong_credentials'] },
  },
  refresh: {
    id: 'refreshSession',
    tag: 'access',
    summary: 'Get the next token of a login',
    details: 'Each refresh token is good for once. One that is used again, by whomever, ends the session.',
    body: jsonBody(refreshBody, { refresh_token: 'hlr_9yFCtCzmgVNMzfVDOhsfZOy6yPuj1QX5cXfGYQPA2hg' }),
    answers: { 200: { description: 'A token, and what gives the next one.', schema: tokenAnswer } },
    problems: { 401: ['refresh_refused', 'refresh_reused'] },
  },
  logout: {
    id: 'logOut',
    tag: 'access',
    summary: 'Log out',
    details: 'Ends the session that the token is of: within 5 s it is refused everywhere. An API key stays as it is.',
    answers: { 204: { description: 'You are logged out.' } },
  },
  password: {
    id: 'changePassword',
    tag: 'access',
    summary: 'Change your own password',
    body: jsonBody(passwordBody, { current_password: 'password', new_password: 'a-long-passphrase' }),
    answers: { 204: { description: 'It is changed.' } },
    problems: { 403: ['wrong_password', 'forbidden'] },
  },
} as const satisfies Record<string, Operation>;
