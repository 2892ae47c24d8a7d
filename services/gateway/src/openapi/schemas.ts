import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';

export type JsonSchema = Record<string, unknown>;

/** Turns zod's schemas into those of the document. What has an `id` in its meta is kept once, under that name. */
export interface Schemas {
  /** @param io `input`: what comes in, before transforms and defaults. @throws Error if two different schemas have one id */
  of(schema: z.ZodType, io: 'input' | 'output'): JsonSchema;
  /** All that have a name. */
  named(): Record<string, JsonSchema>;
}

export function createSchemas(): Schemas {
  const named = new Map<string, JsonSchema>();

  function keep(id: string, schema: JsonSchema): void {
    const kept = named.get(id);
    if (kept !== undefined && !isDeepStrictEqual(kept, schema)) throw new Error(`two schemas have the id ${id}`);
    named.set(id, schema);
  }

  return {
    of(schema, io) {
      const {
        $schema: _,
        $defs,
        ...converted
      } = withReferences(
        z.toJSONSchema(schema, { io, unrepresentable: 'any', override: ({ jsonSchema }) => simplify(jsonSchema) }),
      ) as JsonSchema & { $defs?: Record<string, JsonSchema> };
      for (const [id, definition] of Object.entries($defs ?? {})) keep(id, definition);
      return converted;
    },
    named: () => Object.fromEntries([...named].toSorted(([a], [b]) => (a < b ? -1 : 1))),
  };
}

/** What zod says more exactly than a reader can bear, or twice. */
function simplify(schema: z.core.JSONSchema.BaseSchema): void {
  if (schema.format === 'date-time' || schema.format === 'uri') delete schema.pattern;
  if (schema.type === 'integer') {
    if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
    if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
  }
  delete (schema as JsonSchema)['id'];
}

/** A copy whose references lead to the document's components. */
function withReferences(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withReferences);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      name === '$ref' && typeof member === 'string'
        ? member.replace('#/$defs/', '#/components/schemas/')
        : withReferences(member),
    ]),
  );
}
