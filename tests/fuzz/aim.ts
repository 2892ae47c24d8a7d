/** JSON. */
export type Document = { paths: Record<string, Record<string, Operation>> } & Record<string, unknown>;

interface Operation {
  responses?: Record<string, { content?: Record<string, unknown> }>;
  parameters?: { name: string; in: string; schema: object }[];
}

export interface Aims {
  /** What every URL is: nothing is to be sent anywhere else. */
  urls: readonly string[];
  /** By the beginning of a path: ids that there are. */
  ids: Readonly<Record<string, readonly string[]>>;
}

const URLS = new Set(['url', 'token_url', 'endpoint_url', 'target_url']);

/** The document with what chance would not hit: URLs of a receiver of ours, and ids that there are. */
export function aim(document: Document, { urls, ids }: Aims): Document {
  const aimed = withUrls(document, urls) as Document;
  for (const [path, operations] of Object.entries(aimed.paths)) {
    for (const [method, operation] of Object.entries(operations)) if (isEndless(operation)) delete operations[method];
    const known = Object.entries(ids).find(([prefix]) => path.startsWith(`${prefix}/{`))?.[1];
    if (known === undefined) continue;
    for (const { parameters = [] } of Object.values(operations)) {
      for (const parameter of parameters) {
        if (parameter.in === 'path') parameter.schema = { anyOf: [{ enum: known }, parameter.schema] };
      }
    }
  }
  return aimed;
}

/** Nobody waits for the end of a stream. */
function isEndless({ responses = {} }: Operation): boolean {
  return Object.values(responses).some(({ content = {} }) => 'text/event-stream' in content);
}

/** A copy in which each property that is a URL is one of these. */
function withUrls(value: unknown, urls: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((member) => withUrls(member, urls));
  if (typeof value !== 'object' || value === null) return value;
  const copy = Object.entries(value).map(([name, member]) => [name, withUrls(member, urls)] as const);
  const members: Record<string, unknown> = Object.fromEntries(copy);
  const { properties } = members;
  if (typeof properties === 'object' && properties !== null) {
    for (const name of Object.keys(properties)) {
      if (URLS.has(name)) Object.assign(properties, { [name]: { type: 'string', enum: urls } });
    }
  }
  return members;
}
