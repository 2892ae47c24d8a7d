import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  DEFAULT_TENANT,
  HooklineError,
  InvalidInput,
  NotFound,
  requireScope,
  Unavailable,
  type Clock,
} from '@hookline/domain';
import { readBody, type Span, type SpanAttributes, type Tokens, type Tracer } from '@hookline/service-kit';
import type { Admission } from './admit.ts';
import type { PublicLimit } from './limit-public.ts';
import { MAX_BODY_BYTES, parseEvent, type ParsedEvent } from './parse-event.ts';
import type { Published, Publisher } from './publish.ts';

export interface AcceptDeps {
  tokens: Tokens;
  /** null: `POST /events` is switched off. */
  publicLimit: PublicLimit | null;
  admission: Admission;
  publisher: Publisher;
  clock: Clock;
  tracer: Tracer;
}

/** Whose event it is and whether it may be published; from the token, or for everybody in the default tenant. */
export type Door = 'public' | 'token';

/** The way of one request to publish. Rejects with what the client did wrong, or with what is away. */
export function createAccept({ tokens, publicLimit, admission, publisher, clock, tracer }: AcceptDeps) {
  return async (request: IncomingMessage, response: ServerResponse, door: Door): Promise<void> => {
    const tenant = door === 'token' ? authenticatedTenant(request) : await publicTenant(request);
    refuseTenantHeader(request);
    const bodyBytes = announcedBytes(request);
    if (!admission.enter(bodyBytes)) {
      throw new Unavailable('Too many requests are under way. Send it again.', { code: 'overloaded' });
    }
    const span = startSpan(door, request);
    try {
      const body = await readBody(request, MAX_BODY_BYTES);
      const traceparent = span?.traceparent ?? traceparentOf(request);
      const parsed = parseEvent(body, { tenant, acceptedAtMs: clock.now(), traceparent });
      const published = await publisher.publish(parsed);
      answer(response, published);
      span?.end(attributesOf(parsed, published));
    } catch (error) {
      span?.end({ 'hookline.tenant': tenant }, error instanceof HooklineError ? error.code : 'internal_error');
      throw error;
    } finally {
      admission.leave(bodyBytes);
    }
  };

  /** What comes by the other door has passed the gateway, where it was decided. */
  function startSpan(door: Door, request: IncomingMessage): Span | null {
    const parent = traceparentOf(request);
    return door === 'public' ? tracer.begin('event.accept', parent) : tracer.follow('event.accept', parent);
  }

  function authenticatedTenant(request: IncomingMessage): string {
    const { tenant, scopes } = tokens.verify(request.headers.authorization);
    requireScope(scopes, 'events:publish');
    return tenant;
  }

  async function publicTenant(request: IncomingMessage): Promise<string> {
    if (publicLimit === null) throw new NotFound('Publishing without a token is switched off: use /api/v1/events.');
    await publicLimit.take(request.socket.remoteAddress ?? '');
    return DEFAULT_TENANT;
  }
}

function refuseTenantHeader(request: IncomingMessage): void {
  if (request.headers['ce-tenant'] === undefined) return;
  throw new InvalidInput('The tenant comes from the token: leave the header ce-tenant out.', {
    code: 'tenant_not_allowed',
    problems: [{ pointer: '', detail: 'header ce-tenant cannot be sent' }],
  });
}

/** What the body may come to take; without a content-length that is the most that is read. */
function announcedBytes(request: IncomingMessage): number {
  const announced = Number(request.headers['content-length'] ?? MAX_BODY_BYTES);
  return Number.isSafeInteger(announced) ? Math.min(announced, MAX_BODY_BYTES) : MAX_BODY_BYTES;
}

function traceparentOf(request: IncomingMessage): string | undefined {
  const { traceparent } = request.headers;
  return typeof traceparent === 'string' ? traceparent : undefined;
}

function attributesOf({ event }: ParsedEvent, { repeated }: Published): SpanAttributes {
  return {
    'hookline.tenant': event.tenant,
    'hookline.event.id': event.id,
    'hookline.event.type': event.type,
    'hookline.event.repeated': repeated,
  };
}

function answer(response: ServerResponse, { id, acceptedAtMs, repeated, deduplicated }: Published): void {
  const body = JSON.stringify({ id, accepted_at: new Date(acceptedAtMs).toISOString() });
  const headers: Record<string, string | number> = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  };
  if (repeated) headers['hookline-duplicate'] = 'true';
  if (!deduplicated) headers['hookline-deduplication'] = 'unavailable';
  response.writeHead(202, headers);
  response.end(body);
}
