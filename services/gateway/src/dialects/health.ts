import { sendJson } from '@hookline/service-kit';
import { z } from 'zod';
import type { Route } from '../http/route.ts';

/** That somebody is there; `/health` says more. */
export function healthRoutes(): Route[] {
  return [
    {
      method: 'GET',
      path: '/api/v1/health',
      access: 'public',
      doc: {
        id: 'getApiHealth',
        tag: 'dialects',
        summary: 'Get whether the gateway answers',
        answers: {
          200: {
            description: 'It does.',
            schema: z.strictObject({ status: z.literal('healthy') }).meta({ id: 'ApiHealth' }),
          },
        },
      },
      async handle({ response }) {
        sendJson(response, 200, { status: 'healthy' });
      },
    },
  ];
}
