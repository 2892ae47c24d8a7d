import { addAuditEntry, type AuditEntry, type Queryable } from '@hookline/database';
import { currentCaller } from './caller.ts';

/** Notes a change, within its transaction, as made by whoever is being answered. Nothing in `before` and `after` may be secret. */
export function audit(tx: Queryable, change: Omit<AuditEntry, 'actor'>): Promise<void> {
  return addAuditEntry(tx, { ...change, actor: currentCaller() });
}
