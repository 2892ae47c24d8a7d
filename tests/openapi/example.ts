import type { Located } from './document.ts';

export interface ExampleRequest {
  method: string;
  /** With the query. */
  path: string;
  headers: Record<string, string>;
  body?: string;
}

/**
 * The request of an operation's example, one for each media type of its body.
 * @param named what stands in place of the document's ids that are made by chance, and of its receiver
 */
export function exampleRequests(
  { method, path, operation }: Located,
  named: ReadonlyMap<string, string>,
): ExampleRequest[] {
  const { parameters = [], requestBody } = operation;
  const real = (text: string) => [...named].reduce((result, [from, to]) => result.replaceAll(from, to), text);
  const query = new URLSearchParams();
  const headers: Record<string, string> = {};
  let target = path;
  for (const { name, in: place, example } of parameters) {
    if (example === undefined) continue;
    // An object's members are parameters by themselves: `metadata.KEY`.
    const values = typeof example === 'object' && example !== null ? Object.entries(example) : [[name, example]];
    for (const [member, value] of values as [string, string | number][]) {
      const text = real(String(value));
      if (place === 'path') target = target.replace(`{${member}}`, encodeURIComponent(text));
      else if (place === 'query') query.set(member, text);
      else headers[member] = text;
    }
  }
  const whole = query.size === 0 ? target : `${target}?${query.toString()}`;
  const bodies = Object.entries(requestBody?.content ?? {});
  if (bodies.length === 0) return [{ method, path: whole, headers }];
  return bodies.map(([type, { example }]) => ({
    method,
    path: whole,
    headers: { ...headers, 'content-type': type },
    body: type.endsWith('json') ? real(JSON.stringify(example)) : formOf(example as Record<string, string>, real),
  }));
}

function formOf(fields: Record<string, string>, real: (text: string) => string): string {
  return new URLSearchParams(Object.entries(fields).map(([name, value]) => [name, real(value)])).toString();
}
