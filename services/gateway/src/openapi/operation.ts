import type { z } from 'zod';

/**
 * What the API's document says of a route, beside what the route itself says: method, path, scope. The schemas are those that check what comes in
 * (`routes/schemas.ts`, `@hookline/contracts/api`); of what goes out they are the promise, to which tests/openapi holds the running platform.
 */
export interface Operation {
  /** `createWebhook`: one of a kind; clients call a function so. */
  id: string;
  tag: Tag;
  summary: string;
  /** Markdown: what a summary has no room for. */
  details?: string;
  /** What `{id}` in the path stands for. */
  resource?: Resource;
  /** Parameters by their names; those with an `example` in their meta are in the example. */
  query?: Readonly<Record<string, z.ZodType>>;
  headers?: Readonly<Record<string, z.ZodType>>;
  body?: Body;
  /** Good answers by their status. */
  answers: Readonly<Record<number, Answer>>;
  /** Codes of docs/errors.md by their status, beyond those that follow from the rest (problems.ts). */
  problems?: Readonly<Record<number, readonly string[]>>;
}

export const TAGS = {
  webhooks: 'Registered receivers.',
  'event types': 'The catalogue of what events there are.',
  events: 'Publishing events, and what became of them.',
  deliveries: 'One event to one webhook, with every attempt.',
  'dead letters': 'Deliveries that were given up, and jobs that send them again.',
  audit: 'Who changed what.',
  dialects: 'Addresses of other systems, for what was written for those.',
  access: 'Logging in, API keys, tenants and users.',
  operations: 'How the gateway is doing, and this document.',
} as const;

export type Tag = keyof typeof TAGS;

export interface Resource {
  description: string;
  schema: z.ZodType;
  /** One that the examples have. */
  example: string;
  /** The code of the 404. */
  missing: string;
}

export interface Body {
  /** By media type. */
  content: Readonly<Record<string, { schema: z.ZodType; example: unknown }>>;
  optional?: boolean;
}

export interface Answer {
  description: string;
  /** Absent: no body. */
  schema?: z.ZodType;
  /** `application/json` without it. */
  mediaType?: string;
  /** As text, where it is asked for so. */
  textAs?: string;
  /** Each with what it says. */
  headers?: Readonly<Record<string, string>>;
}

export function jsonBody(schema: z.ZodType, example: unknown): Body {
  return { content: { 'application/json': { schema, example } } };
}

export function optionalJsonBody(schema: z.ZodType, example: unknown): Body {
  return { ...jsonBody(schema, example), optional: true };
}
