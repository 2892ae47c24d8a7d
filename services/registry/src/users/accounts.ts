import { answering, type AuditEntry, type Database, type Queryable } from '@hookline/database';
import { Conflict, createId, InvalidInput, NotFound, SCOPES, type Clock, type Problem } from '@hookline/domain';
import type { Identity } from '@hookline/service-kit';
import { audit } from '../audit/audit.ts';
import type { ApiKeys } from '../access/api-keys.ts';
import { isIdOf, nameProblems, requireHeld, scopeProblems } from '../access/checks.ts';
import { ACCESS_LIMITS } from '../access/limits.ts';
import type { Sessions } from '../access/sessions.ts';
import { requireStanding } from '../access/standing.ts';
import { requireTenant } from '../access/tenants.ts';
import type { Passwords } from './passwords.ts';
import { PASSWORD_LENGTH } from './users.ts';

export interface Account {
  id: string;
  tenant: string;
  username: string;
  scopes: readonly string[];
  createdAt: Date;
}

/** Who can log in, of all tenants: for whoever may administer them. */
export interface Accounts {
  create(by: Identity, wanted: WantedAccount): Promise<Account>;
  get(id: string): Promise<Account>;
  /** Newest first. @param tenant '': of all */
  list(tenant: string, page: { limit: number; before: string | null }): Promise<Account[]>;
  /**
   * Ends the user's sessions. API keys that it made are its tenant's, and go on. Who sets a password must have the user's scopes.
   * @throws Forbidden
   */
  update(by: Identity, id: string, change: AccountChange): Promise<Account>;
  /** Ends its sessions. @param withApiKeys whether those go, too, that it made, and that these made */
  remove(by: Identity, id: string, withApiKeys: boolean): Promise<void>;
}

export interface WantedAccount {
  tenant: string;
  username: string;
  password: string;
  scopes: readonly string[];
}

/** null: it stays. */
export interface AccountChange {
  password: string | null;
  scopes: readonly string[] | null;
}

export interface AccountsDependencies {
  database: Database;
  passwords: Passwords;
  sessions: Pick<Sessions, 'endAllOf'>;
  apiKeys: Pick<ApiKeys, 'removeMadeByIn'>;
  clock: Clock;
}

type Row = Omit<Account, 'scopes'> & { scopes: string[] | null };

const COLUMNS = 'id, tenant, username, scopes, created_at AS "createdAt"';

export function createAccounts({ database, passwords, sessions, apiKeys, clock }: AccountsDependencies): Accounts {
  function noted(
    tx: Queryable,
    what: 'create' | 'update' | 'delete',
    { id, tenant }: Row,
    sides: Pick<AuditEntry, 'before' | 'after'>,
  ): Promise<void> {
    const at = new Date(clock.now());
    return audit(tx, { tenant, action: `user.${what}`, target: { type: 'user', id }, ...sides, at });
  }

  return {
    async create(by, { tenant, username, password, scopes }) {
      refuse([
        ...nameProblems('/username', username, ACCESS_LIMITS.username),
        ...passwordProblems(password),
        ...scopeProblems(scopes),
      ]);
      requireHeld(by.scopes, scopes);
      await requireTenant(database, tenant);
      const hash = await passwords.hash(password);
      const created = await database.transaction(async (tx) => {
        await requireStanding(tx, by);
        const { rows } = await tx.query<Row>(
          `INSERT INTO users (id, tenant, username, password_hash, scopes) VALUES ($1, $2, $3, $4, $5)
           ON CONFLICT (username) DO NOTHING RETURNING ${COLUMNS}`,
          [createId('usr'), tenant, username, hash, [...scopes]],
        );
        const [made] = rows;
        if (made !== undefined) await noted(tx, 'create', made, { before: null, after: audited(made) });
        return made;
      });
      if (created !== undefined) return accountOf(created);
      throw new Conflict('There is a user of this name already.', {
        code: 'username_taken',
        problems: [{ pointer: '/username', detail: 'is taken' }],
      });
    },

    get: async (id) => accountOf(await find(database, id)),

    async list(tenant, { limit, before }) {
      if (tenant !== '') await requireTenant(database, tenant);
      const { rows } = await answering(database).query<Row>(
        `SELECT ${COLUMNS} FROM users WHERE ($1 = '' OR tenant = $1) AND ($3::text IS NULL OR id < $3)
         ORDER BY id DESC LIMIT $2`,
        [tenant, limit, before],
      );
      return rows.map(accountOf);
    },

    async update(by, id, { password, scopes }) {
      refuse([
        ...(password === null ? [] : passwordProblems(password)),
        ...(scopes === null ? [] : scopeProblems(scopes)),
      ]);
      if (scopes !== null) {
        requireHeld(by.scopes, scopes);
        if (id === by.subject && !scopes.includes('tenants:admin')) refuseOwn('take tenants:admin from');
      }
      const hash = password === null ? null : await passwords.hash(password);
      return database.transaction(async (tx) => {
        await requireStanding(tx, by);
        const stored = await find(tx, id);
        // Whoever sets a password can log in with it, so takes what the user may do.
        if (password !== null) requireHeld(by.scopes, stored.scopes ?? SCOPES);
        await tx.query(
          `UPDATE users SET scopes = coalesce($2, scopes), password_hash = coalesce($3, password_hash),
             password_changed_at = CASE WHEN $3::text IS NULL THEN password_changed_at ELSE $4 END WHERE id = $1`,
          [id, scopes === null ? null : [...scopes], hash, new Date(clock.now())],
        );
        await sessions.endAllOf(tx, id, id === by.subject ? by.credential : null);
        const changed = { ...stored, scopes: scopes === null ? stored.scopes : [...scopes] };
        const told = password === null ? {} : { secrets_changed: ['password'] };
        await noted(tx, 'update', stored, { before: audited(stored), after: { ...audited(changed), ...told } });
        return accountOf(changed);
      });
    },

    async remove(by, id, withApiKeys) {
      if (id === by.subject) refuseOwn('delete');
      await database.transaction(async (tx) => {
        const stored = await find(tx, id);
        await noted(tx, 'delete', stored, { before: audited(stored), after: null });
        await sessions.endAllOf(tx, id, null);
        await tx.query('DELETE FROM users WHERE id = $1', [id]);
        if (withApiKeys) await apiKeys.removeMadeByIn(tx, stored.tenant, id);
      });
    },
  };
}

async function find(database: Queryable, id: string): Promise<Row> {
  if (!isIdOf('usr', id)) unknown();
  const { rows } = await database.query<Row>(`SELECT ${COLUMNS} FROM users WHERE id = $1`, [id]);
  return rows[0] ?? unknown();
}

function audited(row: Row): object {
  const { username, scopes } = accountOf(row);
  return { username, scopes };
}

function accountOf(row: Row): Account {
  return { ...row, scopes: row.scopes ?? SCOPES };
}

function passwordProblems({ length }: string): Problem[] {
  const { min, max } = PASSWORD_LENGTH;
  return length >= min && length <= max
    ? []
    : [{ pointer: '/password', detail: `must have ${min} to ${max} characters` }];
}

function refuse(problems: Problem[]): void {
  if (problems.length > 0) throw new InvalidInput('The user is not valid.', { problems });
}

function refuseOwn(what: string): never {
  throw new Conflict(`You can't ${what} yourself: let another administrator do it.`, { code: 'own_user' });
}

function unknown(): never {
  throw new NotFound('There is no such user.', { code: 'unknown_user' });
}
