import type { Database } from '@hookline/database';
import {
  createId,
  DEFAULT_TENANT,
  Forbidden,
  InvalidInput,
  SCOPES,
  Unauthenticated,
  type Clock,
} from '@hookline/domain';
import type { Identity, Log } from '@hookline/service-kit';
import { audit } from '../audit/audit.ts';
import type { OpenedSession, Sessions } from '../access/sessions.ts';
import type { Passwords } from './passwords.ts';

/** People who log in. */
export interface Users {
  logIn(username: string, password: string): Promise<OpenedSession>;
  /** Ends the user's other sessions. */
  changePassword(identity: Identity, change: { currentPassword: string; newPassword: string }): Promise<void>;
  /** On the first start, makes the user `admin`. @throws InvalidInput if nobody could log in otherwise */
  ensureAdmin(password: string | undefined): Promise<void>;
}

export interface UsersDependencies {
  database: Database;
  passwords: Passwords;
  sessions: Pick<Sessions, 'open' | 'endAllOf'>;
  clock: Clock;
  log: Log;
}

interface UserRow {
  id: string;
  tenant: string;
  password_hash: string;
  scopes: string[] | null;
}

const ADMIN = 'admin';
export const PASSWORD_LENGTH = { min: 8, max: 256 };
const MAX_USERNAME = 128;

export function createUsers({ database, passwords, sessions, clock, log }: UsersDependencies): Users {
  async function findByName(username: string): Promise<UserRow | null> {
    if (username === '' || username.length > MAX_USERNAME || username.includes('\0')) return null;
    const { rows } = await database.query<UserRow>(
      'SELECT id, tenant, password_hash, scopes FROM users WHERE username = $1',
      [username],
    );
    return rows[0] ?? null;
  }

  /** What is too long to be a password isn't hashed at its full length either. */
  function matches(password: string, hash: string | null): Promise<boolean> {
    const fits = password.length <= PASSWORD_LENGTH.max;
    return passwords.matches(fits ? password : '', fits ? hash : null);
  }

  return {
    async logIn(username, password) {
      const user = await findByName(username);
      if (!(await matches(password, user?.password_hash ?? null)) || user === null) {
        log.info({}, 'login.refused');
        throw new Unauthenticated('The user name or the password is wrong.', { code: 'wrong_credentials' });
      }
      log.info({ userId: user.id, tenant: user.tenant }, 'login.accepted');
      return sessions.open(user);
    },

    async changePassword({ subject, tenant, credential }, { currentPassword, newPassword }) {
      const { min, max } = PASSWORD_LENGTH;
      if (newPassword.length < min || newPassword.length > max) {
        throw new InvalidInput('The new password can not be used.', {
          problems: [{ pointer: '/new_password', detail: `must have ${min} to ${max} characters` }],
        });
      }
      const { rows } = await database.query<UserRow>(
        'SELECT id, tenant, password_hash FROM users WHERE id = $1 AND tenant = $2',
        [subject, tenant],
      );
      const stored = rows[0]?.password_hash ?? null;
      if (!(await matches(currentPassword, stored)) || stored === null) {
        throw new Forbidden('The current password is wrong.', {
          code: 'wrong_password',
          problems: [{ pointer: '/current_password', detail: 'is wrong' }],
        });
      }
      const hash = await passwords.hash(newPassword);
      await database.transaction(async (tx) => {
        await tx.query('UPDATE users SET password_hash = $3, password_changed_at = $4 WHERE id = $1 AND tenant = $2', [
          subject,
          tenant,
          hash,
          new Date(clock.now()),
        ]);
        await sessions.endAllOf(tx, subject, credential);
        await audit(tx, {
          tenant,
          action: 'user.change_password',
          target: { type: 'user', id: subject },
          before: {},
          after: { secrets_changed: ['password'] },
          at: new Date(clock.now()),
        });
      });
      log.info({ userId: subject, tenant }, 'password.changed');
    },

    async ensureAdmin(password) {
      const { rowCount } = await database.query('SELECT 1 FROM users LIMIT 1');
      if (rowCount > 0) return;
      if (password === undefined) {
        throw new InvalidInput(
          'nobody could log in: there is no user yet, and the first start needs a password for the user admin: set SECURITY_ADMIN_PASSWORD (security.admin_password)',
        );
      }
      const id = createId('usr');
      const hash = await passwords.hash(password);
      await database.transaction(async (tx) => {
        const made = await tx.query(
          'INSERT INTO users (id, tenant, username, password_hash) VALUES ($1, $2, $3, $4) ON CONFLICT (username) DO NOTHING',
          [id, DEFAULT_TENANT, ADMIN, hash],
        );
        // Another copy may start at the same moment.
        if (made.rowCount === 0) return;
        await audit(tx, {
          tenant: DEFAULT_TENANT,
          action: 'user.create',
          target: { type: 'user', id },
          before: null,
          after: { username: ADMIN, scopes: SCOPES },
          at: new Date(clock.now()),
        });
      });
      log.info({ username: ADMIN, tenant: DEFAULT_TENANT }, 'user.created');
    },
  };
}
