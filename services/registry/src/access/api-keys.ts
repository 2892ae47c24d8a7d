import { answering, type AuditEntry, type Database, type Queryable } from '@hookline/database';
import { Conflict, createId, InvalidInput, NotFound, type Clock } from '@hookline/domain';
import { createApiKey, credentialOfKey, hashOfSecret, type Identity } from '@hookline/service-kit';
import { audit } from '../audit/audit.ts';
import {
  countApiKeys,
  deleteApiKey,
  endSecrets,
  findApiKey,
  insertApiKey,
  insertSecret,
  listApiKeys,
  lockApiKey,
  lockMadeBy,
  setRateLimit,
  type ApiKeyPage,
  type StoredApiKey,
} from './api-key-store.ts';
import { isIdOf, nameProblems, rateLimitProblems, requireHeld, requireRateHeld, scopeProblems } from './checks.ts';
import { ACCESS_LIMITS } from './limits.ts';
import { revoke } from './revocations.ts';
import { lockTenant, requireStanding } from './standing.ts';

/**
 * What programs prove themselves with. A key is shown when it is made, and never again. A key that has a rate limit of its own gives, and gets, none that
 * is above it.
 */
export interface ApiKeys {
  create(by: Identity, wanted: WantedApiKey): Promise<NewApiKey>;
  get(tenant: string, id: string): Promise<StoredApiKey>;
  list(tenant: string, page: ApiKeyPage): Promise<StoredApiKey[]>;
  /**
   * Whoever rotates a key gets one that can all that it can, so must have its scopes. Without an overlap the tokens that the old key was given are
   * refused everywhere within 5 s, as the key is.
   */
  rotate(by: Identity, id: string, overlapMs: number): Promise<NewApiKey>;
  /** The limit holds everywhere within 5 s, for tokens that it was given when they are given anew. @param rateLimit 0: none of its own */
  setRateLimit(by: Identity, id: string, rateLimit: number): Promise<StoredApiKey>;
  /** It is refused everywhere within 5 s, and so are the tokens that it was given. */
  remove(tenant: string, id: string): Promise<void>;
  /** The same of all that the subject made, and that these made, and so on. @returns how many there were */
  removeMadeBy(tenant: string, subject: string): Promise<number>;
  /** As part of what else is done with the subject. */
  removeMadeByIn(tx: Queryable, tenant: string, subject: string): Promise<number>;
}

export interface WantedApiKey {
  name: string;
  scopes: readonly string[];
  /** RFC 3339; empty: never. */
  expiresAt: string;
  /** Requests, and events, per second; 0: none of its own. */
  rateLimit: number;
}

export interface NewApiKey {
  apiKey: StoredApiKey;
  key: string;
}

export interface ApiKeysDependencies {
  database: Database;
  clock: Clock;
  /** How long a token is good that a key was given. */
  tokenMs: number;
}

const ENDING = 4;

export function createApiKeys({ database, clock, tokenMs }: ApiKeysDependencies): ApiKeys {
  function secretOf(key: string) {
    return { hash: hashOfSecret(key), ending: key.slice(-ENDING), createdAt: new Date(clock.now()) };
  }

  /** Those that a key was given for secrets that have ended. */
  async function refuseTokens(tx: Queryable, id: string, hashes: readonly string[]): Promise<void> {
    const until = new Date(clock.now() + tokenMs);
    for (const hash of hashes) await revoke(tx, credentialOfKey(id, hash), until);
  }

  async function end(tx: Queryable, stored: StoredApiKey): Promise<void> {
    const { id, tenant } = stored;
    const now = new Date(clock.now());
    await refuseTokens(tx, id, await endSecrets(tx, id, now, now));
    await deleteApiKey(tx, tenant, id);
    await noted(tx, 'delete', stored, { before: audited(stored), after: null, at: now });
    await revoke(tx, id, null);
  }

  async function removeMadeByIn(tx: Queryable, tenant: string, subject: string): Promise<number> {
    await lockTenant(tx, tenant);
    const made = await lockMadeBy(tx, tenant, subject);
    for (const stored of made) await end(tx, stored);
    return made.length;
  }

  return {
    async create(by, { name, scopes, expiresAt, rateLimit: wantedRate }) {
      const expires = parseExpiry(expiresAt);
      const problems = [
        ...nameProblems('/name', name, ACCESS_LIMITS.name),
        ...scopeProblems(scopes),
        ...rateLimitProblems(wantedRate),
      ];
      if (expires !== null && !(expires.getTime() > clock.now())) {
        problems.push({ pointer: '/expires_at', detail: 'must be a time to come, as RFC 3339 writes it' });
      }
      if (problems.length > 0) throw new InvalidInput('The API key is not valid.', { problems });
      requireHeld(by.scopes, scopes);
      const key = createApiKey();
      const secret = secretOf(key);
      const { createdAt, ending } = secret;
      const { tenant, subject: createdBy } = by;
      const rateLimit = storedRate(wantedRate);
      const given = { tenant, name, scopes: [...scopes], createdBy, createdAt, expiresAt: expires, rateLimit };
      const made = { ...given, id: createId('key') };
      await database.transaction(async (tx) => {
        await lockTenant(tx, tenant);
        requireRateHeld((await requireStanding(tx, by)).rateLimit, rateLimit);
        if ((await countApiKeys(tx, tenant)) >= ACCESS_LIMITS.perTenant) {
          throw new Conflict(`There are ${ACCESS_LIMITS.perTenant} API keys already: delete one first.`, {
            code: 'too_many_api_keys',
          });
        }
        await insertApiKey(tx, made);
        await insertSecret(tx, made.id, secret);
        await noted(tx, 'create', made, { before: null, after: audited(made), at: createdAt });
      });
      return { apiKey: { ...made, lastUsedAt: null, secrets: [{ ending, createdAt, expiresAt: null }] }, key };
    },

    get: async (tenant, id) => (await findApiKey(database, tenant, checkedId(id))) ?? unknown(),

    list: (tenant, page) => listApiKeys(answering(database), tenant, page),

    async rotate(by, id, overlapMs) {
      if (!(overlapMs >= 0 && overlapMs <= ACCESS_LIMITS.overlapMs.max)) {
        throw new InvalidInput('The key can not be rotated so.', {
          problems: [{ pointer: '/overlap', detail: 'must be a time span of at most 30 days' }],
        });
      }
      const key = createApiKey();
      const secret = secretOf(key);
      const now = secret.createdAt;
      const apiKey = await database.transaction(async (tx) => {
        await lockTenant(tx, by.tenant);
        const standing = await requireStanding(tx, by);
        const stored = (await lockApiKey(tx, by.tenant, checkedId(id))) ?? unknown();
        requireHeld(by.scopes, stored.scopes);
        requireRateHeld(standing.rateLimit, stored.rateLimit);
        const ended = await endSecrets(tx, id, now, new Date(now.getTime() + overlapMs));
        const { secrets } = (await findApiKey(tx, by.tenant, id)) ?? unknown();
        if (secrets.length >= ACCESS_LIMITS.secrets) {
          throw new Conflict('Too many of its keys are accepted at once: wait until one expires.', {
            code: 'too_many_secrets',
          });
        }
        await insertSecret(tx, id, secret);
        await revoke(tx, id, null);
        await refuseTokens(tx, id, ended);
        await noted(tx, 'rotate', stored, {
          before: {},
          after: { old_key_until: new Date(now.getTime() + overlapMs) },
          at: now,
        });
        return { ...stored, secrets: [{ ending: secret.ending, createdAt: now, expiresAt: null }, ...secrets] };
      });
      return { apiKey, key };
    },

    async setRateLimit(by, id, wanted) {
      const problems = rateLimitProblems(wanted);
      if (problems.length > 0) throw new InvalidInput('The API key is not valid.', { problems });
      const rateLimit = storedRate(wanted);
      return database.transaction(async (tx) => {
        await lockTenant(tx, by.tenant);
        const standing = await requireStanding(tx, by);
        const stored = (await lockApiKey(tx, by.tenant, checkedId(id))) ?? unknown();
        requireRateHeld(standing.rateLimit, rateLimit);
        if (stored.rateLimit === rateLimit) return stored;
        const changed = { ...stored, rateLimit };
        await setRateLimit(tx, id, rateLimit);
        await revoke(tx, id, null);
        const sides = { before: audited(stored), after: audited(changed), at: new Date(clock.now()) };
        await noted(tx, 'update', stored, sides);
        return changed;
      });
    },

    async remove(tenant, id) {
      await database.transaction(async (tx) => {
        await end(tx, (await lockApiKey(tx, tenant, checkedId(id))) ?? unknown());
      });
    },

    removeMadeBy: (tenant, subject) => database.transaction((tx) => removeMadeByIn(tx, tenant, subject)),

    removeMadeByIn,
  };
}

type Shown = Pick<StoredApiKey, 'id' | 'tenant' | 'name' | 'scopes' | 'expiresAt' | 'rateLimit' | 'createdBy'>;

function audited({ name, scopes, expiresAt, rateLimit, createdBy }: Shown): object {
  return { name, scopes, expires_at: expiresAt, rate_limit: rateLimit, created_by: createdBy };
}

function storedRate(rateLimit: number): number | null {
  return rateLimit === 0 ? null : rateLimit;
}

function noted(
  tx: Queryable,
  what: 'create' | 'update' | 'rotate' | 'delete',
  { id, tenant }: Pick<Shown, 'id' | 'tenant'>,
  sides: Pick<AuditEntry, 'before' | 'after' | 'at'>,
): Promise<void> {
  return audit(tx, { tenant, action: `api_key.${what}`, target: { type: 'api_key', id }, ...sides });
}

const RFC3339 = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/;

/** null: never. An invalid date where it is none. */
function parseExpiry(text: string): Date | null {
  if (text === '') return null;
  return RFC3339.test(text) ? new Date(text) : new Date(NaN);
}

function checkedId(id: string): string {
  return isIdOf('key', id) ? id : unknown();
}

function unknown(): never {
  throw new NotFound('There is no such API key.', { code: 'unknown_api_key' });
}
