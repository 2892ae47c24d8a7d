import type { Database } from '@hookline/database';

/** A partition that a member reads for its group. */
export interface Lease {
  topicId: number;
  partition: number;
  epoch: number;
  committed: number | null;
  /** What is done above `committed`: a done map. Told when the lease is new. */
  done: string;
  /** The member holds more than its share; this one is to go. */
  excess: boolean;
}

export interface Commit {
  topicId: number;
  partition: number;
  epoch: number;
  offset: number;
  /** A done map. */
  done: string;
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
  /** What the last beat told, by `nameOf`. */
  let told = new Set<string>();

  /** Of those leases that are new. Asked together with the offset, which an owner before may have moved on until the lease was taken. */
  async function withDone(leases: Lease[]): Promise<Lease[]> {
    if (leases.every((lease) => told.has(nameOf(lease)))) return leases;
    const { rows } = await database.query<{ topic_id: number; partition: number; committed: number; done: string }>(
      `SELECT topic_id, partition, committed, done FROM log_leases
       WHERE group_name = $1 AND owner = $2 AND committed IS NOT NULL AND done <> ''`,
      [group, memberId],
    );
    for (const { topic_id: topicId, partition, ...held } of rows) {
      const lease = leases.find((one) => one.topicId === topicId && one.partition === partition);
      if (lease !== undefined && !told.has(nameOf(lease))) Object.assign(lease, held);
    }
    return leases;
  }

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
      const leases = await withDone(rows.map(({ topic_id: topicId, ...row }) => ({ topicId, ...row, done: '' })));
      told = new Set(leases.map(nameOf));
      return leases;
    },

    async commit(commits) {
      const { rows } = await database.query<{ n: number }>(
        `UPDATE log_leases l SET committed = c.committed, done = c.done
         FROM unnest($3::smallint[], $4::int[], $5::int8[], $6::int8[], $7::text[])
           WITH ORDINALITY AS c (topic_id, partition, epoch, committed, done, n)
         WHERE l.group_name = $1 AND l.owner = $2
           AND l.topic_id = c.topic_id AND l.partition = c.partition AND l.epoch = c.epoch
         RETURNING c.n::int4 AS n`,
        [group, memberId, ...columns(commits), commits.map(({ offset }) => offset), commits.map(({ done }) => done)],
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

function nameOf({ topicId, partition, epoch }: Lease): string {
  return `${topicId}/${partition}/${epoch}`;
}

function columns(leases: readonly { topicId: number; partition: number; epoch: number }[]) {
  return [
    leases.map(({ topicId }) => topicId),
    leases.map(({ partition }) => partition),
    leases.map(({ epoch }) => epoch),
  ];
}
