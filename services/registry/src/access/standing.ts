import type { Queryable } from '@hookline/database';
import { Unauthenticated } from '@hookline/domain';
import type { Identity } from '@hookline/service-kit';

export interface Standing {
  /** That an API key has now, whatever it was when its token was given. null: none. */
  rateLimit: number | null;
}

/** Whoever makes keys of it, and whoever revokes those of somebody, comes one after the other. */
export async function lockTenant(tx: Queryable, tenant: string): Promise<void> {
  await tx.query('SELECT 1 FROM tenants WHERE id = $1 FOR UPDATE', [tenant]);
}

/**
 * Who was revoked is let in for some seconds more, and must not make then, or learn, what goes on for ever. (A portal link's token only reads.)
 * @throws Unauthenticated
 */
export async function requireStanding(tx: Queryable, { credential }: Pick<Identity, 'credential'>): Promise<Standing> {
  const [id = ''] = (credential ?? '').split('.');
  const select = selectOf(id);
  if (select === null) return { rateLimit: null };
  const { rows } = await tx.query<Standing>(select, [id]);
  const [found] = rows;
  if (found === undefined) throw new Unauthenticated('The token was revoked.', { code: 'token_revoked' });
  return found;
}

function selectOf(id: string): string | null {
  if (id.startsWith('key_')) return 'SELECT rate_limit AS "rateLimit" FROM api_keys WHERE id = $1';
  return id.startsWith('ses_') ? 'SELECT NULL AS "rateLimit" FROM sessions WHERE id = $1' : null;
}
