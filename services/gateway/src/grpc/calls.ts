import {
  Metadata,
  status,
  type handleClientStreamingCall,
  type handleServerStreamingCall,
  type handleUnaryCall,
  type ServerReadableStream,
  type ServerUnaryCall,
  type ServerWritableStream,
} from '@grpc/grpc-js';
import { HooklineError, requireScope, type Scope } from '@hookline/domain';
import type { Authenticator, Identity, Log } from '@hookline/service-kit';
import { randomUUID } from 'node:crypto';
import type { EdgeLimits } from '../http/limits.ts';
import type { Passed } from '../http/route.ts';
import type { GatewayMetrics } from '../metrics.ts';
import { callErrorOf, type CallError } from './errors.ts';

/** Who calls, and what goes on to the services behind. */
export interface Caller {
  identity: Identity;
  passed: Passed;
}

export interface CallsDependencies {
  authenticator: Pick<Authenticator, 'verify'>;
  limits: EdgeLimits;
  log: Log;
  metrics: GatewayMetrics;
}

type AnyCall = Pick<ServerUnaryCall<unknown, unknown>, 'metadata' | 'getPeer' | 'cancelled'>;

/** How a call ends for its client; the trailers have its name and how its limits stand. */
interface End<Response> {
  answer: (response: Response, trailers: Metadata) => void;
  fail: (error: CallError) => void;
}

/** Makes handlers of functions: the caller known and allowed, everything measured, what goes wrong told and logged. */
export interface Calls {
  unary: <Request, Response>(
    method: string,
    scope: Scope,
    work: (request: Request, caller: Caller) => Promise<Response>,
  ) => handleUnaryCall<Request, Response>;
  /** A client's stream, of which `work` reads what it can take. */
  clientStream: <Request, Response>(
    method: string,
    scope: Scope,
    work: (requests: ServerReadableStream<Request, Response>, caller: Caller) => Promise<Response>,
  ) => handleClientStreamingCall<Request, Response>;
  serverStream: <Request, Response>(
    method: string,
    scope: Scope,
    work: (call: Watch<Request, Response>, caller: Caller) => Promise<void>,
  ) => handleServerStreamingCall<Request, Response>;
}

/** A stream of the server's; `work` writes what there is, and resolves when that ends, or rejects. */
export type Watch<Request, Response> = ServerWritableStream<Request, Response>;

export function createCalls({ authenticator, limits, log, metrics }: CallsDependencies): Calls {
  async function admit(call: AnyCall, scope: Scope, requestId: string, trailers: Metadata): Promise<Caller> {
    const headers = { setHeader: (name: string, value: string) => trailers.set(name, value) };
    try {
      const identity = await authenticator.verify(textOf(call.metadata, 'authorization'), () =>
        limits.strangerAt(addressOf(call.getPeer()), headers),
      );
      // Events are counted where they come in, whichever way they go there.
      if (scope !== 'events:publish') limits.tenant(identity, headers);
      requireScope(identity.scopes, scope);
      return { identity, passed: passedOn(call, requestId) };
    } catch (error) {
      if (error instanceof HooklineError && error.intent === 'unauthenticated') {
        limits.anonymousAt(addressOf(call.getPeer()), headers);
      }
      throw error;
    }
  }

  /** Runs a call to its end, whatever that is. */
  async function run<Response>(
    method: string,
    scope: Scope,
    call: AnyCall,
    work: (caller: Caller) => Promise<Response>,
    end: End<Response>,
  ): Promise<void> {
    const startedAt = performance.now();
    const requestId = requestIdOf(call.metadata);
    const trailers = new Metadata();
    trailers.set('x-request-id', requestId);
    let code = status.OK;
    try {
      end.answer(await work(await admit(call, scope, requestId, trailers)), trailers);
    } catch (error) {
      const failure = callErrorOf(error);
      failure.metadata.merge(trailers);
      code = call.cancelled ? status.CANCELLED : failure.code;
      if (call.cancelled) log.debug({ err: error, method, requestId }, 'call.cancelled');
      else if (!(error instanceof HooklineError)) log.error({ err: error, method, requestId }, 'call.failed');
      else if (error.retryable) log.debug({ err: error, method, requestId }, 'call.delayed');
      end.fail(failure);
    }
    metrics.calls.inc({ method, code: status[code] });
    metrics.callDuration.observe({ method }, (performance.now() - startedAt) / 1000);
  }

  return {
    unary: (method, scope, work) => (call, callback) =>
      void run(method, scope, call, (caller) => work(call.request, caller), {
        answer: (response, trailers) => callback(null, response, trailers),
        fail: (error) => callback(error),
      }),
    serverStream: (method, scope, work) => (call) =>
      void run(method, scope, call, (caller) => work(call, caller), {
        answer: (_response, trailers) => call.end(trailers),
        fail: (error) => void call.emit('error', error),
      }),
    clientStream: (method, scope, work) => (call, callback) =>
      void run(method, scope, call, (caller) => work(call, caller), {
        answer: (response, trailers) => callback(null, response, trailers),
        fail: (error) => callback(error),
      }),
  };
}

function passedOn(call: AnyCall, requestId: string): Passed {
  const passed: Passed = { 'x-request-id': requestId, 'x-client-address': addressOf(call.getPeer()) };
  for (const name of ['authorization', 'traceparent', 'tracestate'] as const) {
    const value = textOf(call.metadata, name);
    if (value !== undefined) passed[name] = value;
  }
  return passed;
}

function requestIdOf(metadata: Metadata): string {
  const given = textOf(metadata, 'x-request-id');
  return given !== undefined && /^[\x21-\x7e]{1,128}$/.test(given) ? given : randomUUID();
}

function textOf(metadata: Metadata, name: string): string | undefined {
  const [value] = metadata.get(name);
  return typeof value === 'string' ? value : undefined;
}

/** `address:port`, as grpc-js tells it. */
function addressOf(peer: string): string {
  const port = peer.lastIndexOf(':');
  return port < 0 ? peer : peer.slice(0, port);
}
