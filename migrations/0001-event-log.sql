-- The event log on PostgreSQL: topics of partitions of records.
--
-- Order: whoever appends to a partition holds its row in log_partitions until the records are committed. So records become
-- visible in the order of their offsets and without gaps, and next_offset is never ahead of what can be read.

CREATE TABLE log_topics (
  topic_id smallint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL UNIQUE,
  partitions integer NOT NULL CHECK (partitions > 0),
  cleanup text NOT NULL CHECK (cleanup IN ('delete', 'compact')),
  retention_ms bigint NOT NULL,
  max_bytes integer NOT NULL
);

CREATE TABLE log_partitions (
  topic_id smallint NOT NULL REFERENCES log_topics,
  partition integer NOT NULL,
  next_offset bigint NOT NULL DEFAULT 0,
  -- The earliest record that is retained.
  start_offset bigint NOT NULL DEFAULT 0,
  -- Compacted topics: below this offset only the last record of each key is left.
  compacted_offset bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (topic_id, partition)
) WITH (fillfactor = 20);

-- Values are mostly JSON of 1 to 10 KB: kept in the row where they fit, and not compressed, which would cost more than all the rest.
CREATE TABLE log_records (
  topic_id smallint NOT NULL,
  partition integer NOT NULL,
  "offset" bigint NOT NULL,
  key text,
  -- null: a tombstone.
  value bytea,
  -- A JSON object of strings; null where there are none.
  headers text,
  -- Milliseconds since 1970.
  appended_at bigint NOT NULL,
  compacted boolean NOT NULL,
  PRIMARY KEY (topic_id, partition, "offset")
) WITH (toast_tuple_target = 8160);
ALTER TABLE log_records ALTER COLUMN value SET STORAGE EXTERNAL;
ALTER TABLE log_records ALTER COLUMN headers SET STORAGE EXTERNAL;

CREATE INDEX log_records_by_key ON log_records (topic_id, partition, key, "offset") WHERE compacted;
CREATE INDEX log_records_tombstones ON log_records (topic_id, partition, "offset") WHERE compacted AND value IS NULL;

CREATE TABLE log_members (
  group_name text NOT NULL,
  member_id text NOT NULL,
  topic_ids smallint[] NOT NULL,
  joined_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (group_name, member_id)
) WITH (fillfactor = 20);

-- Who reads a partition for a group, and how far it has come. A lease lives as long as its owner's row in log_members.
CREATE TABLE log_leases (
  group_name text NOT NULL,
  topic_id smallint NOT NULL,
  partition integer NOT NULL,
  owner text,
  -- Grows with every taking: a commit names it, so that one of an earlier owner changes nothing.
  epoch bigint NOT NULL DEFAULT 0,
  committed bigint,
  PRIMARY KEY (group_name, topic_id, partition)
) WITH (fillfactor = 20);

-- What only one process does at a time.
CREATE TABLE log_chores (
  name text PRIMARY KEY,
  owner text,
  expires_at timestamptz NOT NULL
);
INSERT INTO log_chores VALUES ('trim', NULL, clock_timestamp());

CREATE FUNCTION log_now_ms() RETURNS bigint LANGUAGE sql VOLATILE
AS $$ SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint $$;

-- Appends records to `group_topics`/`group_partitions` (in ascending order, so that appenders don't deadlock) and returns the first
-- offset in each. Record n goes to group record_groups[n] (from 1) as its record_indexes[n]-th (from 0).
CREATE FUNCTION log_append(
  group_topics smallint[], group_partitions integer[], group_counts integer[], group_compacted boolean[],
  record_groups integer[], record_indexes integer[], keys text[], "values" bytea[], headers text[]
) RETURNS bigint[] LANGUAGE plpgsql AS $$
DECLARE
  first_offsets bigint[] := '{}';
  first_offset bigint;
  now_ms bigint;
BEGIN
  FOR i IN 1 .. cardinality(group_topics) LOOP
    UPDATE log_partitions p SET next_offset = next_offset + group_counts[i]
      WHERE p.topic_id = group_topics[i] AND p.partition = group_partitions[i]
      RETURNING next_offset - group_counts[i] INTO first_offset;
    IF NOT FOUND THEN
      RAISE EXCEPTION 'topic % has no partition %', group_topics[i], group_partitions[i];
    END IF;
    first_offsets := first_offsets || first_offset;
  END LOOP;
  -- Read while the rows are held: times ascend with the offsets.
  now_ms := log_now_ms();
  INSERT INTO log_records (topic_id, partition, "offset", key, value, headers, appended_at, compacted)
    SELECT group_topics[r.g], group_partitions[r.g], first_offsets[r.g] + r.i, r.k, r.v, r.h, now_ms, group_compacted[r.g]
    FROM unnest(record_groups, record_indexes, keys, "values", headers) AS r (g, i, k, v, h);
  RETURN first_offsets || now_ms;
END $$;

-- The first offset whose record was appended at or after a time; the next offset where there is none.
CREATE FUNCTION log_offset_at(wanted_topic smallint, wanted_partition integer, at_ms bigint) RETURNS bigint
LANGUAGE plpgsql STABLE AS $$
DECLARE
  low bigint;
  high bigint;
  middle bigint;
  found_offset bigint;
  found_ms bigint;
BEGIN
  SELECT start_offset, next_offset INTO low, high FROM log_partitions
    WHERE topic_id = wanted_topic AND partition = wanted_partition;
  WHILE low < high LOOP
    middle := (low + high) / 2;
    SELECT "offset", appended_at INTO found_offset, found_ms FROM log_records
      WHERE topic_id = wanted_topic AND partition = wanted_partition AND "offset" >= middle
      ORDER BY "offset" LIMIT 1;
    IF NOT FOUND OR found_offset >= high OR found_ms >= at_ms THEN
      high := middle;
    ELSE
      low := found_offset + 1;
    END IF;
  END LOOP;
  RETURN low;
END $$;

-- A member says that it lives. Takes free partitions up to its fair share; returns all that it holds, and whether it holds too many.
CREATE FUNCTION log_beat(wanted_group text, wanted_member text, wanted_topics smallint[], session_ms integer)
RETURNS TABLE (topic_id smallint, partition integer, epoch bigint, committed bigint, excess boolean)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  topic smallint;
  member_count integer;
  member_rank integer;
  partition_count integer;
  quota integer;
  owned integer;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('log_group:' || wanted_group, 0));
  INSERT INTO log_members AS m (group_name, member_id, topic_ids, expires_at)
    VALUES (wanted_group, wanted_member, wanted_topics, clock_timestamp() + session_ms * interval '1 millisecond')
    ON CONFLICT (group_name, member_id) DO UPDATE SET expires_at = excluded.expires_at;
  DELETE FROM log_members m WHERE m.group_name = wanted_group AND m.expires_at < clock_timestamp();
  FOREACH topic IN ARRAY wanted_topics LOOP
    SELECT r.n, r.rank INTO member_count, member_rank FROM (
      SELECT m.member_id, count(*) OVER () AS n, row_number() OVER (ORDER BY m.joined_at, m.member_id) - 1 AS rank
      FROM log_members m WHERE m.group_name = wanted_group AND topic = ANY (m.topic_ids)
    ) r WHERE r.member_id = wanted_member;
    SELECT count(*), count(*) FILTER (WHERE l.owner = wanted_member) INTO partition_count, owned
      FROM log_leases l WHERE l.group_name = wanted_group AND l.topic_id = topic;
    -- What doesn't divide goes one each to the first members, another first one for each topic.
    quota := partition_count / member_count
      + CASE WHEN (member_rank + topic) % member_count < partition_count % member_count THEN 1 ELSE 0 END;
    IF owned < quota THEN
      UPDATE log_leases l SET owner = wanted_member, epoch = l.epoch + 1
        WHERE l.group_name = wanted_group AND l.topic_id = topic AND l.partition IN (
          SELECT f.partition FROM log_leases f
          WHERE f.group_name = wanted_group AND f.topic_id = topic AND (f.owner IS NULL OR NOT EXISTS (
            SELECT FROM log_members m WHERE m.group_name = wanted_group AND m.member_id = f.owner))
          ORDER BY f.partition LIMIT quota - owned
        );
    END IF;
    RETURN QUERY SELECT l.topic_id, l.partition, l.epoch, l.committed, row_number() OVER (ORDER BY l.partition) > quota
      FROM log_leases l WHERE l.group_name = wanted_group AND l.topic_id = topic AND l.owner = wanted_member;
  END LOOP;
END $$;

-- Deletes at most `max_records` records appended before a time from the start of a partition; returns how many.
CREATE FUNCTION log_trim(wanted_topic smallint, wanted_partition integer, before_ms bigint, max_records integer)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  old_start bigint;
  new_start bigint;
BEGIN
  SELECT start_offset INTO old_start FROM log_partitions WHERE topic_id = wanted_topic AND partition = wanted_partition;
  new_start := least(log_offset_at(wanted_topic, wanted_partition, before_ms), old_start + max_records);
  IF new_start <= old_start THEN
    RETURN 0;
  END IF;
  DELETE FROM log_records
    WHERE topic_id = wanted_topic AND partition = wanted_partition AND "offset" < new_start;
  UPDATE log_partitions SET start_offset = new_start WHERE topic_id = wanted_topic AND partition = wanted_partition;
  RETURN new_start - old_start;
END $$;

-- One step of compaction: of the keys of the next `max_records` records all earlier records go; and then tombstones
-- from before a time. Returns how many offsets it has come further.
CREATE FUNCTION log_compact(wanted_topic smallint, wanted_partition integer, before_ms bigint, max_records integer)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  old_offset bigint;
  new_offset bigint;
BEGIN
  SELECT compacted_offset, least(next_offset, compacted_offset + max_records) INTO old_offset, new_offset
    FROM log_partitions WHERE topic_id = wanted_topic AND partition = wanted_partition;
  IF new_offset > old_offset THEN
    DELETE FROM log_records r USING (
      SELECT key, max("offset") AS last_offset FROM log_records
      WHERE topic_id = wanted_topic AND partition = wanted_partition AND "offset" >= old_offset AND "offset" < new_offset
      GROUP BY key
    ) d
      WHERE r.compacted AND r.topic_id = wanted_topic AND r.partition = wanted_partition AND r.key = d.key
        AND r."offset" < d.last_offset;
    UPDATE log_partitions SET compacted_offset = new_offset
      WHERE topic_id = wanted_topic AND partition = wanted_partition;
  END IF;
  DELETE FROM log_records r USING (
    SELECT "offset" FROM log_records
    WHERE compacted AND value IS NULL AND topic_id = wanted_topic AND partition = wanted_partition AND "offset" < new_offset
      AND appended_at < before_ms
    ORDER BY "offset" LIMIT max_records
  ) t
    WHERE r.topic_id = wanted_topic AND r.partition = wanted_partition AND r."offset" = t."offset";
  RETURN new_offset - old_offset;
END $$;
