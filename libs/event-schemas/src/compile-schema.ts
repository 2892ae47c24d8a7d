import { pointerBelow, type Problem } from '@hookline/domain';
import { Ajv2020, type ErrorObject, type Options } from 'ajv/dist/2020.js';
import { RE2JS } from 're2js';
import { boundSchema, hasMoreValues, SCHEMA_LIMITS } from './bounded.ts';

export type CompiledSchema =
  /** `check` says where data first goes wrong, by pointer behind `at`; null: it fits. */
  { kind: 'compiled'; check: (data: unknown, at: string) => Problem | null } | { kind: 'invalid'; problems: Problem[] };

const DIALECT = 'https://json-schema.org/draft/2020-12/schema';

const OPTIONS: Options = {
  logger: false,
  // Unknown keywords are refused: they are mistyped ones.
  strict: true,
  strictTypes: false,
  strictTuples: false,
  strictRequired: false,
  validateFormats: false,
  ownProperties: true,
  code: { regExp: linearRegExp },
};

/** Knows the draft's own schema, which takes some 30 ms to compile: once for all. */
const draft = new Ajv2020(OPTIONS);

/**
 * Makes a function of a JSON Schema (draft 2020-12), or tells what is wrong with it. `format` says something to people only, as the draft has it;
 * patterns are RE2's, whose cost grows with the text and no faster.
 * @param pointer where the schema stands in what the client sent
 */
export function compileSchema(schema: unknown, pointer = '/schema'): CompiledSchema {
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) {
    return { kind: 'invalid', problems: [{ pointer, detail: 'must be an object' }] };
  }
  const { problems, mostValues } = boundSchema(schema, pointer);
  const { $schema: dialect = DIALECT } = schema as { $schema?: unknown };
  if (dialect !== DIALECT) problems.push({ pointer: `${pointer}/$schema`, detail: `must be ${DIALECT}` });
  if (problems.length > 0) return { kind: 'invalid', problems };
  patternWork = 0;
  try {
    if (draft.validateSchema(schema) !== true) {
      return { kind: 'invalid', problems: (draft.errors ?? []).slice(0, 1).map((error) => problemOf(error, pointer)) };
    }
    // One of its own, which goes when the schema goes: Ajv never forgets all of what it has compiled.
    const validate = new Ajv2020({ ...OPTIONS, meta: false, validateSchema: false }).compile(schema);
    // What nests too deeply for the engine shows when it is first called.
    validate(null);
    return {
      kind: 'compiled',
      check(data, at) {
        if (hasMoreValues(data, mostValues)) return { pointer: at, detail: tooManyValues(mostValues) };
        patternWork = 0;
        const fits = validate(data);
        if (patternWork > SCHEMA_LIMITS.patternWork)
          return { pointer: at, detail: 'has more text than the patterns of its schema can be asked of' };
        if (fits) return null;
        const [error] = validate.errors ?? [];
        return error === undefined ? { pointer: at, detail: 'does not fit' } : problemOf(error, at);
      },
    };
  } catch (error) {
    return {
      kind: 'invalid',
      problems: [{ pointer, detail: `can not be used: ${(error as Error).message.slice(0, 200)}` }],
    };
  }
}

/** Of the check that is going on, and nothing comes between. */
let patternWork = 0;

function linearRegExp(pattern: string): { test: (text: string) => boolean; toString: () => string } {
  const compiled = RE2JS.compile(pattern);
  const steps = compiled.programSize();
  return {
    test(text) {
      patternWork += text.length * steps;
      return patternWork <= SCHEMA_LIMITS.patternWork && compiled.matcher(text).find();
    },
    // Ajv takes those of one text for one.
    toString: () => pattern,
  };
}
/** Ajv asks for it to write code for later use, which nobody does here. */
linearRegExp.code = 'linearRegExp';

function tooManyValues(most: number): string {
  return `has more values than its schema can be asked of: at most ${most}`;
}

function problemOf({ instancePath, message, params }: ErrorObject, at: string): Problem {
  const named = (params as { missingProperty?: string; additionalProperty?: string }) ?? {};
  const name = named.missingProperty ?? named.additionalProperty;
  const pointer = at + instancePath;
  if (named.missingProperty !== undefined)
    return { pointer: pointerBelow(pointer, named.missingProperty), detail: 'is required' };
  if (name !== undefined) return { pointer: pointerBelow(pointer, name), detail: 'is not in the schema' };
  return { pointer, detail: message ?? 'does not fit' };
}
