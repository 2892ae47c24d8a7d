import type { WebhookSettingsMessage } from '@hookline/contracts/grpc';
import type { Database, Queryable } from '@hookline/database';
import {
  Conflict,
  createId,
  createSecret,
  InvalidInput,
  NotFound,
  type AddressGuard,
  type Clock,
} from '@hookline/domain';
import type { Sealing } from '@hookline/service-kit';
import { addChange, takeRevision } from '../changes/outbox.ts';
import type { Relay } from '../changes/relay.ts';
import { changeOf } from './change.ts';
import { checkSettings, type Settings } from './check-settings.ts';
import { WEBHOOK_LIMITS } from './limits.ts';
import {
  countWebhooks,
  deleteWebhook,
  findWebhook,
  insertWebhook,
  listWebhooks,
  lockWebhook,
  updateWebhook,
  type StoredWebhook,
} from './store.ts';

/** A webhook with its headers readable; its secrets stay sealed. */
export interface OpenWebhook extends StoredWebhook {
  headers: Record<string, string>;
}

/**
 * A tenant's webhooks. A change resolves when it is in `webhook.changes`; it rejects with Unavailable, code change_pending, when it is
 * committed but that takes too long.
 */
export interface Webhooks {
  create(tenant: string, given: WebhookSettingsMessage): Promise<{ webhook: OpenWebhook; secret: string }>;
  get(tenant: string, id: string): Promise<OpenWebhook>;
  list(tenant: string, page: { limit: number; before: string | null }): Promise<OpenWebhook[]>;
  replace(tenant: string, id: string, given: WebhookSettingsMessage): Promise<OpenWebhook>;
  remove(tenant: string, id: string): Promise<void>;
}

export interface WebhooksDependencies {
  database: Database;
  sealing: Sealing;
  relay: Relay;
  guard: AddressGuard;
  clock: Clock;
}

export function createWebhooks({ database, sealing, relay, guard, clock }: WebhooksDependencies): Webhooks {
  function open(webhook: StoredWebhook): OpenWebhook {
    return { ...webhook, headers: JSON.parse(sealing.open(webhook.sealedHeaders, `headers:${webhook.id}`)) };
  }

  function sealHeaders(id: string, headers: Record<string, string>): string {
    return sealing.seal(JSON.stringify(headers), `headers:${id}`);
  }

  function sealSecrets(id: string, secrets: readonly string[]): string {
    return sealing.seal(JSON.stringify(secrets), `secrets:${id}`);
  }

  function checked(given: WebhookSettingsMessage, storedHeaders: Record<string, string>): Settings {
    const result = checkSettings(given, { guard, storedHeaders });
    if (result.kind === 'valid') return result.settings;
    throw new InvalidInput('The webhook is not valid.', { problems: result.problems });
  }

  /** The transaction takes its revision last, so that others wait for it as shortly as can be. */
  async function change<T extends { revision: number }>(work: (tx: Queryable) => Promise<T>): Promise<T> {
    const changed = await database.transaction(work);
    await relay.relayed(changed.revision);
    return changed;
  }

  return {
    async create(tenant, given) {
      const { secret: givenSecret, ...settings } = checked(given, {});
      const secret = givenSecret ?? createSecret();
      const id = createId('wh');
      const now = new Date(clock.now());
      const sealed = { sealedHeaders: sealHeaders(id, settings.headers), sealedSecrets: sealSecrets(id, [secret]) };
      const webhook = await change(async (tx) => {
        const revision = await takeRevision(tx);
        if ((await countWebhooks(tx, tenant, WEBHOOK_LIMITS.perTenant)) >= WEBHOOK_LIMITS.perTenant) {
          throw new Conflict(`There are ${WEBHOOK_LIMITS.perTenant} webhooks already: delete one first.`, {
            code: 'too_many_webhooks',
          });
        }
        const created: OpenWebhook = {
          ...settings,
          ...sealed,
          id,
          tenant,
          disabledReason: null,
          revision,
          createdAt: now,
          updatedAt: now,
        };
        await insertWebhook(tx, created);
        await addChange(tx, { revision, webhookId: id, tenant, webhook: changeOf(created) });
        return created;
      });
      return { webhook, secret };
    },

    async get(tenant, id) {
      checkId(id);
      return open((await findWebhook(database, tenant, id)) ?? unknown());
    },

    async list(tenant, page) {
      return (await listWebhooks(database, tenant, page)).map(open);
    },

    async replace(tenant, id, given) {
      checkId(id);
      return change(async (tx) => {
        const stored = open((await lockWebhook(tx, tenant, id)) ?? unknown());
        const { secret, ...settings } = checked(given, stored.headers);
        const replaced: OpenWebhook = {
          ...stored,
          ...settings,
          sealedHeaders: sealHeaders(id, settings.headers),
          sealedSecrets: secret === null ? stored.sealedSecrets : sealSecrets(id, [secret]),
          // A status that the client changes is the client's decision from now on.
          disabledReason: settings.status === stored.status ? stored.disabledReason : null,
          updatedAt: new Date(clock.now()),
          revision: await takeRevision(tx),
        };
        await updateWebhook(tx, replaced);
        await addChange(tx, { revision: replaced.revision, webhookId: id, tenant, webhook: changeOf(replaced) });
        return replaced;
      });
    },

    async remove(tenant, id) {
      checkId(id);
      await change(async (tx) => {
        if ((await lockWebhook(tx, tenant, id)) === null) unknown();
        const revision = await takeRevision(tx);
        await deleteWebhook(tx, tenant, id);
        await addChange(tx, { revision, webhookId: id, tenant, webhook: null });
        return { revision };
      });
    },
  };
}

/** Also keeps from the database what its text can't hold. */
function checkId(id: string): void {
  if (!isWebhookId(id)) unknown();
}

export function isWebhookId(id: string): boolean {
  return /^wh_[0-9a-f]{32}$/.test(id);
}

function unknown(): never {
  throw new NotFound('There is no such webhook.', { code: 'unknown_webhook' });
}
