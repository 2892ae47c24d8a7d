import { InvalidInput, type Problem } from '@hookline/domain';
import { decodeCursor, type Cursor } from './cursor.ts';

const STATES = ['pending', 'retrying', 'deferred', 'succeeded', 'dead', 'expired', 'discarded', 'cancelled'] as const;

export interface PageRequest {
  limit: number;
  cursor: Cursor | null;
  state: string | null;
}

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 200;

/**
 * @param allowed the names that the route knows: `limit` and `cursor`, perhaps `state`
 * @throws InvalidInput naming every parameter at fault
 */
export function readPageRequest(query: URLSearchParams, allowed: readonly string[]): PageRequest {
  const problems: Problem[] = [];
  for (const name of new Set(query.keys())) {
    if (!allowed.includes(name)) {
      problems.push({
        pointer: `?${name.slice(0, 100)}`,
        detail: `unknown parameter; known are ${allowed.join(', ')}`,
      });
    } else if (query.getAll(name).length > 1) {
      problems.push({ pointer: `?${name}`, detail: 'must be given once' });
    }
  }
  const limit = query.get('limit');
  const limitValue = limit === null ? DEFAULT_LIMIT : Number(limit);
  if (limit !== null && (!/^\d{1,6}$/.test(limit) || limitValue < 1 || limitValue > MAX_LIMIT)) {
    problems.push({ pointer: '?limit', detail: `must be a whole number from 1 to ${MAX_LIMIT}` });
  }
  const state = query.get('state');
  if (state !== null && !(STATES as readonly string[]).includes(state)) {
    problems.push({ pointer: '?state', detail: `must be one of ${STATES.join(', ')}` });
  }
  const cursor = readCursor(query.get('cursor'), problems);
  if (problems.length === 0) return { limit: limitValue, cursor, state };
  const names = problems.map(({ pointer }) => pointer.slice(1)).join(', ');
  throw new InvalidInput(`The query is not valid: ${names}.`, { problems });
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
