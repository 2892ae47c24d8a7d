import { InvalidInput } from '@hookline/domain';
import { depthOfJson, jsonErrorAt, readBody } from '@hookline/service-kit';
import type { IncomingMessage } from 'node:http';
import type { z } from 'zod';
import { unsupportedMediaType } from './http-problem.ts';
import { shapeProblems } from './shape-problems.ts';

const MAX_BYTES = 1024 * 1024;
const MAX_DEPTH = 64;
const JSON_TYPE = /^application\/json[ \t]*(?:;[ \t]*charset="?utf-8"?[ \t]*)?;?$/i;
const PATCH_TYPE = /^application\/(?:merge-patch\+)?json[ \t]*(?:;[ \t]*charset="?utf-8"?[ \t]*)?;?$/i;

/**
 * A request's JSON, in the shape of `schema`.
 * @throws HttpProblem 415, TooLarge, InvalidInput naming the position or every field at fault
 */
export async function readJson<Schema extends z.ZodType>(
  request: IncomingMessage,
  schema: Schema,
): Promise<z.infer<Schema>> {
  return checkJson(await readValue(request, JSON_TYPE), schema);
}

/** The same; a request without a body has an empty object. */
export async function readOptionalJson<Schema extends z.ZodType>(
  request: IncomingMessage,
  schema: Schema,
): Promise<z.infer<Schema>> {
  const { 'content-length': length, 'transfer-encoding': chunks, 'content-type': type } = request.headers;
  const empty = type === undefined && chunks === undefined && (length ?? '0') === '0';
  return empty ? checkJson({}, schema) : readJson(request, schema);
}

/** A request's JSON as it stands, too: for what is passed on, or verified, byte for byte. */
export async function readJsonText<Schema extends z.ZodType>(
  request: IncomingMessage,
  schema: Schema,
): Promise<{ text: string; value: z.infer<Schema> }> {
  const text = await readText(request, JSON_TYPE);
  return { text, value: checkJson(parse(text), schema) };
}

/** A JSON merge patch: an object. */
export async function readPatch(request: IncomingMessage): Promise<object> {
  const patch = await readValue(request, PATCH_TYPE);
  if (typeof patch === 'object' && patch !== null && !Array.isArray(patch)) return patch;
  throw new InvalidInput('The body is not as it must be.', {
    problems: [{ pointer: '', detail: 'must be an object' }],
  });
}

/** A value in the shape of `schema`. @throws InvalidInput naming every field at fault */
export function checkJson<Schema extends z.ZodType>(value: unknown, schema: Schema): z.infer<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new InvalidInput('The body is not as it must be.', {
    problems: shapeProblems(parsed.error, value),
  });
}

async function readValue(request: IncomingMessage, type: RegExp): Promise<unknown> {
  return parse(await readText(request, type));
}

async function readText(request: IncomingMessage, type: RegExp): Promise<string> {
  if (!type.test(request.headers['content-type'] ?? '')) throw unsupportedMediaType();
  const encoding = request.headers['content-encoding'] ?? 'identity';
  if (encoding.toLowerCase() !== 'identity') throw unsupportedMediaType();
  const body = await readBody(request, MAX_BYTES);
  try {
    return utf8.decode(body);
  } catch {
    throw notJson('The body is not UTF-8.', 'must be UTF-8');
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function parse(text: string): unknown {
  // What is deeper would exhaust the stack of whoever walks through it.
  if (depthOfJson(text) > MAX_DEPTH) throw notJson('The body is too deep.', `is more than ${MAX_DEPTH} levels deep`);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    const at = jsonErrorAt(text) ?? 0;
    throw notJson(`The body is not JSON: it goes wrong at position ${at}.`, `not JSON at position ${at}`);
  }
}

function notJson(message: string, detail: string): InvalidInput {
  return new InvalidInput(message, { code: 'invalid_json', problems: [{ pointer: '', detail }] });
}
