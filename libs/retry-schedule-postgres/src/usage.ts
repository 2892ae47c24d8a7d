import type { Queryable } from '@hookline/database';
import type { Backlog, BacklogOwner, ScheduleBounds } from '@hookline/retry-schedule';
import type { Turn } from './cursor.ts';

const USED = `
  SELECT owner, sum(deliveries)::bigint AS deliveries, sum(bytes)::bigint AS bytes FROM retry_usage WHERE owner = ANY ($1) GROUP BY owner`;

/** $1 partition, $2 owners, $3 deliveries, $4 bytes */
const ADD = `
  INSERT INTO retry_usage AS held (partition, owner, deliveries, bytes) SELECT $1, * FROM unnest($2::text[], $3::bigint[], $4::bigint[])
  ON CONFLICT (owner, partition) DO UPDATE SET deliveries = held.deliveries + excluded.deliveries, bytes = held.bytes + excluded.bytes`;

/** $1 partition, $2 owners */
const FORGET = 'DELETE FROM retry_usage WHERE owner = ANY ($2) AND partition = $1 AND deliveries = 0';

export interface Owned {
  webhookId: string;
  tenant: string;
  sizeBytes: number;
}

/** What owners have over all partitions, as one call counts on. Other partitions may change it meanwhile: a bound is exceeded by what they add at once. */
export interface Usage {
  hasRoom(owned: Owned): boolean;
  count(owned: Owned, sign: 1 | -1): void;
  keep(turn: Turn): Promise<void>;
}

export async function readUsage(tx: Queryable, owners: Iterable<Owned>, bounds: ScheduleBounds): Promise<Usage> {
  const names = new Set<string>();
  for (const owned of owners) for (const name of namesOf(owned)) names.add(name);
  const used = await findUsed(tx, names);
  const changes = new Map<string, Backlog>();

  function fits(name: string, sizeBytes: number, most: Backlog): boolean {
    const [has, change] = [used.get(name) ?? NOTHING, changes.get(name) ?? NOTHING];
    const deliveries = has.deliveries + change.deliveries + 1;
    return deliveries <= most.deliveries && has.bytes + change.bytes + sizeBytes <= most.bytes;
  }

  return {
    hasRoom(owned) {
      const [webhook, tenant] = namesOf(owned);
      return fits(webhook, owned.sizeBytes, bounds.webhook) && fits(tenant, owned.sizeBytes, bounds.tenant);
    },
    count(owned, sign) {
      for (const name of namesOf(owned)) {
        const { deliveries, bytes } = changes.get(name) ?? NOTHING;
        changes.set(name, { deliveries: deliveries + sign, bytes: bytes + sign * owned.sizeBytes });
      }
    },
    async keep({ tx: at, partition }) {
      if (changes.size === 0) return;
      // In one order everywhere.
      const owners = [...changes.keys()].sort();
      const changed = owners.map((owner) => changes.get(owner)!);
      const columns = [changed.map(({ deliveries }) => deliveries), changed.map(({ bytes }) => bytes)];
      await at.query(ADD, [partition, owners, ...columns]);
      await at.query(FORGET, [partition, owners]);
    },
  };
}

export async function findBacklog(source: Queryable, of: BacklogOwner): Promise<Backlog> {
  const name = 'tenant' in of ? `t${of.tenant}` : `w${of.webhookId}`;
  return (await findUsed(source, new Set([name]))).get(name) ?? NOTHING;
}

async function findUsed(source: Queryable, names: ReadonlySet<string>): Promise<Map<string, Backlog>> {
  if (names.size === 0) return new Map();
  const { rows } = await source.query<Backlog & { owner: string }>(USED, [[...names]]);
  return new Map(rows.map(({ owner, deliveries, bytes }) => [owner, { deliveries, bytes }]));
}

const NOTHING: Backlog = { deliveries: 0, bytes: 0 };

function namesOf({ webhookId, tenant }: Owned): [string, string] {
  return [`w${webhookId}`, `t${tenant}`];
}
