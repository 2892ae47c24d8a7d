import { isUtf8 } from 'node:buffer';
import { InvalidInput } from '@hookline/domain';
import { jsonErrorAt } from '@hookline/service-kit';
import { invalid } from './problems.ts';

export interface JsonText {
  text: string;
  value: unknown;
}

/** @throws InvalidInput if the bytes are no JSON in UTF-8, with the position */
export function parseJson(bytes: Buffer): JsonText {
  if (!isUtf8(bytes)) throw invalid('', 'The body must be JSON in UTF-8.', 'must be UTF-8');
  const text = bytes.toString('utf8');
  try {
    return { text, value: JSON.parse(text) as unknown };
  } catch {
    const at = jsonErrorAt(text) ?? 0;
    const where = at === text.length ? `ends too early, at position ${at}` : `stops being JSON at position ${at}`;
    throw new InvalidInput(`The body ${where}.`, { code: 'invalid_json', problems: [{ pointer: '', detail: where }] });
  }
}

/** @throws InvalidInput if what is at `pointer` is no object */
export function requireObject(value: unknown, pointer: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw invalid(pointer, 'An event must be one JSON object.', 'must be an object');
}
