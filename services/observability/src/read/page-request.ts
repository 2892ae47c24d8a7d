import { hasNul, METADATA_PREFIX, NO_NUL, PAGE, type Filters } from '@hookline/contracts/api';
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

export interface Allowed {
  filters: Filters;
  /** `metadata.KEY=value`, for as many keys as one likes up to a bound. */
  metadata?: boolean;
}

const MAX_LENGTH = 2_048;
const MAX_METADATA = 8;
const OF_PAGE = ['limit', 'cursor', 'after', 'before'];

/** @throws InvalidInput naming every parameter at fault */
export function readPageRequest(query: URLSearchParams, { filters: schemas, metadata = false }: Allowed): PageRequest {
  const problems: Problem[] = [];
  const report = (name: string, detail: string) => problems.push({ pointer: `?${name.slice(0, 100)}`, detail });
  const filters: Record<string, string> = {};
  const wanted: Record<string, string> = {};
  for (const name of new Set(query.keys())) {
    const value = query.get(name) as string;
    const isMetadata = metadata && name.startsWith(METADATA_PREFIX) && name.length > METADATA_PREFIX.length;
    const schema = Object.hasOwn(schemas, name) ? schemas[name] : undefined;
    if (query.getAll(name).length > 1) report(name, 'must be given once');
    else if (name.length + value.length > MAX_LENGTH) report(name, `must have at most ${MAX_LENGTH} characters`);
    else if ((isMetadata || schema !== undefined) && hasNul(name + value)) report(name, NO_NUL);
    else if (isMetadata) wanted[name.slice(METADATA_PREFIX.length)] = value;
    else if (schema !== undefined) {
      const { error } = schema.safeParse(value);
      if (error === undefined) filters[name] = value;
      else report(name, error.issues[0]?.message ?? 'is not valid');
    } else if (!OF_PAGE.includes(name)) report(name, `unknown parameter; known are ${known(schemas, metadata)}`);
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

type Report = (name: string, detail: string) => void;

function known(schemas: Filters, metadata: boolean): string {
  return [...OF_PAGE, ...Object.keys(schemas), ...(metadata ? [`${METADATA_PREFIX}KEY`] : [])].join(', ');
}

function readLimit(text: string | null, report: Report): number {
  if (text === null) return PAGE.byDefault;
  const value = Number(text);
  if (/^\d{1,6}$/.test(text) && value >= 1 && value <= PAGE.max) return value;
  report('limit', `must be a whole number from 1 to ${PAGE.max}`);
  return PAGE.byDefault;
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
