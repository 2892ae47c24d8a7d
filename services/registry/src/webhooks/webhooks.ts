import type { WebhookSettingsMessage } from '@hookline/contracts/grpc';
import { answering, type Database, type Queryable } from '@hookline/database';
import {
  Conflict,
  createId,
  createSecret,
  InvalidInput,
  patternsOf,
  PreconditionFailed,
  type AddressGuard,
  type Clock,
} from '@hookline/domain';
import type { Sealing } from '@hookline/service-kit';
import { audit } from '../audit/audit.ts';
import { addChange, takeRevision } from '../changes/outbox.ts';
import { auditedChange, auditedWebhook } from './audited.ts';
import type { Relay } from '../changes/relay.ts';
import type { PlatformEvents } from '../health/platform-events.ts';
import type { TenantQuotas } from '../quotas/quotas.ts';
import { changeOf } from './change.ts';
import { checkSettings, NOTHING_STORED, type Settings, type StoredSecrets } from './check-settings.ts';
import { requireRoomForFilter } from './filters.ts';
import type { Handshake } from './handshake.ts';
import { isWebhookId, nameOf, unknown } from './names.ts';
import { createSeals, type OpenWebhook, type Secrets } from './seals.ts';
import { checkRotation, rotate, withSigningKey, type Rotation } from './secrets.ts';
import { statusAfter, type StatusAction } from './status.ts';
import {
  countMatching,
  deleteWebhook,
  findWebhook,
  findWebhookOfAnyTenant,
  insertWebhook,
  isUidTaken,
  listWebhooks,
  lockWebhook,
  updateWebhook,
  type WebhookFilter,
} from './store.ts';

/** What signs for a webhook, newest first; all that has expired is left out. */
export interface WebhookSecrets {
  secrets: Secrets;
  signingKeys: Secrets;
}

/** Which revisions a webhook may have to be changed; empty: any. */
export type IfRevision = readonly number[];

/**
 * A tenant's webhooks, each named by its id or the client's own name for it. A change resolves when it is in `webhook.changes`; it rejects with
 * Unavailable, code change_pending, when it is committed but that takes too long.
 */
export interface Webhooks {
  create(tenant: string, given: WebhookSettingsMessage): Promise<{ webhook: OpenWebhook; secret: string }>;
  get(tenant: string, name: string): Promise<OpenWebhook>;
  list(tenant: string, page: { limit: number; before: string | null; filter: WebhookFilter }): Promise<OpenWebhook[]>;
  /** How many get events of the type, before their filters. */
  countOfType(tenant: string, type: string): Promise<number>;
  replace(tenant: string, name: string, given: WebhookSettingsMessage, ifRevision: IfRevision): Promise<OpenWebhook>;
  remove(tenant: string, name: string, ifRevision: IfRevision): Promise<void>;
  setStatus(tenant: string, name: string, action: StatusAction, ifRevision: IfRevision): Promise<OpenWebhook>;
  secrets(tenant: string, name: string): Promise<WebhookSecrets>;
  rotate(tenant: string, name: string, rotation: Rotation): Promise<WebhookSecrets>;
  /** Of a webhook that is named by its id; none if it doesn't sign with them. */
  signingKeysOfAnyTenant(id: string): Promise<Secrets>;
}

export interface WebhooksDependencies {
  handshake: Handshake;
  quotas: Pick<TenantQuotas, 'admitWebhook'>;
  platformEvents: Pick<PlatformEvents, 'publishSoon'>;
  database: Database;
  sealing: Sealing;
  relay: Relay;
  guard: AddressGuard;
  clock: Clock;
  /** Signs for webhooks that come without a secret; one is made for each without it. */
  sharedSecret?: string | undefined;
}

export function createWebhooks(dependencies: WebhooksDependencies): Webhooks {
  const { database, sealing, relay, guard, handshake, quotas, platformEvents, clock, sharedSecret } = dependencies;
  const seals = createSeals(sealing);

  function checked(given: WebhookSettingsMessage, stored: StoredSecrets): Settings {
    const result = checkSettings(given, { guard, stored });
    if (result.kind === 'valid') return result.settings;
    throw new InvalidInput('The webhook is not valid.', { problems: result.problems });
  }

  /** The transaction takes its revision last, so that others wait for it as shortly as can be. */
  async function commit<T extends { revision: number }>(work: (tx: Queryable) => Promise<T>): Promise<T> {
    const changed = await database.transaction(work);
    await relay.relayed(changed.revision);
    return changed;
  }

  /** Has a webhook become what `next` makes of it; nothing happens where that is what it is. */
  function change(
    action: string,
    tenant: string,
    name: string,
    ifRevision: IfRevision,
    next: (stored: OpenWebhook) => OpenWebhook,
  ): Promise<OpenWebhook> {
    const named = nameOf(name);
    return commit(async (tx) => {
      const stored = seals.open((await lockWebhook(tx, tenant, named)) ?? unknown());
      requireRevision(stored, ifRevision);
      const changed = next(stored);
      if (changed === stored) return stored;
      const revision = await takeRevision(tx);
      if (changed.uid !== null && changed.uid !== stored.uid) await requireFreeUid(tx, tenant, changed.uid);
      const updated = { ...changed, revision, updatedAt: new Date(clock.now()) };
      await requireRoomForFilter(tx, updated, stored);
      await updateWebhook(tx, updated);
      const sides = auditedChange(stored, updated, seals);
      await audit(tx, { tenant, action, target: { type: 'webhook', id: stored.id }, ...sides, at: updated.updatedAt });
      await addChange(tx, { revision, webhookId: stored.id, tenant, webhook: changeOf(updated) });
      return updated;
    });
  }

  /** Asked before the change is made: nobody waits for a receiver with a transaction open. */
  async function consent({ url, delivery }: OpenWebhook, next: Settings): Promise<void> {
    if (url === next.url && delivery.requestOrigin === next.delivery.requestOrigin) return;
    await handshake(next);
  }

  return {
    async create(tenant, given) {
      const { secret: givenSecret, uid = null, credentials: own, ...settings } = checked(given, NOTHING_STORED);
      const secret = givenSecret ?? sharedSecret ?? createSecret();
      const id = createId('wh');
      const now = new Date(clock.now());
      const credentials = withSigningKey(own, settings.delivery.signatures);
      await handshake({ ...settings, credentials });
      const sealed = {
        sealedHeaders: seals.headers(id, settings.headers),
        sealedSecrets: seals.secrets(id, [secret]),
        sealedCredentials: seals.credentials(id, credentials),
      };
      const { isWarned, ...webhook } = await commit(async (tx) => {
        const revision = await takeRevision(tx);
        const isWarned = await quotas.admitWebhook(tx, tenant);
        if (uid !== null) await requireFreeUid(tx, tenant, uid);
        const times = { createdAt: now, updatedAt: now };
        const created = {
          ...settings,
          ...sealed,
          ...times,
          credentials,
          id,
          tenant,
          uid,
          disabledReason: null,
          revision,
        };
        await requireRoomForFilter(tx, created, null);
        await insertWebhook(tx, created);
        const after = auditedWebhook(created);
        await audit(tx, {
          tenant,
          action: 'webhook.create',
          target: { type: 'webhook', id },
          before: null,
          after,
          at: now,
        });
        await addChange(tx, { revision, webhookId: id, tenant, webhook: changeOf(created) });
        return { ...created, isWarned };
      });
      if (isWarned) platformEvents.publishSoon();
      return { webhook, secret };
    },

    async get(tenant, name) {
      return seals.open((await findWebhook(database, tenant, nameOf(name))) ?? unknown());
    },

    async list(tenant, page) {
      return (await listWebhooks(answering(database), tenant, page)).map((webhook) => seals.open(webhook));
    },

    countOfType: (tenant, type) => countMatching(database, tenant, patternsOf(type)),

    async replace(tenant, name, given, ifRevision) {
      const before = seals.open((await findWebhook(database, tenant, nameOf(name))) ?? unknown());
      requireRevision(before, ifRevision);
      await consent(before, checked(given, before));
      return change('webhook.update', tenant, name, ifRevision, (stored) => {
        const { secret, uid, credentials: own, ...settings } = checked(given, stored);
        const { id } = stored;
        const { signingKeys } = stored.credentials;
        const kept = signingKeys === undefined ? own : { ...own, signingKeys };
        const credentials = withSigningKey(kept, settings.delivery.signatures);
        return {
          ...stored,
          ...settings,
          uid: uid === undefined ? stored.uid : uid,
          credentials,
          sealedHeaders: seals.headers(id, settings.headers),
          sealedCredentials: seals.credentials(id, credentials),
          sealedSecrets: secret === null ? stored.sealedSecrets : seals.secrets(id, [secret]),
          // A status that the client changes is the client's decision from now on.
          disabledReason: settings.status === stored.status ? stored.disabledReason : null,
        };
      });
    },

    async remove(tenant, name, ifRevision) {
      const named = nameOf(name);
      await commit(async (tx) => {
        const stored = (await lockWebhook(tx, tenant, named)) ?? unknown();
        requireRevision(stored, ifRevision);
        const revision = await takeRevision(tx);
        await deleteWebhook(tx, tenant, stored.id);
        await audit(tx, {
          tenant,
          action: 'webhook.delete',
          target: { type: 'webhook', id: stored.id },
          before: auditedWebhook(seals.open(stored)),
          after: null,
          at: new Date(clock.now()),
        });
        await addChange(tx, { revision, webhookId: stored.id, tenant, webhook: null });
        return { revision };
      });
    },

    async setStatus(tenant, name, action, ifRevision) {
      return change(`webhook.${action}`, tenant, name, ifRevision, (stored) => {
        const status = statusAfter(action, stored.status);
        return status === stored.status ? stored : { ...stored, status, disabledReason: null };
      });
    },

    async secrets(tenant, name) {
      const webhook = seals.open((await findWebhook(database, tenant, nameOf(name))) ?? unknown());
      return { secrets: seals.openSecrets(webhook), signingKeys: webhook.credentials.signingKeys ?? [] };
    },

    async rotate(tenant, name, rotation) {
      checkRotation(rotation);
      const now = clock.now();
      const webhook = await change(`webhook.rotate_${rotation.kind}`, tenant, name, [], (stored) => {
        if (rotation.kind === 'secret') {
          const secrets = rotate(seals.openSecrets(stored), rotation, now);
          return { ...stored, sealedSecrets: seals.secrets(stored.id, secrets) };
        }
        const signingKeys = [...rotate(stored.credentials.signingKeys ?? [], rotation, now)];
        const credentials = { ...stored.credentials, signingKeys };
        return { ...stored, credentials, sealedCredentials: seals.credentials(stored.id, credentials) };
      });
      return { secrets: seals.openSecrets(webhook), signingKeys: webhook.credentials.signingKeys ?? [] };
    },

    async signingKeysOfAnyTenant(id) {
      if (!isWebhookId(id)) unknown();
      const webhook = seals.open((await findWebhookOfAnyTenant(database, id)) ?? unknown());
      return webhook.credentials.signingKeys ?? [];
    },
  };
}

function requireRevision({ revision }: { revision: number }, ifRevision: IfRevision): void {
  if (ifRevision.length === 0 || ifRevision.includes(revision)) return;
  throw new PreconditionFailed('The webhook was changed meanwhile: read it again.');
}

/** Whoever asks holds the revision's lock, so nobody takes the name before the transaction ends. */
async function requireFreeUid(tx: Queryable, tenant: string, uid: string): Promise<void> {
  if (!(await isUidTaken(tx, tenant, uid))) return;
  throw new Conflict(`There is a webhook with the uid ${uid} already.`, {
    code: 'uid_taken',
    problems: [{ pointer: '/uid', detail: 'is taken' }],
  });
}
