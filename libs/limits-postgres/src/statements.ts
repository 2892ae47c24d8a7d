/*
 * Each is one statement and one transaction. Rows of keys are locked in the order of their keys and before those of
 * deduplication_held, so that no two statements wait for each other in a circle.
 *
 * `quick` lets the commit not wait for the disk (see migration 0003): a setting that ends with the transaction, made as soon as its row is read.
 */

export const QUICK = `quick AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true) AS setting)`;

function counted(shard: string, change: string): string {
  return `
    counted AS (
      INSERT INTO deduplication_held (shard, keys) SELECT ${shard}, (${change})
      ON CONFLICT (shard) DO UPDATE SET keys = deduplication_held.keys + excluded.keys
    )`;
}

/**
 * $1 shard, $2 keys (each once), $3 tokens, $4 now, $5 pending until. One row per key, in order; `held` is how many there are now.
 * What is neither claimed nor seen as done is in somebody else's hands.
 */
export const CLAIM = `
  WITH ${QUICK}, claim AS (
    SELECT * FROM unnest($2::bytea[], $3::text[]) WITH ORDINALITY AS claim (key, token, place)
  ), taken AS (
    INSERT INTO deduplication_keys AS held (key, since_ms, until_ms, token)
    SELECT key, $4, $5, token FROM claim, quick ORDER BY key
    ON CONFLICT (key) DO UPDATE SET since_ms = $4, until_ms = $5, token = excluded.token, body_hash = NULL, answer = NULL
    WHERE held.until_ms <= $4
    RETURNING key, xmax = 0 AS added
  ), ${counted('$1', 'SELECT count(*) FROM taken WHERE added')}
  SELECT taken.key IS NOT NULL AS claimed, held.body_hash AS "bodyHash", held.answer,
    (SELECT sum(keys) FROM deduplication_held)::bigint + (SELECT count(*) FROM taken WHERE added) AS held
  FROM claim LEFT JOIN taken ON taken.key = claim.key
    LEFT JOIN deduplication_keys held ON held.key = claim.key AND held.key = ANY ($2) AND taken.key IS NULL AND held.until_ms > $4
  ORDER BY claim.place`;

/** $1 shard, $2 keys (each once), $3 tokens, $4 now, $5 done until, $6 body hashes, $7 answers */
export const FINISH = `
  WITH ${QUICK}, finished AS (
    INSERT INTO deduplication_keys AS held (key, since_ms, until_ms, token, body_hash, answer)
    SELECT key, $4, $5, token, body_hash, answer
    FROM unnest($2::bytea[], $3::text[], $6::text[], $7::text[]) AS finished (key, token, body_hash, answer), quick ORDER BY key
    ON CONFLICT (key) DO UPDATE SET token = excluded.token, body_hash = excluded.body_hash, answer = excluded.answer, until_ms = $5,
      since_ms = CASE WHEN held.until_ms <= $4 THEN $4 ELSE held.since_ms END
    WHERE held.until_ms <= $4 OR (held.token = excluded.token AND held.body_hash IS NULL)
    RETURNING xmax = 0 AS added
  ), ${counted('$1', 'SELECT count(*) FROM finished WHERE added')}
  SELECT`;

/** $1 shard, $2 keys (each once), $3 tokens */
export const ABANDON = `
  WITH ${QUICK}, abandoned AS (
    SELECT held.key FROM deduplication_keys held JOIN unnest($2::bytea[], $3::text[]) AS abandoned (key, token) USING (key, token), quick
    WHERE held.key = ANY ($2) AND held.body_hash IS NULL ORDER BY held.key FOR UPDATE OF held
  ), freed AS (
    DELETE FROM deduplication_keys WHERE key = ANY (ARRAY(SELECT key FROM abandoned)) RETURNING 1
  ), ${counted('$1', 'SELECT -count(*) FROM freed')}
  SELECT`;

/** $1 shard, $2 now, $3 at most, $4 claimed by then. Forgets the oldest of those that ran out; answers how many. */
export const FORGET_RUN_OUT = forget('since_ms <= $4 AND until_ms <= $2');

/** $1 shard, $2 now, $3 at most. Forgets the oldest; answers how many, and how many of them before their time. */
export const FORGET_OLDEST = forget('true');

function forget(which: string): string {
  return `
    WITH ${QUICK}, oldest AS (
      SELECT key FROM deduplication_keys, quick
      WHERE ${which} ORDER BY since_ms, key LIMIT $3 FOR UPDATE OF deduplication_keys SKIP LOCKED
    ), forgotten AS (
      DELETE FROM deduplication_keys WHERE key = ANY (ARRAY(SELECT key FROM oldest)) RETURNING until_ms
    ), ${counted('$1', 'SELECT -count(*) FROM forgotten')}
    SELECT count(*) AS forgotten, count(*) FILTER (WHERE until_ms > $2) AS dropped FROM forgotten`;
}
