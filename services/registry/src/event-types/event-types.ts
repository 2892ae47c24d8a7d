import type { EventTypeMessage } from '@hookline/contracts/grpc';
import { answering, type Database } from '@hookline/database';
import { Conflict, InvalidInput, isEventType, NotFound, PreconditionFailed, type Clock } from '@hookline/domain';
import { audit } from '../audit/audit.ts';
import { checkEventType, EVENT_TYPE_LIMITS } from './check-event-type.ts';
import type { EventTypePublisher } from './publish.ts';
import {
  countEventTypes,
  deleteEventType,
  findEventType,
  listEventTypes,
  lockTenant,
  upsertEventType,
  type StoredEventType,
} from './store.ts';

/** A tenant's catalogue of event types. */
export interface EventTypes {
  /** @param conditions `create`: only if there is none of that name; `ifVersion`: only one that has such a version; empty: any, or none */
  put(
    tenant: string,
    given: EventTypeMessage,
    conditions: { create: boolean; ifVersion: readonly number[] },
  ): Promise<StoredEventType>;
  get(tenant: string, name: string): Promise<StoredEventType>;
  list(tenant: string, page: { limit: number; after: string }): Promise<StoredEventType[]>;
  remove(tenant: string, name: string, ifVersion: readonly number[]): Promise<void>;
  /** JSON; null: there is none. */
  exampleOf(tenant: string, name: string): Promise<string | null>;
}

export interface EventTypesDependencies {
  database: Database;
  publisher: Pick<EventTypePublisher, 'published'>;
  clock: Clock;
}

export function createEventTypes({ database, publisher, clock }: EventTypesDependencies): EventTypes {
  /** Also a type that was deleted and made again has one that it never had. */
  function nextVersion(stored: StoredEventType | null): number {
    return Math.max(clock.now(), (stored?.version ?? 0) + 1);
  }

  return {
    async put(tenant, given, { create, ifVersion }) {
      const checked = checkEventType(given);
      if (checked.kind === 'invalid') {
        throw new InvalidInput('The event type is not valid.', { problems: checked.problems });
      }
      const { settings } = checked;
      const put = await database.transaction(async (tx) => {
        await lockTenant(tx, tenant);
        const stored = await findEventType(tx, tenant, settings.name);
        if (stored !== null && create) {
          throw new Conflict(`There is an event type ${settings.name} already.`, { code: 'event_type_taken' });
        }
        requireVersion(stored, ifVersion);
        if (stored === null && (await countEventTypes(tx, tenant)) >= EVENT_TYPE_LIMITS.perTenant) {
          throw new Conflict(`There are ${EVENT_TYPE_LIMITS.perTenant} event types already: delete one first.`, {
            code: 'too_many_event_types',
          });
        }
        const now = new Date(clock.now());
        const createdAt = stored?.createdAt ?? now;
        const put = { ...settings, version: nextVersion(stored), createdAt, updatedAt: now };
        await upsertEventType(tx, tenant, put);
        await audit(tx, {
          tenant,
          action: stored === null ? 'event_type.create' : 'event_type.update',
          target: { type: 'event_type', id: settings.name },
          before: stored === null ? null : audited(stored),
          after: audited(put),
          at: now,
        });
        return put;
      });
      await publisher.published();
      return put;
    },

    async get(tenant, name) {
      if (!isEventType(name)) unknown();
      return (await findEventType(database, tenant, name)) ?? unknown();
    },

    list: (tenant, page) => listEventTypes(answering(database), tenant, page),

    async remove(tenant, name, ifVersion) {
      if (!isEventType(name)) unknown();
      await database.transaction(async (tx) => {
        await lockTenant(tx, tenant);
        const stored = (await findEventType(tx, tenant, name)) ?? unknown();
        requireVersion(stored, ifVersion);
        await deleteEventType(tx, tenant, name, nextVersion(stored));
        await audit(tx, {
          tenant,
          action: 'event_type.delete',
          target: { type: 'event_type', id: name },
          before: audited(stored),
          after: null,
          at: new Date(clock.now()),
        });
      });
      await publisher.published();
    },

    exampleOf: async (tenant, name) => (await findEventType(database, tenant, name))?.example ?? null,
  };
}

function audited({ description, example, schema, onMismatch }: StoredEventType): object {
  return { description, example, schema, on_mismatch: onMismatch };
}

function requireVersion(stored: StoredEventType | null, ifVersion: readonly number[]): void {
  if (ifVersion.length === 0 || (stored !== null && ifVersion.includes(stored.version))) return;
  throw new PreconditionFailed('The event type was changed meanwhile: read it again.');
}

function unknown(): never {
  throw new NotFound('There is no such event type.', { code: 'unknown_event_type' });
}
