import { NotFound } from '@hookline/domain';
import { z } from 'zod';
import type { Described, Route } from '../http/route.ts';
import { sendBytes } from '../http/send-bytes.ts';
import { documentOf } from '../openapi/document.ts';
import type { Operation } from '../openapi/operation.ts';
import { FILE_NAMES, fileOf, page, PAGE_POLICY } from '../openapi/page.ts';
import { IF_NONE_MATCH } from './resources.ts';
import { OPERATIONS } from './operations-docs.ts';

const unchanged = { 304: { description: 'It is as the client has it.' } };

const DOCS = {
  document: {
    id: 'getDocument',
    tag: 'operations',
    summary: 'Get this document',
    headers: IF_NONE_MATCH,
    answers: {
      200: { description: 'OpenAPI 3.1.', schema: z.record(z.string(), z.unknown()).meta({ id: 'OpenApiDocument' }) },
      ...unchanged,
    },
  },
  page: {
    id: 'getDocumentation',
    tag: 'operations',
    summary: 'Get this document as an interactive page',
    headers: IF_NONE_MATCH,
    answers: { 200: { description: 'A page.', schema: z.string(), mediaType: 'text/html' }, ...unchanged },
  },
  file: {
    id: 'getDocumentationFile',
    tag: 'operations',
    summary: 'Get a file that the page needs',
    resource: {
      description: 'Its name.',
      schema: z.enum(FILE_NAMES),
      example: 'start.js',
      missing: 'unknown_route',
    },
    headers: IF_NONE_MATCH,
    answers: { 200: { description: 'The file.', schema: z.string(), mediaType: '*/*' }, ...unchanged },
  },
} as const satisfies Record<string, Operation>;

/** The API's document, of these routes and its own, and a page that shows it. */
export function documentRoutes(routes: readonly Described[]): Route[] {
  let bytes: Buffer | undefined;
  const own: Route[] = [
    {
      method: 'GET',
      path: '/openapi.json',
      access: 'public',
      doc: DOCS.document,
      async handle({ request, response }) {
        bytes ??= Buffer.from(JSON.stringify(documentOf([...routes, ...own, ...OPERATIONS])));
        sendBytes(request, response, { bytes, type: 'application/json' });
      },
    },
    {
      method: 'GET',
      path: '/docs',
      access: 'public',
      doc: DOCS.page,
      async handle({ request, response }) {
        response.setHeader('content-security-policy', PAGE_POLICY);
        sendBytes(request, response, page);
      },
    },
    {
      method: 'GET',
      path: '/docs/{id}',
      access: 'public',
      doc: DOCS.file,
      async handle({ request, response, id }) {
        const file = await fileOf(id);
        if (file === null) throw new NotFound('There is nothing here.', { code: 'unknown_route' });
        sendBytes(request, response, file);
      },
    },
  ];
  return own;
}
