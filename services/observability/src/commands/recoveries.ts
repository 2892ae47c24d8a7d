import type { Database, Parameter } from '@hookline/database';
import { Conflict, createId, NotFound, type Trigger } from '@hookline/domain';
import type { Note } from '../audit.ts';
import { readPage, type Condition, type Page } from '../read/list.ts';
import type { PageRequest } from '../read/page-request.ts';
import type { Reader } from '../read/reader.ts';

/** Which dead letters are sent again: those not resolved, of the tenant, that died from `since` and before `until`. */
export interface Criteria {
  webhookId: string | null;
  eventType: string | null;
  reason: string | null;
  since: Date;
  until: Date;
}

export interface NewRecovery extends Criteria {
  tenant: string;
  trigger: Extract<Trigger, 'recovery' | 'replay'>;
  /** Dead letters per second. */
  rate: number;
  by: string;
}

export type RecoveryState = 'running' | 'paused' | 'completed' | 'cancelled';

export interface RecoveryFound {
  id: string;
  tenant: string;
  trigger: NewRecovery['trigger'];
  webhook_id: string | null;
  event_type: string | null;
  reason: string | null;
  since: Date;
  until: Date;
  rate: number;
  state: RecoveryState;
  total: number;
  done: number;
  skipped: number;
  at_time: Date | null;
  at_id: string | null;
  /** JSON of what its step under way asks for (run-recoveries.ts). */
  step: string | null;
  created_at: Date;
  created_by: string;
  finished_at: Date | null;
}

/** Recoveries as a resource; run-recoveries.ts carries them out. */
export interface Recoveries {
  /** How many dead letters it would be, counted up to a bound. */
  estimate(tenant: string, criteria: Criteria): Promise<number>;
  /** @throws Conflict: the tenant has as many unfinished ones as it may */
  create(recovery: NewRecovery, audited: (id: string) => Note): Promise<RecoveryFound>;
  /** @throws NotFound */
  get(tenant: string, id: string): Promise<RecoveryFound>;
  list(tenant: string, request: PageRequest): Promise<Page<RecoveryFound>>;
  /** @throws NotFound, Conflict: it has ended */
  turn(tenant: string, id: string, state: Exclude<RecoveryState, 'completed'>, audited: Note): Promise<RecoveryFound>;
}

const MOST_COUNTED = 1_000_000;
const MOST_UNFINISHED = 10;

export const RECOVERY = `id, tenant, trigger, webhook_id, event_type, reason, since, until, rate, state, total, done, skipped, at_time, at_id, step,
  created_at, created_by, finished_at`;

export function createRecoveries(database: Database, reader: Reader, now: () => number): Recoveries {
  async function estimate(tenant: string, criteria: Criteria): Promise<number> {
    const { where, parameters } = lettersOf(tenant, criteria);
    const sql = `SELECT count(*)::integer AS count FROM (SELECT 1 FROM dead_letters WHERE ${where} LIMIT ${MOST_COUNTED}) AS counted`;
    return (await reader.one<{ count: number }>(sql, parameters))?.count ?? 0;
  }

  async function get(tenant: string, id: string): Promise<RecoveryFound> {
    const found = await reader.one<RecoveryFound>(`SELECT ${RECOVERY} FROM recoveries WHERE tenant = $1 AND id = $2`, [
      tenant,
      id,
    ]);
    if (found === null) throw new NotFound(`There is no recovery ${id.slice(0, 300)}.`);
    return found;
  }

  return {
    estimate,
    get,

    async create({ tenant, trigger, webhookId, eventType, reason, since, until, rate, by }, audited) {
      const total = await estimate(tenant, { webhookId, eventType, reason, since, until });
      const id = createId('rec');
      // Counted and inserted in one statement: two at once may pass the bound by one, and no more.
      await database.transaction(async (tx) => {
        const { rowCount } = await tx.query(
          `INSERT INTO recoveries (id, tenant, trigger, webhook_id, event_type, reason, since, until, rate, state, total, created_at, created_by)
         SELECT $1, $2, $3, $4, $5, $6, $7::timestamptz, $8::timestamptz, $9::integer, 'running', $10::integer, $11::timestamptz, $12
         WHERE (SELECT count(*) FROM recoveries WHERE tenant = $2 AND state IN ('running', 'paused')) < ${MOST_UNFINISHED}`,
          [id, tenant, trigger, webhookId, eventType, reason, since, until, rate, total, new Date(now()), by],
        );
        if (rowCount === 0) {
          throw new Conflict(`${MOST_UNFINISHED} recoveries have not ended yet.`, { code: 'too_many_recoveries' });
        }
        await audited(id)(tx);
      });
      return get(tenant, id);
    },

    list(tenant, request) {
      const indexed: Condition[] = [['tenant = ?', tenant]];
      const list = { from: 'recoveries', columns: RECOVERY, at: 'created_at', id: 'id', indexed, scanned: [] };
      return readPage<RecoveryFound>(reader, list, request, ({ created_at, id }) => ({
        atMs: created_at.getTime(),
        id,
      }));
    },

    async turn(tenant, id, state, audited) {
      const turned = await database.transaction(async (tx) => {
        const { rowCount } = await tx.query(
          `UPDATE recoveries SET state = $3, finished_at = CASE WHEN $3 = 'cancelled' THEN $4::timestamptz END
         WHERE tenant = $1 AND id = $2 AND state IN ('running', 'paused')`,
          [tenant, id, state, new Date(now())],
        );
        if (rowCount > 0) await audited(tx);
        return rowCount > 0;
      });
      const found = await get(tenant, id);
      if (!turned) throw new Conflict(`The recovery is ${found.state}.`, { code: 'recovery_ended' });
      return found;
    },
  };
}

/** Conditions on dead_letters, along their index by webhook or by tenant. */
export function lettersOf(tenant: string, criteria: Criteria): { where: string; parameters: Parameter[] } {
  const parameters: Parameter[] = [tenant, criteria.since, criteria.until];
  const where = ['tenant = $1', 'dead_at >= $2', 'dead_at < $3', 'resolved_at IS NULL'];
  for (const [column, value] of [
    ['webhook_id', criteria.webhookId],
    ['event_type', criteria.eventType],
    ['reason', criteria.reason],
  ] as const) {
    if (value !== null) where.push(`${column} = $${parameters.push(value)}`);
  }
  return { where: where.join(' AND '), parameters };
}
