import { randomBytes } from 'node:crypto';
import type { Database } from '@hookline/database';
import { createId, InvalidInput, requireScope, Unauthenticated, type Clock, type Scope } from '@hookline/domain';
import { hashOfSecret, type Identity, type Tokens } from '@hookline/service-kit';
import { audit } from '../audit/audit.ts';
import { requireHeld } from './checks.ts';
import { ACCESS_LIMITS } from './limits.ts';
import { requireStanding } from './standing.ts';
import { requireTenant } from './tenants.ts';

/** Lets a customer see what is theirs without an account: a code, good for once and for a quarter of an hour, gives a token of their tenant that reads. */
export interface Portal {
  /**
   * Only for who may read themselves what the link lets read.
   * @param tenant empty: that of whoever asks; another one takes tenants:admin
   * @throws Forbidden
   */
  createLink(by: Identity, tenant: string, sessionMs: number): Promise<PortalLink>;
  /** @throws Unauthenticated */
  open(code: string): Promise<PortalToken>;
}

export interface PortalLink {
  id: string;
  tenant: string;
  code: string;
  expiresAt: Date;
}

export interface PortalToken {
  token: string;
  expiresInSeconds: number;
  tenant: string;
  scopes: readonly Scope[];
}

const READING: readonly Scope[] = ['webhooks:read', 'deliveries:read'];

export function createPortal({
  database,
  tokens,
  clock,
}: {
  database: Database;
  tokens: Pick<Tokens, 'issue'>;
  clock: Clock;
}): Portal {
  const { linkMs, sessionMs: span } = ACCESS_LIMITS.portal;
  return {
    async createLink(by, tenant, sessionMs) {
      if (!(sessionMs >= span.min && sessionMs <= span.max)) {
        throw new InvalidInput('The portal link can not be made so.', {
          problems: [{ pointer: '/session', detail: 'must be a time span from a minute to a day' }],
        });
      }
      const of = tenant === '' ? by.tenant : tenant;
      if (of !== by.tenant) requireScope(by.scopes, 'tenants:admin');
      requireHeld(by.scopes, READING);
      await requireTenant(database, of);
      const now = clock.now();
      const expiresAt = new Date(now + linkMs);
      const code = randomBytes(32).toString('base64url');
      const id = createId('prt');
      await database.query('DELETE FROM portal_links WHERE tenant = $1 AND expires_at < $2', [of, new Date(now)]);
      await database.transaction(async (tx) => {
        await requireStanding(tx, by);
        await tx.query(
          'INSERT INTO portal_links (id, tenant, hash, created_by, session_ms, expires_at) VALUES ($1, $2, $3, $4, $5, $6)',
          [id, of, hashOfSecret(code), by.subject, sessionMs, expiresAt],
        );
        await audit(tx, {
          tenant: of,
          action: 'portal_link.create',
          target: { type: 'portal_link', id },
          before: null,
          after: { expires_at: expiresAt, session_ms: sessionMs },
          at: new Date(now),
        });
      });
      return { id, tenant: of, code, expiresAt };
    },

    async open(code) {
      const now = new Date(clock.now());
      const { rows } = await database.query<{ id: string; tenant: string; session_ms: number }>(
        `UPDATE portal_links SET used_at = $2 WHERE hash = $1 AND used_at IS NULL AND expires_at > $2
         RETURNING id, tenant, session_ms`,
        [hashOfSecret(code), now],
      );
      const [link] = rows;
      if (link === undefined) {
        throw new Unauthenticated('The code is not valid: unknown, used or expired.', { code: 'portal_code_refused' });
      }
      const { id, tenant, session_ms: sessionMs } = link;
      const identity = { tenant, subject: id, scopes: READING, via: 'portal', credential: id } as const;
      return { ...tokens.issue(identity, sessionMs), tenant, scopes: READING };
    },
  };
}
