import { PAGE } from '@hookline/contracts/api';
import { InvalidInput, type Problem } from '@hookline/domain';
import type { IncomingMessage } from 'node:http';

/** The parameters behind `?`, each of them at most once. @throws InvalidInput naming unknown and repeated ones */
export function readQuery<Name extends string>(
  request: IncomingMessage,
  names: readonly Name[],
): Partial<Record<Name, string>> {
  const query = new URLSearchParams(request.url?.split('?').slice(1).join('?') ?? '');
  const problems: Problem[] = [];
  for (const name of new Set(query.keys())) {
    const pointer = `?${name.slice(0, 100)}`;
    const known = (names as readonly string[]).includes(name);
    if (!known) problems.push({ pointer, detail: `unknown parameter; known are ${names.join(', ')}` });
    else if (query.getAll(name).length > 1) problems.push({ pointer, detail: 'must be given once' });
  }
  if (problems.length > 0) throw invalidQuery(problems);
  return Object.fromEntries(query) as Partial<Record<Name, string>>;
}

export function invalidQuery(problems: Problem[]): InvalidInput {
  return new InvalidInput('The query is not valid.', { problems });
}

/** `?limit&cursor`; without a limit it is 0: whoever answers has its own. */
export function readPage(request: IncomingMessage): { limit: number; cursor: string } {
  return readPageWith(request, []);
}

/** The same with further parameters. */
export function readPageWith<Name extends string>(
  request: IncomingMessage,
  names: readonly Name[],
): { limit: number; cursor: string } & Partial<Record<Name, string>> {
  const query: Partial<Record<string, string>> = readQuery(request, ['limit', 'cursor', ...names]);
  const { limit, cursor = '' } = query;
  return { ...(query as Partial<Record<Name, string>>), limit: limitOf(limit), cursor };
}

/** 0: none is asked for. */
function limitOf(limit: string | undefined): number {
  if (limit === undefined) return 0;
  const asked = /^\d{1,6}$/.test(limit) ? Number(limit) : 0;
  if (asked >= 1 && asked <= PAGE.max) return asked;
  throw invalidQuery([{ pointer: '?limit', detail: `must be a whole number from 1 to ${PAGE.max}` }]);
}
