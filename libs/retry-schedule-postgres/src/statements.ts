/*
 * Every statement but `PEEK` and `COUNTS` runs under the lock of the partition's row in retry_cursors, so nothing of the partition
 * changes between a statement's reading and its writing. The first parameter is the partition.
 *
 * Entries are named by `= ANY (array)`: that is looked up in the primary key whatever the planner knows of these tables, which change
 * faster than their statistics; a join may become a scan of the partition.
 */

export const HELD = `SELECT incarnation, "offset", applied_at_ms AS "appliedAtMs" FROM retry_cursors WHERE partition = $1`;

export const LOCK = `${HELD} FOR UPDATE`;

/** $2 now. Also says whether a claim would find anything, so that idle partitions cost one statement and no lock. */
export const PEEK = `
  SELECT incarnation, "offset", applied_at_ms AS "appliedAtMs",
    EXISTS (SELECT FROM retry_entries WHERE partition = $1 AND state = 'waiting' AND due_at_ms <= $2)
    OR EXISTS (SELECT FROM retry_entries WHERE partition = $1 AND state = 'claimed' AND claimed_until_ms <= $2) AS "isDue"
  FROM retry_cursors WHERE partition = $1`;

/** $2 incarnation, $3 offset, $4 now */
export const BEGIN = `
  INSERT INTO retry_cursors (partition, incarnation, "offset", applied_at_ms) VALUES ($1, $2, $3, $4)
  ON CONFLICT (partition) DO UPDATE SET incarnation = $2, "offset" = $3, applied_at_ms = $4, waiting = 0, claimed = 0, handed_over = 0`;

export const CLEAR = 'DELETE FROM retry_entries WHERE partition = $1';

/** $2 deliveries, $3 the highest attempt of each that goes */
export const REMOVE = `
  WITH removed AS (
    DELETE FROM retry_entries e USING unnest($2::text[], $3::integer[]) AS change (delivery_id, outranks)
    WHERE e.partition = $1 AND e.delivery_id = ANY ($2) AND e.delivery_id = change.delivery_id AND e.attempt <= change.outranks
    RETURNING e.state
  ), changed AS (
    SELECT count(*) FILTER (WHERE state = 'waiting') AS waiting, count(*) FILTER (WHERE state = 'claimed') AS claimed,
      count(*) FILTER (WHERE state = 'handed_over') AS handed_over
    FROM removed
  )
  UPDATE retry_cursors c SET waiting = c.waiting - changed.waiting, claimed = c.claimed - changed.claimed,
    handed_over = c.handed_over - changed.handed_over
  FROM changed WHERE c.partition = $1`;

/** $2 deliveries, $3 offsets, $4 attempts, $5 due times, $6 entries. One that is still held outranks the one that comes. */
export const ADD = `
  WITH added AS (
    INSERT INTO retry_entries (partition, delivery_id, "offset", attempt, due_at_ms, entry)
    SELECT $1, * FROM unnest($2::text[], $3::bigint[], $4::integer[], $5::bigint[], $6::bytea[])
    ON CONFLICT (partition, delivery_id) DO NOTHING
    RETURNING 1
  )
  UPDATE retry_cursors SET waiting = waiting + (SELECT count(*) FROM added) WHERE partition = $1`;

/** $2 offset, $3 now */
export const MOVE = 'UPDATE retry_cursors SET "offset" = $2, applied_at_ms = $3 WHERE partition = $1';

/** $2 now, $3 limit */
export const EXPIRE = `
  WITH expired AS (
    UPDATE retry_entries SET state = 'waiting', claimed_until_ms = NULL
    WHERE partition = $1 AND delivery_id = ANY (ARRAY(
      SELECT delivery_id FROM retry_entries WHERE partition = $1 AND state = 'claimed' AND claimed_until_ms <= $2
      ORDER BY claimed_until_ms, delivery_id LIMIT $3))
    RETURNING 1
  ), changed AS (SELECT count(*) AS entries FROM expired)
  UPDATE retry_cursors c SET waiting = c.waiting + changed.entries, claimed = c.claimed - changed.entries
  FROM changed WHERE c.partition = $1 AND changed.entries > 0`;

/** $2 now, $3 limit, $4 max bytes, $5 claimed until */
export const CLAIM = `
  WITH due AS (
    SELECT delivery_id, due_at_ms, octet_length(entry) AS size_bytes FROM retry_entries
    WHERE partition = $1 AND state = 'waiting' AND due_at_ms <= $2
    ORDER BY due_at_ms, delivery_id LIMIT $3
  ), placed AS (
    SELECT delivery_id, row_number() OVER earliest AS place, sum(size_bytes) OVER earliest AS size_bytes
    FROM due WINDOW earliest AS (ORDER BY due_at_ms, delivery_id)
  ), taken AS (
    UPDATE retry_entries e SET state = 'claimed', claimed_until_ms = $5
    WHERE e.partition = $1 AND e.delivery_id = ANY (ARRAY(SELECT delivery_id FROM placed WHERE size_bytes <= $4 OR place = 1))
    RETURNING e.delivery_id, e."offset", e.attempt, e.due_at_ms, e.entry
  ), counted AS (
    UPDATE retry_cursors c SET waiting = c.waiting - changed.entries, claimed = c.claimed + changed.entries
    FROM (SELECT count(*) AS entries FROM taken) AS changed WHERE c.partition = $1
  )
  SELECT delivery_id AS "deliveryId", "offset", attempt, due_at_ms AS "dueAtMs", entry FROM taken
  ORDER BY taken.due_at_ms, taken.delivery_id`;

/** $2 deliveries, $3 offsets, $4 handed over at. Also those whose claim ran out meanwhile: they were appended. */
export const MARK = `
  WITH mark AS (
    SELECT * FROM unnest($2::text[], $3::bigint[], $4::bigint[]) AS mark (delivery_id, "offset", handed_over_at)
  ), before AS (
    SELECT count(*) FILTER (WHERE e.state = 'waiting') AS waiting, count(*) FILTER (WHERE e.state = 'claimed') AS claimed
    FROM retry_entries e JOIN mark USING (delivery_id, "offset")
    WHERE e.partition = $1 AND e.delivery_id = ANY ($2)
  ), marked AS (
    UPDATE retry_entries e SET state = 'handed_over', claimed_until_ms = NULL,
      handed_over_at = greatest(e.handed_over_at, mark.handed_over_at)
    FROM mark
    WHERE e.partition = $1 AND e.delivery_id = ANY ($2) AND e.delivery_id = mark.delivery_id AND e."offset" = mark."offset"
    RETURNING 1
  ), counted AS (
    UPDATE retry_cursors c SET waiting = c.waiting - before.waiting, claimed = c.claimed - before.claimed,
      handed_over = c.handed_over + before.waiting + before.claimed
    FROM before WHERE c.partition = $1
  )
  SELECT count(*) AS entries FROM marked`;

/** $2 committed, $3 limit */
export const ANSWERED = `
  SELECT delivery_id AS "deliveryId", "offset" FROM retry_entries
  WHERE partition = $1 AND state = 'handed_over' AND handed_over_at < $2
  ORDER BY handed_over_at, delivery_id LIMIT $3`;

/** $2 deliveries, $3 offsets, $4 now */
export const PUT_BACK = `
  WITH back AS (
    SELECT e.delivery_id, e.state FROM retry_entries e
    JOIN unnest($2::text[], $3::bigint[]) AS back (delivery_id, "offset") USING (delivery_id, "offset")
    WHERE e.partition = $1 AND e.delivery_id = ANY ($2) AND e.state <> 'waiting'
  ), moved AS (
    UPDATE retry_entries e SET state = 'waiting', due_at_ms = $4, claimed_until_ms = NULL, handed_over_at = NULL
    FROM back WHERE e.partition = $1 AND e.delivery_id = ANY ($2) AND e.delivery_id = back.delivery_id
    RETURNING back.state
  ), changed AS (
    SELECT count(*) FILTER (WHERE state = 'claimed') AS claimed, count(*) FILTER (WHERE state = 'handed_over') AS handed_over FROM moved
  ), counted AS (
    UPDATE retry_cursors c SET waiting = c.waiting + changed.claimed + changed.handed_over, claimed = c.claimed - changed.claimed,
      handed_over = c.handed_over - changed.handed_over
    FROM changed WHERE c.partition = $1
  )
  SELECT claimed + handed_over AS entries FROM changed`;

export const COUNTS = `
  SELECT waiting, claimed, handed_over AS "handedOver",
    (SELECT due_at_ms FROM retry_entries WHERE partition = $1 AND state = 'waiting' ORDER BY due_at_ms LIMIT 1) AS "oldestDueAtMs"
  FROM retry_cursors WHERE partition = $1`;
