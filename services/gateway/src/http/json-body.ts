import { InvalidInput } from '@hookline/domain';
import { jsonErrorAt, readBody } from '@hookline/service-kit';
import type { IncomingMessage } from 'node:http';
import type { z } from 'zod';
import { unsupportedMediaType } from './http-problem.ts';
import { shapeProblems } from './shape-problems.ts';

const MAX_BYTES = 1024 * 1024;
const JSON_TYPE = /^application\/json[ \t]*(?:;[ \t]*charset="?utf-8"?[ \t]*)?;?$/i;

/**
 * A request's JSON, in the shape of `schema`.
 * @throws HttpProblem 415, TooLarge, InvalidInput naming the position or every field at fault
 */
export async function readJson<Schema extends z.ZodType>(
  request: IncomingMessage,
  schema: Schema,
): Promise<z.infer<Schema>> {
  if (!JSON_TYPE.test(request.headers['content-type'] ?? '')) throw unsupportedMediaType();
  const encoding = request.headers['content-encoding'] ?? 'identity';
  if (encoding.toLowerCase() !== 'identity') throw unsupportedMediaType();
  const value = parse(await readBody(request, MAX_BYTES));
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new InvalidInput('The body is not as it must be.', {
    problems: shapeProblems(parsed.error, value),
  });
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function parse(body: Buffer): unknown {
  let text: string;
  try {
    text = utf8.decode(body);
  } catch {
    throw notJson('The body is not UTF-8.', 'must be UTF-8');
  }
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
