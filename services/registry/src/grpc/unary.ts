import { callerOf, runAs } from '../audit/caller.ts';
import { violatedReference } from '@hookline/database';
import { HooklineError, NotFound, requireScope, type Scope } from '@hookline/domain';
import type { Authenticator, Identity, Log } from '@hookline/service-kit';
import { grpcErrorOf } from '@hookline/service-kit/grpc';
import type { handleUnaryCall, Metadata, ServerUnaryCall } from '@grpc/grpc-js';
import type { RegistryMetrics } from '../metrics.ts';

export type Unary = <Request, Response>(
  method: string,
  work: (request: Request, call: ServerUnaryCall<Request, Response>) => Promise<Response>,
) => handleUnaryCall<Request, Response>;

/** @param scope any of several; null: any valid token */
export type Authenticated = <Request, Response>(
  method: string,
  scope: Scope | readonly Scope[] | null,
  work: (request: Request, identity: Identity) => Promise<Response>,
) => handleUnaryCall<Request, Response>;

export interface UnaryDependencies {
  authenticator: Pick<Authenticator, 'verify'>;
  log: Log;
  metrics: RegistryMetrics;
}

/** How the constraints end that hold rows to tenants. */
const TENANT_REFERENCE = '_tenant_fkey';

/** Makes handlers of functions: measured, what goes wrong reported and answered, the caller known where one is needed. */
export function createUnary({ authenticator, log, metrics }: UnaryDependencies): {
  unary: Unary;
  authenticated: Authenticated;
} {
  function report(error: unknown, method: string, metadata: Metadata): void {
    const requestId = String(metadata.get('x-request-id')[0] ?? '');
    if (!(error instanceof HooklineError)) log.error({ err: error, method, requestId }, 'call.failed');
    else if (error.retryable) log.warn({ err: error, method, requestId }, 'call.delayed');
  }

  const unary: Unary = <Request, Response>(
    method: string,
    work: (request: Request, call: ServerUnaryCall<Request, Response>) => Promise<Response>,
  ): handleUnaryCall<Request, Response> => {
    const answer: (...parameters: Parameters<handleUnaryCall<Request, Response>>) => Promise<void> = async (
      call,
      callback,
    ) => {
      const observe = metrics.callDuration.startTimer({ method });
      let response: Response;
      try {
        response = await work(call.request, call);
      } catch (thrown) {
        const error = violatedReference(thrown)?.endsWith(TENANT_REFERENCE) === true ? unknownTenant() : thrown;
        observe({ code: error instanceof HooklineError ? error.code : 'internal_error' });
        report(error, method, call.metadata);
        callback(grpcErrorOf(error));
        return;
      }
      observe({ code: 'ok' });
      callback(null, response);
    };
    return (call, callback) => void answer(call, callback);
  };

  return {
    unary,
    authenticated: (method, scope, work) =>
      unary(method, async (request, call) => {
        const authorization = call.metadata.get('authorization')[0];
        const identity = await authenticator.verify(authorization === undefined ? undefined : String(authorization));
        if (scope !== null) requireScope(identity.scopes, ...[scope].flat());
        return runAs(callerOf(identity, call.metadata, call.getPeer()), () => work(request, identity));
      }),
  };
}

/** A token of an outside issuer may name one that nobody has made yet. */
function unknownTenant(): NotFound {
  return new NotFound('There is no such tenant yet: let an administrator make it first.', { code: 'unknown_tenant' });
}
