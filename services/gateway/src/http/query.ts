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
