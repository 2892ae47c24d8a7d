import { z } from 'zod';
import { jsonBody, type Operation } from '../openapi/operation.ts';
import { loginBody, passwordBody } from './schemas.ts';

const tokenAnswer = z
  .strictObject({
    token: z.string().meta({ description: 'For `Authorization: Bearer …`.' }),
    token_type: z.literal('Bearer'),
    expires_in: z.int().min(0).meta({ description: 'Seconds.' }),
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
  password: {
    id: 'changePassword',
    tag: 'access',
    summary: 'Change your own password',
    body: jsonBody(passwordBody, { current_password: 'password', new_password: 'a-long-passphrase' }),
    answers: { 204: { description: 'It is changed.' } },
    problems: { 403: ['wrong_password', 'forbidden'] },
  },
} as const satisfies Record<string, Operation>;
