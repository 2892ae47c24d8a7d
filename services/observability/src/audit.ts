import type { IncomingMessage } from 'node:http';
import { addAuditEntry, type AuditActor, type Database, type Queryable } from '@hookline/database';
import type { Identity } from '@hookline/service-kit';

/** Writes one entry of the audit log: in a transaction, where what it tells of is done in one; else before that is done, once it is known that it can be. */
export type Note = (tx?: Queryable) => Promise<void>;

/** Makes the note of what is asked for. Nothing in `after` may be secret. */
export type Audits = (action: string, target: { type: string; id: string }, after?: object) => Note;

export function createAudits(database: Database, now: () => number, tenant: string, actor: AuditActor): Audits {
  return (action, target, after) =>
    (tx = database) =>
      addAuditEntry(tx, { tenant, actor, action, target, before: null, after: after ?? null, at: new Date(now()) });
}

/** The gateway says where its client is; whoever asks directly is where the connection comes from. */
export function actorOf({ subject, via, credential }: Identity, request: IncomingMessage): AuditActor {
  const told = (name: string) => {
    const value = request.headers[name];
    return typeof value === 'string' && value !== '' ? value.slice(0, 256) : null;
  };
  return {
    subject,
    via,
    credential,
    address: told('x-client-address') ?? request.socket.remoteAddress ?? null,
    requestId: told('x-request-id'),
    traceId: told('traceparent')?.split('-')[1] ?? null,
  };
}
