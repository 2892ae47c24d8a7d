import { answering, type Database, type Queryable } from '@hookline/database';
import { audit } from '../audit/audit.ts';
import { Conflict, InvalidInput, isTenantId, NotFound } from '@hookline/domain';

export interface Tenant {
  id: string;
  createdAt: Date;
}

/** The customers. */
export interface Tenants {
  create(id: string): Promise<Tenant>;
  get(id: string): Promise<Tenant>;
  /** By id. @param after '' for the first page */
  list(page: { limit: number; after: string }): Promise<Tenant[]>;
}

export function createTenants(database: Database): Tenants {
  return {
    async create(id) {
      if (!isTenantId(id)) {
        const detail = 'must have 1 to 63 of a-z, 0-9, _ and -, and begin with a letter or digit';
        throw new InvalidInput('The tenant is not valid.', { problems: [{ pointer: '/id', detail }] });
      }
      const created = await database.transaction(async (tx) => {
        const { rows } = await tx.query<Tenant>(
          'INSERT INTO tenants (id) VALUES ($1) ON CONFLICT DO NOTHING RETURNING id, created_at AS "createdAt"',
          [id],
        );
        const [made] = rows;
        if (made !== undefined) {
          const target = { type: 'tenant', id };
          const at = made.createdAt;
          await audit(tx, { tenant: id, action: 'tenant.create', target, before: null, after: { id }, at });
        }
        return made;
      });
      if (created !== undefined) return created;
      throw new Conflict(`There is a tenant ${id} already.`, {
        code: 'tenant_taken',
        problems: [{ pointer: '/id', detail: 'is taken' }],
      });
    },
    get: (id) => requireTenant(database, id),
    async list({ limit, after }) {
      const { rows } = await answering(database).query<Tenant>(
        'SELECT id, created_at AS "createdAt" FROM tenants WHERE id > $1 ORDER BY id LIMIT $2',
        [after, limit],
      );
      return rows;
    },
  };
}

/** @throws NotFound */
export async function requireTenant(database: Queryable, id: string): Promise<Tenant> {
  if (!isTenantId(id)) unknown();
  const { rows } = await database.query<Tenant>('SELECT id, created_at AS "createdAt" FROM tenants WHERE id = $1', [
    id,
  ]);
  return rows[0] ?? unknown();
}

function unknown(): never {
  throw new NotFound('There is no such tenant.', { code: 'unknown_tenant' });
}
