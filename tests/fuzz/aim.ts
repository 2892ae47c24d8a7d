type Json = Record<string, unknown>;

/** JSON. */
export interface Document extends Json {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Json> };
}

interface Operation {
  responses?: Record<string, { content?: Record<string, unknown> }>;
  parameters?: { name: string; in: string; schema: object }[];
  requestBody?: Json;
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
  const aimed = structuredClone(document);
  for (const [path, operations] of Object.entries(aimed.paths)) {
    for (const [method, operation] of Object.entries(operations)) if (isEndless(operation)) delete operations[method];
    const known = Object.entries(ids).find(([prefix]) => path.startsWith(`${prefix}/{`))?.[1];
    for (const { parameters = [], requestBody } of Object.values(operations)) {
      if (requestBody !== undefined) aimUrls(requestBody, aimed, urls, new Set());
      for (const parameter of known === undefined ? [] : parameters) {
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

/** Makes each property that is a URL one of these, in what a body refers to as well. */
function aimUrls(value: unknown, document: Document, urls: readonly string[], seen: Set<string>): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, member] of Object.entries(value)) {
    if (name === 'properties') {
      for (const property of Object.keys(member as Json)) {
        if (URLS.has(property)) (member as Json)[property] = { type: 'string', enum: urls };
      }
    }
    const referred = name === '$ref' ? /^#\/components\/schemas\/(.+)$/.exec(String(member))?.[1] : undefined;
    if (referred !== undefined && !seen.has(referred)) {
      aimUrls(document.components.schemas[referred], document, urls, seen.add(referred));
    }
    aimUrls(member, document, urls, seen);
  }
}
