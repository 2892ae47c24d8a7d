import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { apiDocument } from '../../services/gateway/src/index.ts';

export interface Operation {
  operationId: string;
  tags: string[];
  summary: string;
  security: Record<string, string[]>[];
  parameters?: Parameter[];
  requestBody?: { content: Record<string, { schema: object; example: unknown }> };
  responses: Record<string, Response>;
}

export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required: boolean;
  schema: object;
  example?: unknown;
}

interface Response {
  $ref?: string;
  description?: string;
  content?: Record<string, { schema: object }>;
}

export interface Document {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, object>; responses: Record<string, Response> };
}

/** An operation with where it is. */
export interface Located {
  method: string;
  path: string;
  operation: Operation;
}

export const document = apiDocument() as unknown as Document;

export const operations: Located[] = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
);

// Formats, and what OpenAPI adds to JSON Schema, say something to people.
const ajv = new Ajv2020({ strict: false, validateFormats: false });
ajv.addSchema({ $id: 'document', components: document.components });
const compiled = new WeakMap<object, ValidateFunction>();

/** What is wrong with a value, or null. Where a schema refers to the document's components, it finds them. */
export function misfit(schema: object, value: unknown): string | null {
  const validate = compiled.get(schema) ?? ajv.compile(withReferences(schema));
  compiled.set(schema, validate);
  return validate(value) ? null : ajv.errorsText(validate.errors);
}

/** @throws Error if one can't be used, or refers to what there isn't */
export function compileAll(): void {
  for (const name of Object.keys(document.components.schemas)) {
    ajv.compile({ $ref: `document#/components/schemas/${name}` });
  }
}

function withReferences(schema: object): object {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/components/', '"document#/components/')) as object;
}

/** What the document has for a status; undefined: nothing. */
export function responseOf({ responses }: Operation, status: number): Response | undefined {
  const response = responses[status];
  const name = /^#\/components\/responses\/(.*)$/.exec(response?.$ref ?? '')?.[1];
  return name === undefined ? response : document.components.responses[name];
}

/** What of an answer is not as the document says, or null. @param type the media type, without parameters */
export function strayFrom(operation: Operation, status: number, type: string, body: string): string | null {
  const response = responseOf(operation, status);
  if (response === undefined) return `${status} is not in the document: ${body}`;
  const contents = Object.entries(response.content ?? {});
  if (contents.length === 0) return body === '' ? null : `${status} should have no body, and has ${body}`;
  const content = contents.find(([mediaType]) => mediaType === type || mediaType === '*/*')?.[1];
  if (content === undefined) return `${status} is ${type}`;
  const isJson = /[/+]json$/.test(type) && content.schema !== undefined;
  const problem = misfit(content.schema, isJson ? JSON.parse(body) : body);
  return problem === null ? null : `${status}: ${problem}: ${body}`;
}
