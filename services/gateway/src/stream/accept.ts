import { HooklineError, Unavailable, type Problem } from '@hookline/domain';
import type { Identity } from '@hookline/service-kit';
import type { IncomingMessage } from 'node:http';
import { invalidQuery } from '../http/query.ts';
import type { Passed } from '../http/route.ts';
import type { RegistryClient } from '../registry-client.ts';
import type { Client, Outlet } from './client.ts';
import { decodeCursor } from './cursor.ts';
import type { Feed } from './feed.ts';
import { readSelection } from './selection.ts';

export interface AcceptDeps {
  feed: Feed;
  registry: Pick<RegistryClient, 'getWebhook'>;
  /** Whether the token still lets its bearer read deliveries. @throws whatever says why it does not */
  verify: (request: AskingRequest) => Promise<void>;
}

/** What is read of a request: the query of its address, and two headers. */
export type AskingRequest = Pick<IncomingMessage, 'url' | 'headers'>;

export interface Asking {
  request: AskingRequest;
  identity: Identity;
  passed: Passed;
}

/** A stream that may begin. */
export interface Accepted {
  /** To be called once, unless it is left before. @throws Unavailable when it is left meanwhile */
  begin(outlet: Outlet): Promise<Client>;
  /** Its client has gone. Idempotent. */
  leave(): void;
}

export type Accept = (asking: Asking) => Promise<Accepted>;

const PARAMETERS = ['webhook', 'type', 'outcome', 'cursor'];
/** How long a token that was revoked, or has expired, can be listened with. */
const VERIFY_MS = 5_000;

/** Makes of a request what it asks for, whichever way it is to be answered. @throws InvalidInput, NotFound, RateLimited, Unavailable */
export function createAccept({ feed, registry, verify }: AcceptDeps): Accept {
  return async ({ request, identity: { tenant }, passed }) => {
    const query = new URLSearchParams(request.url?.split('?').slice(1).join('?') ?? '');
    const problems: Problem[] = [];
    for (const name of new Set(query.keys())) {
      const detail = `unknown parameter; known are ${PARAMETERS.join(', ')}`;
      if (!PARAMETERS.includes(name)) problems.push({ pointer: `?${name.slice(0, 100)}`, detail });
    }
    const asked = readSelection(query, problems);
    if (problems.length > 0) throw invalidQuery(problems);
    const named = asked.webhooks.map((id) => registry.getWebhook({ id }, passed));
    const webhooks = (await Promise.all(named)).map(({ id }) => id);

    const place = await feed.open(tenant);
    let verifying: NodeJS.Timeout | undefined;
    let left = false;
    const leave = () => {
      left = true;
      clearInterval(verifying);
      place.leave();
    };
    const given = cursorOf(request, query);
    const cursor = given === undefined ? undefined : decodeCursor(given, place.partitions);
    if (cursor === null) {
      leave();
      throw invalidQuery([{ pointer: '?cursor', detail: 'must be a cursor of this stream' }]);
    }
    return {
      async begin(outlet) {
        const client = await place.stream(outlet, { ...asked, tenant, webhooks }, cursor);
        if (left) throw new Unavailable('The client has gone.');
        verifying = setInterval(() => {
          verify(request).catch((error: unknown) => {
            if (isRefusal(error)) client.end('token_ended');
          });
        }, VERIFY_MS).unref();
        return client;
      },
      leave,
    };
  };
}

/** A browser that connects again sends the header, and the query as it was at first. */
function cursorOf({ headers }: AskingRequest, query: URLSearchParams): string | undefined {
  const latest = headers['last-event-id'];
  if (typeof latest === 'string' && latest !== '') return latest;
  return query.get('cursor') ?? undefined;
}

/** Not that it can't be found out at the moment. */
function isRefusal(error: unknown): boolean {
  return error instanceof HooklineError && (error.intent === 'unauthenticated' || error.intent === 'forbidden');
}
