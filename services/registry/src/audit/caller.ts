import { AsyncLocalStorage } from 'node:async_hooks';
import type { AuditActor } from '@hookline/database';
import type { Identity } from '@hookline/service-kit';
import type { Metadata } from '@grpc/grpc-js';

/** Whoever the call is from that is being answered: known to all that is done for it without being handed through everything. */
const callers = new AsyncLocalStorage<AuditActor>();

/** What nobody asked for the platform does by itself. */
const PLATFORM: AuditActor = {
  subject: 'hookline',
  via: 'platform',
  credential: null,
  address: null,
  requestId: null,
  traceId: null,
};

export function currentCaller(): AuditActor {
  return callers.getStore() ?? PLATFORM;
}

export function runAs<T>(caller: AuditActor, work: () => T): T {
  return callers.run(caller, work);
}

/** The gateway says where its client is; whoever calls directly is where the call comes from. */
export function callerOf({ subject, via, credential }: Identity, metadata: Metadata, peer: string): AuditActor {
  const told = (name: string) => {
    const [value] = metadata.get(name);
    return typeof value === 'string' && value !== '' ? value.slice(0, 256) : null;
  };
  return {
    subject,
    via,
    credential,
    address: told('x-client-address') ?? peer,
    requestId: told('x-request-id'),
    traceId: told('traceparent')?.split('-')[1] ?? null,
  };
}
