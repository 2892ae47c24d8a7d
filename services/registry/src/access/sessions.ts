import { randomBytes } from 'node:crypto';
import type { Database, Queryable } from '@hookline/database';
import { createId, SCOPES, Unauthenticated, type Clock } from '@hookline/domain';
import { hashOfSecret, type Identity, type Log, type Tokens } from '@hookline/service-kit';
import { ACCESS_LIMITS } from './limits.ts';
import { revoke } from './revocations.ts';

/** What a login opens: short-lived tokens, and what gives the next one. */
export interface Sessions {
  open(user: SessionUser): Promise<OpenedSession>;
  /**
   * Each refresh token is good for once: who shows one again, or whoever stole it, ends the session.
   * @throws Unauthenticated
   */
  refresh(refreshToken: string): Promise<OpenedSession>;
  /** Its tokens are refused everywhere within 5 s. Of what is no session: nothing. */
  end(identity: Identity): Promise<void>;
  /** All of a user's, but for one. */
  endAllOf(tx: Queryable, userId: string, but: string | null): Promise<void>;
}

export interface SessionUser {
  id: string;
  tenant: string;
  /** null: every scope that there is. */
  scopes: readonly string[] | null;
}

export interface OpenedSession {
  token: string;
  expiresInSeconds: number;
  refreshToken: string;
  refreshExpiresInSeconds: number;
}

export interface SessionsDependencies {
  database: Database;
  tokens: Pick<Tokens, 'issue'>;
  clock: Clock;
  log: Log;
  /** How long a token is good, and how long a session can be refreshed. */
  tokenMs: number;
  sessionMs: number;
}

interface FoundRefreshToken extends SessionUser {
  session_id: string;
  used_at: Date | null;
  expires_at: Date;
}

type Refreshed =
  { kind: 'refreshed'; user: SessionUser; sessionId: string; expiresAt: Date } | { kind: 'reused' | 'refused' };

/** So long a used one is still known for what it is. */
const USED_KEPT = `interval '7 days'`;

export function createSessions({ database, tokens, clock, log, tokenMs, sessionMs }: SessionsDependencies): Sessions {
  function issue(user: SessionUser, sessionId: string, refreshToken: string, expiresAt: Date): OpenedSession {
    const { tenant, id: subject, scopes } = user;
    const issued = tokens.issue({ tenant, subject, scopes: scopes ?? SCOPES, via: 'login', credential: sessionId });
    const refreshExpiresInSeconds = Math.max(0, Math.floor((expiresAt.getTime() - clock.now()) / 1000));
    return { ...issued, refreshToken, refreshExpiresInSeconds };
  }

  async function addRefreshToken(tx: Queryable, sessionId: string, refreshToken: string): Promise<void> {
    await tx.query('INSERT INTO refresh_tokens (hash, session_id) VALUES ($1, $2)', [
      hashOfSecret(refreshToken),
      sessionId,
    ]);
  }

  async function endOne(tx: Queryable, id: string): Promise<void> {
    await tx.query('DELETE FROM sessions WHERE id = $1', [id]);
    await revoke(tx, id, new Date(clock.now() + Math.max(tokenMs, ACCESS_LIMITS.portal.sessionMs.max)));
  }

  async function useRefreshToken(tx: Queryable, given: string, next: string): Promise<Refreshed> {
    const hash = hashOfSecret(given);
    const { rows } = await tx.query<FoundRefreshToken>(
      `SELECT session_id, used_at, expires_at, users.id, users.tenant, scopes FROM refresh_tokens
       JOIN sessions ON sessions.id = session_id JOIN users ON users.id = user_id
       WHERE hash = $1 FOR UPDATE OF refresh_tokens`,
      [hash],
    );
    const [found] = rows;
    const now = new Date(clock.now());
    if (found === undefined) return { kind: 'refused' };
    const { session_id: sessionId, expires_at: expiresAt, id, tenant, scopes } = found;
    if (found.used_at !== null) {
      await endOne(tx, sessionId);
      return { kind: 'reused' };
    }
    if (expiresAt <= now) return { kind: 'refused' };
    await tx.query('UPDATE refresh_tokens SET used_at = $2 WHERE hash = $1', [hash, now]);
    await tx.query(`DELETE FROM refresh_tokens WHERE session_id = $1 AND used_at < $2::timestamptz - ${USED_KEPT}`, [
      sessionId,
      now,
    ]);
    await addRefreshToken(tx, sessionId, next);
    return { kind: 'refreshed', user: { id, tenant, scopes }, sessionId, expiresAt };
  }

  return {
    async open(user) {
      const id = createId('ses');
      const refreshToken = createRefreshToken();
      const now = new Date(clock.now());
      const expiresAt = new Date(now.getTime() + sessionMs);
      await database.transaction(async (tx) => {
        await tx.query(
          'INSERT INTO sessions (id, tenant, user_id, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)',
          [id, user.tenant, user.id, now, expiresAt],
        );
        await addRefreshToken(tx, id, refreshToken);
        await tx.query('DELETE FROM sessions WHERE user_id = $1 AND expires_at < $2', [user.id, now]);
        const { rows: excess } = await tx.query<{ id: string }>(
          'SELECT id FROM sessions WHERE user_id = $1 ORDER BY id DESC OFFSET $2',
          [user.id, ACCESS_LIMITS.sessions],
        );
        for (const { id: oldest } of excess) await endOne(tx, oldest);
      });
      return issue(user, id, refreshToken, expiresAt);
    },

    async refresh(given) {
      const next = createRefreshToken();
      const refreshed = await database.transaction((tx) => useRefreshToken(tx, given, next));
      if (refreshed.kind === 'refreshed') {
        return issue(refreshed.user, refreshed.sessionId, next, refreshed.expiresAt);
      }
      if (refreshed.kind === 'refused') {
        throw new Unauthenticated('The refresh token is not valid: log in again.', { code: 'refresh_refused' });
      }
      log.warn({}, 'session.ended-by-reuse');
      throw new Unauthenticated('The refresh token was used before, which ends its session: log in again.', {
        code: 'refresh_reused',
      });
    },

    async end({ credential, via }) {
      if (credential === null || (via !== 'login' && via !== 'portal')) return;
      await database.transaction((tx) => endOne(tx, credential));
    },

    async endAllOf(tx, userId, but) {
      const { rows } = await tx.query<{ id: string }>(
        'DELETE FROM sessions WHERE user_id = $1 AND id IS DISTINCT FROM $2 RETURNING id',
        [userId, but],
      );
      for (const { id } of rows) await revoke(tx, id, new Date(clock.now() + tokenMs));
    },
  };
}

function createRefreshToken(): string {
  return `hlr_${randomBytes(32).toString('base64url')}`;
}
