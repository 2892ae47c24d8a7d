import { z } from 'zod';
import { sendBytes } from '../http/send-bytes.ts';
import type { Described, Route } from '../http/route.ts';
import { documentOf } from '../openapi/document.ts';
import type { Operation } from '../openapi/operation.ts';

const DOCUMENT: Operation = {
  id: 'getDocument',
  tag: 'operations',
  summary: 'Get this document',
  answers: {
    200: { description: 'OpenAPI 3.1.', schema: z.record(z.string(), z.unknown()).meta({ id: 'OpenApiDocument' }) },
  },
};

/** The API's document. */
export function documentRoutes(routes: readonly Described[]): Route[] {
  let bytes: Buffer | undefined;
  const document: Route = {
    method: 'GET',
    path: '/openapi.json',
    access: 'public',
    doc: DOCUMENT,
    async handle({ request, response }) {
      bytes ??= Buffer.from(JSON.stringify(documentOf([...routes, document])));
      sendBytes(request, response, { bytes, type: 'application/json' });
    },
  };
  return [document];
}
