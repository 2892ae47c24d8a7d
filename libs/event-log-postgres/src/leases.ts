import type { Database } from '@hookline/database';

/** A partition that a member reads for its group. */
export interface Lease {
  topicId: number;
  partition: number;
  epoch: number;
  committed: number | null;
  /** The member holds more than its share; this one is to go. */
  excess: boolean;
}

export interface Commit {
  topicId: number;
  partition: number;
  epoch: number;
  offset: number;
}

/** The statements of one member of a group. */
export interface Leases {
  join(): Promise<void>;
  /** Keeps the membership alive, takes what is free up to a fair share and tells all that the member holds. */
  beat(): Promise<Lease[]>;
  /** Returns the commits that counted. Those of a partition that has another owner by now, or had one meanwhile, change nothing. */
  commit(commits: readonly Commit[]): Promise<Commit[]>;
  release(leases: readonly { topicId: number; partition: number; epoch: number }[]): Promise<void>;
  leave(): Promise<void>;
}

interface LeaseRow {
  topic_id: number;
  partition: number;
  epoch: number;
  committed: number | null;
  excess: boolean;
}

export function createLeases(
  database: Database,
  group: string,
  memberId: string,
  topicIds: readonly number[],
  sessionMs: number,
): Leases {
  return {
    async join() {
      await database.query(
        `INSERT INTO log_leases (group_name, topic_id, partition)
         SELECT $1, topic_id, partition FROM log_partitions WHERE topic_id = ANY($2::smallint[])
         ON CONFLICT DO NOTHING`,
        [group, topicIds],
      );
    },

    async beat() {
      const { rows } = await database.query<LeaseRow>('SELECT * FROM log_beat($1, $2, $3::smallint[], $4)', [
        group,
        memberId,
        topicIds,
        sessionMs,
      ]);
      return rows.map(({ topic_id: topicId, ...row }) => ({ topicId, ...row }));
    },

    async commit(commits) {
      const { rows } = await database.query<{ n: number }>(
        `UPDATE log_leases l SET committed = c.committed
         FROM unnest($3::smallint[], $4::int[], $5::int8[], $6::int8[])
           WITH ORDINALITY AS c (topic_id, partition, epoch, committed, n)
         WHERE l.group_name = $1 AND l.owner = $2
           AND l.topic_id = c.topic_id AND l.partition = c.partition AND l.epoch = c.epoch
         RETURNING c.n::int4 AS n`,
        [group, memberId, ...columns(commits), commits.map(({ offset }) => offset)],
      );
      return rows.map(({ n }) => commits[n - 1] as Commit);
    },

    async release(leases) {
      await database.query(
        `UPDATE log_leases l SET owner = NULL
         FROM unnest($3::smallint[], $4::int[], $5::int8[]) AS c (topic_id, partition, epoch)
         WHERE l.group_name = $1 AND l.owner = $2
           AND l.topic_id = c.topic_id AND l.partition = c.partition AND l.epoch = c.epoch`,
        [group, memberId, ...columns(leases)],
      );
    },

    async leave() {
      await database.query('DELETE FROM log_members WHERE group_name = $1 AND member_id = $2', [group, memberId]);
      await database.query('UPDATE log_leases SET owner = NULL WHERE group_name = $1 AND owner = $2', [
        group,
        memberId,
      ]);
    },
  };
}

const forgotten = new WeakMap<Database, Promise<unknown>>();

/**
 * PGlite has one process: members found when it is opened belonged to one that has ended, and needn't be waited for. On a server
 * they may well live.
 */
export async function forgetFormerMembers(database: Database): Promise<void> {
  if (database.kind === 'postgres') return;
  let done = forgotten.get(database);
  if (done === undefined) {
    done = database.query('DELETE FROM log_members');
    // A failure is tried again by the next member.
    done.catch(() => forgotten.delete(database));
    forgotten.set(database, done);
  }
  await done;
}

function columns(leases: readonly { topicId: number; partition: number; epoch: number }[]) {
  return [
    leases.map(({ topicId }) => topicId),
    leases.map(({ partition }) => partition),
    leases.map(({ epoch }) => epoch),
  ];
}
