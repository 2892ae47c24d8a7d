import { createId } from '@hookline/domain';
import type { Database, Queryable } from './database.ts';

/** Who changed something, and from where. */
export interface AuditActor {
  /** `usr_…`, `key_…`, or `hookline`: the platform by itself. */
  subject: string;
  /** How that was proved; `platform`: it needed no proof. */
  via: string;
  /** The session, or the key. */
  credential: string | null;
  address: string | null;
  requestId: string | null;
  traceId: string | null;
}

export interface AuditEntry {
  tenant: string;
  actor: AuditActor;
  /** `webhook.update` */
  action: string;
  target: { type: string; id: string };
  /** Without secrets. Where both are there, those members are kept that differ. */
  before: object | null;
  after: object | null;
  at: Date;
}

/** Of each side, as JSON. Beyond that it says so instead. */
const MAX_SIDE_LENGTH = 64 * 1024;

/** To be called in the transaction of the change: both are there, or neither. */
export async function addAuditEntry(tx: Queryable, entry: AuditEntry): Promise<void> {
  const { tenant, actor, action, target, at } = entry;
  const { before, after } = changedMembers(entry);
  await tx.query(
    `INSERT INTO audit_log (id, tenant, at, actor, via, credential, action, target_type, target_id, before, after, address,
       request_id, trace_id)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
    [
      createId('aud'),
      tenant,
      at,
      storable(actor.subject),
      actor.via,
      actor.credential,
      action,
      target.type,
      storable(target.id),
      sideOf(before),
      sideOf(after),
      actor.address,
      actor.requestId,
      actor.traceId,
    ],
  );
}

/** Deletes some of the entries from before a time, `limit` at most. Says how many. */
export async function trimAuditLog(database: Database, before: Date, limit: number): Promise<number> {
  return database.transaction(async (tx) => {
    await tx.query(`SET LOCAL hookline.audit_retention = 'on'`);
    const { rowCount } = await tx.query(
      'DELETE FROM audit_log WHERE id IN (SELECT id FROM audit_log WHERE at < $1 ORDER BY at LIMIT $2)',
      [before, limit],
    );
    return rowCount;
  });
}

function changedMembers({ before, after }: AuditEntry): { before: object | null; after: object | null } {
  if (before === null || after === null) return { before, after };
  const was = Object.entries(before).filter(([name, value]) => !isSame(value, (after as Members)[name]));
  const is = Object.entries(after).filter(([name, value]) => !isSame(value, (before as Members)[name]));
  return { before: Object.fromEntries(was), after: Object.fromEntries(is) };
}

type Members = Record<string, unknown>;

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function sideOf(side: object | null): string | null {
  if (side === null) return null;
  const text = JSON.stringify(side, (_name, value: unknown) => (typeof value === 'string' ? withoutNul(value) : value));
  return text.length > MAX_SIDE_LENGTH ? JSON.stringify({ too_large: text.length }) : text;
}

function storable(text: string): string {
  return withoutNul(text).slice(0, 1_024);
}

/** PostgreSQL can't hold it. */
function withoutNul(text: string): string {
  return text.replaceAll('\0', '');
}
