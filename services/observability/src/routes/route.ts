import type { Scope } from '@hookline/domain';
import type { Audits } from '../audit.ts';
import { encodeCursor } from '../read/cursor.ts';
import type { Page } from '../read/list.ts';
import { cleanText } from '../write/clean.ts';

export interface Call {
  tenant: string;
  /** Who the token says is asking. */
  subject: string;
  /** What stands in the path where the route has `{id}`. */
  id: string;
  query: URLSearchParams;
  /** The parsed JSON body; undefined where there was none. */
  body: unknown;
  /** Notes a change as made by whoever asks. */
  audits: Audits;
}

/** An answer that is too long to be held as a whole. */
export interface Streamed {
  mediaType: string;
  parts: AsyncIterable<string>;
}

export interface Route {
  method: 'GET' | 'POST' | 'DELETE';
  /** For the metrics, and the pattern of the path. */
  path: string;
  scope: Scope;
  /** Of a good answer, 200 by default. */
  status?: number;
  answer: (call: Call) => Promise<Buffer | Streamed>;
}

/** The routes of a path, by their methods, and what the path names; or null. */
export function findRoutes(routes: readonly Route[], path: string): { routes: Route[]; id: string } | null {
  const parts = path.split('/');
  const found = routes.filter((route) => matches(route.path.split('/'), parts));
  const [first] = found;
  if (first === undefined) return null;
  const id = decodePart(parts[first.path.split('/').indexOf('{id}')] ?? '');
  return id === null ? null : { routes: found.filter((route) => route.path === first.path), id };
}

function matches(pattern: readonly string[], parts: readonly string[]): boolean {
  if (pattern.length !== parts.length) return false;
  return pattern.every((part, index) => part === parts[index] || (part === '{id}' && parts[index] !== ''));
}

function decodePart(part: string): string | null {
  try {
    return cleanText(decodeURIComponent(part));
  } catch {
    return null;
  }
}

export function json(value: object): Buffer {
  return Buffer.from(JSON.stringify(value), 'utf8');
}

export function list({ next }: Page<unknown>, items: readonly object[]): Buffer {
  return json({ data: items, next_cursor: next === null ? null : encodeCursor(next) });
}
