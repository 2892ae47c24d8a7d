import { problem } from '@hookline/contracts/api';
import { z } from 'zod';
import type { Described } from '../http/route.ts';
import { TAGS, type Answer, type Operation, type Resource } from './operation.ts';
import { problemsOf } from './problems.ts';
import { SECURITY_SCHEMES, securityOf } from './security.ts';
import { createSchemas, type JsonSchema, type Schemas } from './schemas.ts';

/** An OpenAPI 3.1 document: JSON. */
export type ApiDocument = JsonSchema;

const DESCRIPTION = `Hookline delivers webhooks: events come in, each is matched with the webhooks that are registered, and sent to every one of them as a
signed POST, at least once.

All bodies are JSON. Every error is a problem (RFC 9457) with a stable \`code\` and, where fields are at fault, a pointer to each. Lists are
pages: \`next_cursor\` asks for the next one, and stays right while things change. The tenant is the token's: nobody sees another's anything.
\`x-request-id\` is in every answer, and is the client's own where it sent one. With 429 and 503 comes \`Retry-After\`, in seconds. \`RateLimit\` and
\`RateLimit-Policy\` say how much a token may still ask for.`;

/** Codes that nobody needs to look for at each operation. */
const WELL_KNOWN: Record<number, { name: string; description: string }> = {
  401: { name: 'Unauthenticated', description: 'There is no token, or none that is valid.' },
  403: { name: 'Forbidden', description: 'The token lacks the scope.' },
  413: { name: 'TooLarge', description: 'The body is too large.' },
  415: { name: 'UnsupportedMediaType', description: 'The body is not declared as what is taken here.' },
  431: { name: 'HeadersTooLarge', description: 'The headers, or the address, are too long.' },
  429: { name: 'RateLimited', description: 'Too many requests: wait for `Retry-After`.' },
  503: { name: 'Unavailable', description: 'Something is away or too slow: send it again after `Retry-After`.' },
};

/** The API as its routes say that it is. */
export function documentOf(routes: readonly Described[]): ApiDocument {
  const schemas = createSchemas();
  schemas.of(z.array(problem), 'output');
  const responses: Record<string, JsonSchema> = {};
  const paths: Record<string, Record<string, JsonSchema>> = {};
  for (const route of routes) {
    const operation = operationOf(route, schemas, responses);
    (paths[route.path] ??= {})[route.method.toLowerCase()] = operation;
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Hookline',
      version: '1',
      summary: 'Webhook delivery: events in, signed webhooks out, at least once.',
      description: DESCRIPTION,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    paths,
    components: {
      securitySchemes: SECURITY_SCHEMES,
      headers: {
        'X-Request-Id': { description: 'Names the request in our logs.', schema: { type: 'string' } },
        'Retry-After': { description: 'Seconds to wait.', schema: { type: 'string', pattern: '^\\d+$' } },
      },
      responses: Object.fromEntries(Object.entries(responses).toSorted(([a], [b]) => (a < b ? -1 : 1))),
      schemas: schemas.named(),
    },
  };
}

function operationOf(route: Described, schemas: Schemas, responses: Record<string, JsonSchema>): JsonSchema {
  const { access, doc } = route;
  const parameters = parametersOf(doc, schemas);
  return {
    operationId: doc.id,
    tags: [doc.tag],
    summary: doc.summary,
    ...(doc.details === undefined ? {} : { description: doc.details }),
    security: securityOf(access),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(doc.body === undefined ? {} : { requestBody: requestBodyOf(doc.body, schemas) }),
    responses: {
      ...problemResponses(route, responses),
      ...Object.fromEntries(Object.entries(doc.answers).map(([status, answer]) => [status, answerOf(answer, schemas)])),
    },
  };
}

function parametersOf({ resource, query = {}, headers = {} }: Operation, schemas: Schemas): JsonSchema[] {
  return [
    ...(resource === undefined ? [] : [pathParameter(resource, schemas)]),
    ...Object.entries(query).map(([name, schema]) => parameter(name, 'query', schema, schemas)),
    ...Object.entries(headers).map(([name, schema]) => parameter(name, 'header', schema, schemas)),
  ];
}

function pathParameter({ description, schema, example }: Resource, schemas: Schemas): JsonSchema {
  return { name: 'id', in: 'path', required: true, description, schema: schemas.of(schema, 'input'), example };
}

function parameter(name: string, place: 'query' | 'header', schema: z.ZodType, schemas: Schemas): JsonSchema {
  const { description, example, ...rest } = schemas.of(schema, 'input');
  const optional = schema.safeParse(undefined).success;
  return {
    name,
    in: place,
    required: !optional,
    ...(description === undefined ? {} : { description }),
    schema: rest,
    ...(example === undefined ? {} : { example }),
  };
}

function requestBodyOf({ content, optional = false }: NonNullable<Operation['body']>, schemas: Schemas): JsonSchema {
  const bodies = Object.entries(content).map(([mediaType, { schema, example }]) => [
    mediaType,
    { schema: schemas.of(schema, 'input'), example },
  ]);
  return { required: !optional, content: Object.fromEntries(bodies) as JsonSchema };
}

const REQUEST_ID = { 'X-Request-Id': { $ref: '#/components/headers/X-Request-Id' } };

function answerOf(answer: Answer, schemas: Schemas) {
  const { description, schema, mediaType = 'application/json', textAs, headers = {} } = answer;
  const named = Object.entries(headers).map(([name, said]) => [
    name,
    { description: said, schema: { type: 'string' } },
  ]);
  const asText = textAs === undefined ? {} : { [textAs]: { schema: { type: 'string' } } };
  return {
    description,
    headers: { ...(Object.fromEntries(named) as JsonSchema), ...REQUEST_ID },
    ...(schema === undefined ? {} : { content: { [mediaType]: { schema: schemas.of(schema, 'output') }, ...asText } }),
  };
}

function problemResponses(route: Described, responses: Record<string, JsonSchema>): JsonSchema {
  const answers = [...problemsOf(route)].map(([status, codes]): [string, JsonSchema] => {
    const listed = codes.map((code) => `\`${code}\``).join(', ');
    const known = WELL_KNOWN[status];
    if (known === undefined) return [String(status), problemResponse(`${listed}.`)];
    responses[known.name] ??= problemResponse(known.description, [429, 503].includes(status));
    const more = codes.filter((code) => route.doc.problems?.[status]?.includes(code));
    const $ref = `#/components/responses/${known.name}`;
    return [String(status), more.length === 0 ? { $ref } : problemResponse(`${known.description} Also: ${listed}.`)];
  });
  return Object.fromEntries(answers);
}

function problemResponse(description: string, retryAfter = false): JsonSchema {
  return {
    description,
    headers: {
      ...(retryAfter ? { 'Retry-After': { $ref: '#/components/headers/Retry-After' } } : {}),
      ...REQUEST_ID,
    },
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  };
}
