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
import {
  type Admission,
  announcedBytes,
  type Authenticator,
  type Identity,
  readBody,
  type Span,
  type SpanAttributes,
  type Tracer,
} from '@hookline/service-kit';
import { answerBatch, answerSingle, type BatchOutcome } from './answer.ts';
import type { EventTypes } from './event-types.ts';
import { readIdempotencyKey, type IdempotencyKeys } from './idempotency-key.ts';
import type { IngestionMetrics } from './metrics.ts';
import type { Outcome, Published, Publisher } from './publish.ts';
import type { EventQuotas } from './quotas/quotas.ts';
import type { BatchItem } from './read/batch.ts';
import { identifyByKey, shortHash, type ParsedEvent } from './read/build-event.ts';
import type { Reader } from './read/choose-reader.ts';
import type { RateLimits } from './rate-limits.ts';

export interface AcceptDeps {
  authenticator: Pick<Authenticator, 'verify'>;
  rateLimits: RateLimits;
  /** Whether one may publish without a token. */
  publicEvents: boolean;
  admission: Admission;
  quotas: Pick<EventQuotas, 'checked'>;
  eventTypes: Pick<EventTypes, 'checked'>;
  idempotencyKeys: IdempotencyKeys;
  publisher: Publisher;
  clock: Clock;
  tracer: Tracer;
  metrics: IngestionMetrics;
}

/** Whose event it is and whether it may be published; from the token, or for everybody in the default tenant. */
export type Door = 'public' | 'token';

/** The way of one request to publish. Rejects with what the client did wrong, or with what is away. */
export function createAccept(deps: AcceptDeps) {
  const {
    authenticator,
    rateLimits,
    publicEvents,
    admission,
    quotas,
    eventTypes,
    idempotencyKeys,
    publisher,
    clock,
    tracer,
    metrics,
  } = deps;

  return async (request: IncomingMessage, response: ServerResponse, door: Door, reader: Reader): Promise<void> => {
    const identity = door === 'token' ? await authenticated(request, response) : publicly(request, response);
    const tenant = identity?.tenant ?? DEFAULT_TENANT;
    refuseTenantHeader(request);
    const key = readIdempotencyKey(request.headers['idempotency-key']);
    const bodyBytes = announcedBytes(request, reader.maxBytes);
    if (!admission.enter(bodyBytes)) {
      throw new Unavailable('Too many requests are under way. Send it again.', { code: 'overloaded' });
    }
    const span = startSpan(door, request);
    try {
      const body = await readBody(request, reader.maxBytes);
      const acceptance = {
        tenant,
        acceptedAtMs: clock.now(),
        traceparent: span?.traceparent ?? traceparentOf(request),
      };
      if (reader.kind === 'single') {
        const parsed = checked(reader.read(body, acceptance, request.headers));
        const published = await publishSingle(parsed, key);
        answerSingle(response, published);
        span?.end(attributesOf(parsed, published));
      } else {
        const items = reader.read(body, acceptance);
        if (identity !== null) rateLimits.further(identity, items.length - 1);
        else rateLimits.furtherPublic(request, items.length - 1);
        const outcomes = await publishBatch(items.map(checkedItem), key);
        answerBatch(response, outcomes);
        span?.end({ 'hookline.tenant': tenant, 'hookline.events': outcomes.length });
      }
    } catch (error) {
      span?.end({ 'hookline.tenant': tenant }, error instanceof HooklineError ? error.code : 'internal_error');
      throw error;
    } finally {
      admission.leave(bodyBytes);
    }
  };

  function checked(parsed: ParsedEvent): ParsedEvent {
    return eventTypes.checked(quotas.checked(parsed));
  }

  function checkedItem(item: BatchItem): BatchItem {
    if ('error' in item) return item;
    try {
      return checked(item);
    } catch (error) {
      if (error instanceof HooklineError) return { id: item.event.id, error };
      throw error;
    }
  }

  async function publishSingle(parsed: ParsedEvent, key: string | null): Promise<Published> {
    const [outcome] = key === null ? await publisher.publish([parsed]) : await publishUnder(key, [parsed]);
    if (outcome instanceof HooklineError) throw outcome;
    return outcome!;
  }

  async function publishBatch(items: readonly BatchItem[], key: string | null): Promise<BatchOutcome[]> {
    const events = items.flatMap((item) => ('error' in item ? [] : item));
    const published = key === null ? await publisher.publish(events) : await publishUnder(key, events);
    let next = 0;
    const outcomes = items.map((item): BatchOutcome => {
      if ('error' in item) return { id: item.id, outcome: item.error };
      const outcome = published[next++]!;
      return { id: outcome instanceof HooklineError ? item.event.id : outcome.id, outcome };
    });
    const failures = outcomes.flatMap(({ outcome }) => (outcome instanceof HooklineError ? outcome : []));
    // Nothing came of it and it may be sent again as it is: clients know that of a single 503.
    if (failures.length === outcomes.length && failures.every(({ retryable }) => retryable)) throw failures[0]!;
    for (const { code } of failures) metrics.rejected.inc({ reason: code });
    return outcomes;
  }

  async function publishUnder(key: string, events: readonly ParsedEvent[]): Promise<Outcome[]> {
    const [first] = events;
    if (first === undefined) return [];
    const requestHash = requestHashOf(events);
    const held = await idempotencyKeys.hold(first.event.tenant, key, requestHash);
    const outcomes = await publisher.publish(
      events.map((parsed, index) => identifyByKey(parsed, key, requestHash, index)),
    );
    if (held) return outcomes;
    return outcomes.map((outcome) =>
      outcome instanceof HooklineError ? outcome : { ...outcome, deduplicated: false },
    );
  }

  /** What comes by the other door has passed the gateway, where it was decided. */
  function startSpan(door: Door, request: IncomingMessage): Span | null {
    const parent = traceparentOf(request);
    return door === 'public' ? tracer.begin('event.accept', parent) : tracer.follow('event.accept', parent);
  }

  async function authenticated(request: IncomingMessage, response: ServerResponse): Promise<Identity> {
    const identity = await verified(request, response);
    rateLimits.event(identity, response);
    requireScope(identity.scopes, 'events:publish');
    return identity;
  }

  async function verified(request: IncomingMessage, response: ServerResponse): Promise<Identity> {
    try {
      return await authenticator.verify(request.headers.authorization, () => rateLimits.stranger(request, response));
    } catch (error) {
      if (error instanceof HooklineError && error.intent === 'unauthenticated') rateLimits.anonymous(request, response);
      throw error;
    }
  }

  /** Of nobody, into the default tenant. */
  function publicly(request: IncomingMessage, response: ServerResponse): null {
    if (!publicEvents) throw new NotFound('Publishing without a token is switched off: use /api/v1/events.');
    rateLimits.public(request, response);
    return null;
  }
}

/** Tells a request under an idempotency key from another one: by its events that could be read. */
function requestHashOf(events: readonly ParsedEvent[]): string {
  return shortHash(
    JSON.stringify(events.map(({ chosenId, event, bodyHash }) => [chosenId ? event.id : null, bodyHash])),
  );
}

function refuseTenantHeader(request: IncomingMessage): void {
  if (request.headers['ce-tenant'] === undefined) return;
  throw new InvalidInput('The tenant comes from the token: leave the header ce-tenant out.', {
    code: 'tenant_not_allowed',
    problems: [{ pointer: '', detail: 'header ce-tenant cannot be sent' }],
  });
}

function traceparentOf(request: IncomingMessage): string | undefined {
  const { traceparent } = request.headers;
  return typeof traceparent === 'string' ? traceparent : undefined;
}

function attributesOf({ event }: ParsedEvent, { id, repeated }: Published): SpanAttributes {
  return {
    'hookline.tenant': event.tenant,
    'hookline.event.id': id,
    'hookline.event.type': event.type,
    'hookline.event.repeated': repeated,
  };
}
