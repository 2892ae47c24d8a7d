import { InvalidInput, type Problem } from '@hookline/domain';
import { decodeCursor, type Cursor } from './cursor.ts';

/** What a list is asked for: the page, and the values of its filters by their names, each checked. */
export interface PageRequest {
  limit: number;
  cursor: Cursor | null;
  filters: Readonly<Record<string, string>>;
  /** Accepted (or dead) at or after; ms. */
  afterMs: number | null;
  /** Before. */
  beforeMs: number | null;
  metadata: Readonly<Record<string, string>>;
}

/** Says what is wrong with a filter's value, or null. */
export type Check = (value: string) => string | null;

export interface Allowed {
  filters: Readonly<Record<string, Check>>;
  /** `metadata.KEY=value`, for as many keys as one likes up to a bound. */
  metadata?: boolean;
}

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 200;
const MAX_LENGTH = 2_048;
const MAX_METADATA = 8;
const METADATA = 'metadata.';
const PAGE = ['limit', 'cursor', 'after', 'before'];

/** @throws InvalidInput naming every parameter at fault */
export function readPageRequest(query: URLSearchParams, { filters: checks, metadata = false }: Allowed): PageRequest {
  const problems: Problem[] = [];
  const report = (name: string, detail: string) => problems.push({ pointer: `?${name.slice(0, 100)}`, detail });
  const filters: Record<string, string> = {};
  const wanted: Record<string, string> = {};
  for (const name of new Set(query.keys())) {
    const value = query.get(name) as string;
    const isMetadata = metadata && name.startsWith(METADATA) && name.length > METADATA.length;
    const check = Object.hasOwn(checks, name) ? checks[name] : undefined;
    if (query.getAll(name).length > 1) report(name, 'must be given once');
    else if (name.length + value.length > MAX_LENGTH) report(name, `must have at most ${MAX_LENGTH} characters`);
    else if ((isMetadata || check !== undefined) && hasNul(name + value)) report(name, NO_NUL);
    else if (isMetadata) wanted[name.slice(METADATA.length)] = value;
    else if (check !== undefined) {
      const problem = check(value);
      if (problem === null) filters[name] = value;
      else report(name, problem);
    } else if (!PAGE.includes(name)) report(name, `unknown parameter; known are ${known(checks, metadata)}`);
  }
  if (Object.keys(wanted).length > MAX_METADATA) report('metadata', `at most ${MAX_METADATA} keys`);
  const request: PageRequest = {
    limit: readLimit(query.get('limit'), report),
    cursor: readCursor(query.get('cursor'), problems),
    filters,
    afterMs: readTime('after', query.get('after'), report),
    beforeMs: readTime('before', query.get('before'), report),
    metadata: wanted,
  };
  if (problems.length === 0) return request;
  const names = problems.map(({ pointer }) => pointer.slice(1)).join(', ');
  throw new InvalidInput(`The query is not valid: ${names}.`, { problems });
}

/** PostgreSQL's text can't hold it, so that nothing has it. */
export const NO_NUL = 'must not contain the character NUL';

export function hasNul(text: string): boolean {
  return text.includes('\0');
}

type Report = (name: string, detail: string) => void;

function known(checks: Allowed['filters'], metadata: boolean): string {
  return [...PAGE, ...Object.keys(checks), ...(metadata ? [`${METADATA}KEY`] : [])].join(', ');
}

function readLimit(text: string | null, report: Report): number {
  if (text === null) return DEFAULT_LIMIT;
  const value = Number(text);
  if (/^\d{1,6}$/.test(text) && value >= 1 && value <= MAX_LIMIT) return value;
  report('limit', `must be a whole number from 1 to ${MAX_LIMIT}`);
  return DEFAULT_LIMIT;
}

const TIME = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d))?$/;

function readTime(name: string, text: string | null, report: Report): number | null {
  if (text === null) return null;
  const ms = TIME.test(text) ? Date.parse(text) : NaN;
  if (!Number.isNaN(ms) && ms >= 0) return ms;
  report(name, 'must be an RFC 3339 time, e.g. 2026-11-27T10:00:00Z');
  return null;
}

function readCursor(text: string | null, problems: Problem[]): Cursor | null {
  if (text === null) return null;
  try {
    return decodeCursor(text);
  } catch (error) {
    problems.push(...(error as InvalidInput).problems);
    return null;
  }
}

/** Any text of a sensible length. */
export const anyText: Check = (value) => (value === '' || value.length > 1_024 ? 'must be 1 to 1024 characters' : null);

export function oneOf(...values: string[]): Check {
  return (value) => (values.includes(value) ? null : `must be one of ${values.join(', ')}`);
}
