
SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

CREATE FUNCTION public.log_append(group_topics smallint[], group_partitions integer[], group_counts integer[], group_compacted boolean[], record_groups integer[], record_indexes integer[], keys text[], "values" bytea[], headers text[]) RETURNS bigint[]
    LANGUAGE plpgsql
    AS $$
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

CREATE FUNCTION public.log_beat(wanted_group text, wanted_member text, wanted_topics smallint[], session_ms integer) RETURNS TABLE(topic_id smallint, partition integer, epoch bigint, committed bigint, excess boolean)
    LANGUAGE plpgsql
    AS $$
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

CREATE FUNCTION public.log_compact(wanted_topic smallint, wanted_partition integer, before_ms bigint, max_records integer) RETURNS bigint
    LANGUAGE plpgsql
    AS $$
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

CREATE FUNCTION public.log_now_ms() RETURNS bigint
    LANGUAGE sql
    AS $$ SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint $$;

CREATE FUNCTION public.log_offset_at(wanted_topic smallint, wanted_partition integer, at_ms bigint) RETURNS bigint
    LANGUAGE plpgsql STABLE
    AS $$
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

CREATE FUNCTION public.log_trim(wanted_topic smallint, wanted_partition integer, before_ms bigint, max_records integer) RETURNS bigint
    LANGUAGE plpgsql
    AS $$
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

CREATE FUNCTION public.observability_make_day(day date) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
  base text;
  leaf text;
  from_time timestamptz := day::timestamp AT TIME ZONE 'UTC';
  unique_key text;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('observability.days', 0));
  FOREACH base IN ARRAY ARRAY['events', 'event_metadata', 'attempts', 'deliveries'] LOOP
    leaf := base || '_' || to_char(day, 'YYYYMMDD');
    CONTINUE WHEN to_regclass(leaf) IS NOT NULL;
    EXECUTE format('CREATE TABLE %I (LIKE %I)', leaf, base);
    unique_key := CASE base WHEN 'events' THEN 'tenant, id' WHEN 'attempts' THEN 'delivery_id, id' WHEN 'deliveries' THEN 'id' END;
    IF unique_key IS NOT NULL THEN
      EXECUTE format('CREATE UNIQUE INDEX %I ON %I (%s)', leaf || '_key', leaf, unique_key);
    END IF;
    EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', base, leaf, from_time, from_time + interval '24 hours');
  END LOOP;
END $$;

CREATE FUNCTION public.take_rate(of_key bytea, at_most bigint, window_ms bigint, wanted bigint, now_ms bigint, OUT granted bigint, OUT remaining bigint, OUT retry_after_ms bigint) RETURNS record
    LANGUAGE plpgsql
    AS $$
DECLARE
  held rate_windows;
  latest rate_takes;
  taken_ms bigint;
  used bigint;
BEGIN
  LOOP
    SELECT * INTO held FROM rate_windows WHERE key = of_key FOR UPDATE;
    EXIT WHEN FOUND;
    INSERT INTO rate_windows (key, first_take, next_take, until_ms) VALUES (of_key, 0, 0, now_ms + window_ms) ON CONFLICT DO NOTHING;
  END LOOP;

  WITH gone AS (
    DELETE FROM rate_takes WHERE key = of_key AND taken_at_ms <= now_ms - window_ms RETURNING number + count AS next_take
  )
  SELECT greatest(held.first_take, max(next_take)) INTO held.first_take FROM gone;
  used := held.next_take - held.first_take;
  granted := greatest(0, least(wanted, at_most - used));

  IF granted > 0 THEN
    SELECT * INTO latest FROM rate_takes WHERE key = of_key ORDER BY number DESC LIMIT 1;
    -- A clock that is behind gives nothing away.
    taken_ms := greatest(now_ms, latest.taken_at_ms);
    IF taken_ms = latest.taken_at_ms THEN
      UPDATE rate_takes SET count = latest.count + granted WHERE key = of_key AND number = latest.number;
    ELSE
      INSERT INTO rate_takes (key, number, taken_at_ms, count) VALUES (of_key, held.next_take, taken_ms, granted);
    END IF;
    held.next_take := held.next_take + granted;
    held.until_ms := taken_ms + window_ms;
    used := used + granted;
  END IF;
  UPDATE rate_windows SET first_take = held.first_take, next_take = held.next_take, until_ms = held.until_ms WHERE key = of_key;

  remaining := greatest(0, at_most - used);
  retry_after_ms := 0;
  IF granted < wanted THEN
    -- One more is free when all but `at_most - 1` have left.
    SELECT taken_at_ms INTO taken_ms FROM rate_takes WHERE key = of_key AND number <= held.next_take - at_most ORDER BY number DESC LIMIT 1;
    retry_after_ms := least(taken_ms + window_ms - now_ms, window_ms);
  END IF;
END
$$;

SET default_tablespace = '';

CREATE TABLE public.attempts (
    delivery_id text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    accepted_at timestamp with time zone NOT NULL,
    number integer NOT NULL,
    trigger text NOT NULL,
    class text,
    status integer,
    started_at timestamp with time zone NOT NULL,
    duration_ms integer NOT NULL,
    detail text NOT NULL
)
PARTITION BY RANGE (accepted_at);

SET default_table_access_method = heap;

CREATE TABLE public.attempts_20261127 (
    delivery_id text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    accepted_at timestamp with time zone NOT NULL,
    number integer NOT NULL,
    trigger text NOT NULL,
    class text,
    status integer,
    started_at timestamp with time zone NOT NULL,
    duration_ms integer NOT NULL,
    detail text NOT NULL
);

CREATE TABLE public.attempts_20261128 (
    delivery_id text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    accepted_at timestamp with time zone NOT NULL,
    number integer NOT NULL,
    trigger text NOT NULL,
    class text,
    status integer,
    started_at timestamp with time zone NOT NULL,
    duration_ms integer NOT NULL,
    detail text NOT NULL
);

CREATE TABLE public.attempts_20261129 (
    delivery_id text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    accepted_at timestamp with time zone NOT NULL,
    number integer NOT NULL,
    trigger text NOT NULL,
    class text,
    status integer,
    started_at timestamp with time zone NOT NULL,
    duration_ms integer NOT NULL,
    detail text NOT NULL
);

CREATE UNLOGGED TABLE public.breakers (
    webhook_id text NOT NULL COLLATE pg_catalog."C",
    breaker jsonb NOT NULL,
    until_ms bigint NOT NULL
)
WITH (fillfactor='50');

CREATE TABLE public.dead_letters (
    id text NOT NULL COLLATE pg_catalog."C",
    tenant text NOT NULL COLLATE pg_catalog."C",
    webhook_id text NOT NULL COLLATE pg_catalog."C",
    event_id text NOT NULL COLLATE pg_catalog."C",
    event_type text NOT NULL,
    event_source text NOT NULL,
    event_time text NOT NULL,
    accepted_at timestamp with time zone NOT NULL,
    content_type text NOT NULL,
    data bytea,
    reason text NOT NULL,
    attempts integer NOT NULL,
    first_attempt_at timestamp with time zone NOT NULL,
    dead_at timestamp with time zone NOT NULL,
    event_headers text,
    resolved_at timestamp with time zone,
    resolved_by text,
    resolution text
);

CREATE TABLE public.deduplication_held (
    shard integer NOT NULL,
    keys bigint NOT NULL
)
WITH (fillfactor='20');

CREATE TABLE public.deduplication_keys (
    key bytea NOT NULL,
    since_ms bigint NOT NULL,
    until_ms bigint NOT NULL,
    token text NOT NULL,
    body_hash text,
    answer text
)
WITH (fillfactor='80');

CREATE TABLE public.deliveries (
    id text NOT NULL COLLATE pg_catalog."C",
    tenant text NOT NULL COLLATE pg_catalog."C",
    webhook_id text NOT NULL COLLATE pg_catalog."C",
    accepted_at timestamp with time zone NOT NULL,
    event_id text NOT NULL COLLATE pg_catalog."C",
    event_type text NOT NULL COLLATE pg_catalog."C",
    attempt_count integer NOT NULL,
    first_attempt_at timestamp with time zone,
    state text NOT NULL COLLATE pg_catalog."C",
    state_rank integer NOT NULL,
    state_at timestamp with time zone NOT NULL,
    next_attempt_at timestamp with time zone,
    reason text,
    last_attempt_id text COLLATE pg_catalog."C",
    last_number integer,
    last_started_at timestamp with time zone,
    last_status integer,
    last_class text
)
PARTITION BY RANGE (accepted_at);

CREATE TABLE public.deliveries_20261127 (
    id text NOT NULL COLLATE pg_catalog."C",
    tenant text NOT NULL COLLATE pg_catalog."C",
    webhook_id text NOT NULL COLLATE pg_catalog."C",
    accepted_at timestamp with time zone NOT NULL,
    event_id text NOT NULL COLLATE pg_catalog."C",
    event_type text NOT NULL COLLATE pg_catalog."C",
    attempt_count integer NOT NULL,
    first_attempt_at timestamp with time zone,
    state text NOT NULL COLLATE pg_catalog."C",
    state_rank integer NOT NULL,
    state_at timestamp with time zone NOT NULL,
    next_attempt_at timestamp with time zone,
    reason text,
    last_attempt_id text COLLATE pg_catalog."C",
    last_number integer,
    last_started_at timestamp with time zone,
    last_status integer,
    last_class text
);

CREATE TABLE public.deliveries_20261128 (
    id text NOT NULL COLLATE pg_catalog."C",
    tenant text NOT NULL COLLATE pg_catalog."C",
    webhook_id text NOT NULL COLLATE pg_catalog."C",
    accepted_at timestamp with time zone NOT NULL,
    event_id text NOT NULL COLLATE pg_catalog."C",
    event_type text NOT NULL COLLATE pg_catalog."C",
    attempt_count integer NOT NULL,
    first_attempt_at timestamp with time zone,
    state text NOT NULL COLLATE pg_catalog."C",
    state_rank integer NOT NULL,
    state_at timestamp with time zone NOT NULL,
    next_attempt_at timestamp with time zone,
    reason text,
    last_attempt_id text COLLATE pg_catalog."C",
    last_number integer,
    last_started_at timestamp with time zone,
    last_status integer,
    last_class text
);

CREATE TABLE public.deliveries_20261129 (
    id text NOT NULL COLLATE pg_catalog."C",
    tenant text NOT NULL COLLATE pg_catalog."C",
    webhook_id text NOT NULL COLLATE pg_catalog."C",
    accepted_at timestamp with time zone NOT NULL,
    event_id text NOT NULL COLLATE pg_catalog."C",
    event_type text NOT NULL COLLATE pg_catalog."C",
    attempt_count integer NOT NULL,
    first_attempt_at timestamp with time zone,
    state text NOT NULL COLLATE pg_catalog."C",
    state_rank integer NOT NULL,
    state_at timestamp with time zone NOT NULL,
    next_attempt_at timestamp with time zone,
    reason text,
    last_attempt_id text COLLATE pg_catalog."C",
    last_number integer,
    last_started_at timestamp with time zone,
    last_status integer,
    last_class text
);

CREATE UNLOGGED TABLE public.drain_slots (
    key bytea NOT NULL,
    first_at_ms double precision NOT NULL,
    next_at_ms double precision NOT NULL
)
WITH (fillfactor='50');

CREATE TABLE public.erased_events (
    tenant text NOT NULL COLLATE pg_catalog."C",
    event_id text NOT NULL COLLATE pg_catalog."C",
    erased_at timestamp with time zone NOT NULL
);

CREATE TABLE public.event_metadata (
    tenant text NOT NULL COLLATE pg_catalog."C",
    pair bigint NOT NULL,
    accepted_at timestamp with time zone NOT NULL,
    event_id text NOT NULL COLLATE pg_catalog."C"
)
PARTITION BY RANGE (accepted_at);

CREATE TABLE public.event_metadata_20261127 (
    tenant text NOT NULL COLLATE pg_catalog."C",
    pair bigint NOT NULL,
    accepted_at timestamp with time zone NOT NULL,
    event_id text NOT NULL COLLATE pg_catalog."C"
);

CREATE TABLE public.event_metadata_20261128 (
    tenant text NOT NULL COLLATE pg_catalog."C",
    pair bigint NOT NULL,
    accepted_at timestamp with time zone NOT NULL,
    event_id text NOT NULL COLLATE pg_catalog."C"
);

CREATE TABLE public.event_metadata_20261129 (
    tenant text NOT NULL COLLATE pg_catalog."C",
    pair bigint NOT NULL,
    accepted_at timestamp with time zone NOT NULL,
    event_id text NOT NULL COLLATE pg_catalog."C"
);

CREATE TABLE public.event_type_deletions (
    tenant text NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    version bigint NOT NULL
);

CREATE TABLE public.event_types (
    tenant text NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    description text,
    example text,
    schema text,
    on_mismatch text NOT NULL,
    version bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    published_version bigint DEFAULT 0 NOT NULL
);

CREATE TABLE public.events (
    tenant text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    accepted_at timestamp with time zone NOT NULL,
    type text NOT NULL COLLATE pg_catalog."C",
    source text NOT NULL COLLATE pg_catalog."C",
    "time" text NOT NULL,
    content_type text NOT NULL,
    subject text,
    partition_key text,
    metadata jsonb,
    size_bytes integer NOT NULL,
    data bytea,
    content_deleted_at timestamp with time zone,
    options text
)
PARTITION BY RANGE (accepted_at);

CREATE TABLE public.events_20261127 (
    tenant text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    accepted_at timestamp with time zone NOT NULL,
    type text NOT NULL COLLATE pg_catalog."C",
    source text NOT NULL COLLATE pg_catalog."C",
    "time" text NOT NULL,
    content_type text NOT NULL,
    subject text,
    partition_key text,
    metadata jsonb,
    size_bytes integer NOT NULL,
    data bytea,
    content_deleted_at timestamp with time zone,
    options text
);

CREATE TABLE public.events_20261128 (
    tenant text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    accepted_at timestamp with time zone NOT NULL,
    type text NOT NULL COLLATE pg_catalog."C",
    source text NOT NULL COLLATE pg_catalog."C",
    "time" text NOT NULL,
    content_type text NOT NULL,
    subject text,
    partition_key text,
    metadata jsonb,
    size_bytes integer NOT NULL,
    data bytea,
    content_deleted_at timestamp with time zone,
    options text
);

CREATE TABLE public.events_20261129 (
    tenant text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    accepted_at timestamp with time zone NOT NULL,
    type text NOT NULL COLLATE pg_catalog."C",
    source text NOT NULL COLLATE pg_catalog."C",
    "time" text NOT NULL,
    content_type text NOT NULL,
    subject text,
    partition_key text,
    metadata jsonb,
    size_bytes integer NOT NULL,
    data bytea,
    content_deleted_at timestamp with time zone,
    options text
);

CREATE TABLE public.log_chores (
    name text NOT NULL,
    owner text,
    expires_at timestamp with time zone NOT NULL
);

CREATE TABLE public.log_leases (
    group_name text NOT NULL,
    topic_id smallint NOT NULL,
    partition integer NOT NULL,
    owner text,
    epoch bigint DEFAULT 0 NOT NULL,
    committed bigint,
    done text DEFAULT ''::text NOT NULL
)
WITH (fillfactor='20');

CREATE TABLE public.log_members (
    group_name text NOT NULL,
    member_id text NOT NULL,
    topic_ids smallint[] NOT NULL,
    joined_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    expires_at timestamp with time zone NOT NULL
)
WITH (fillfactor='20');

CREATE TABLE public.log_partitions (
    topic_id smallint NOT NULL,
    partition integer NOT NULL,
    next_offset bigint DEFAULT 0 NOT NULL,
    start_offset bigint DEFAULT 0 NOT NULL,
    compacted_offset bigint DEFAULT 0 NOT NULL
)
WITH (fillfactor='20');

CREATE TABLE public.log_records (
    topic_id smallint NOT NULL,
    partition integer NOT NULL,
    "offset" bigint NOT NULL,
    key text,
    value bytea,
    headers text,
    appended_at bigint NOT NULL,
    compacted boolean NOT NULL
)
WITH (toast_tuple_target='8160');
ALTER TABLE ONLY public.log_records ALTER COLUMN value SET STORAGE EXTERNAL;
ALTER TABLE ONLY public.log_records ALTER COLUMN headers SET STORAGE EXTERNAL;

CREATE TABLE public.log_topics (
    topic_id smallint NOT NULL,
    name text NOT NULL,
    partitions integer NOT NULL,
    cleanup text NOT NULL,
    retention_ms bigint NOT NULL,
    max_bytes integer NOT NULL,
    CONSTRAINT log_topics_cleanup_check CHECK ((cleanup = ANY (ARRAY['delete'::text, 'compact'::text]))),
    CONSTRAINT log_topics_partitions_check CHECK ((partitions > 0))
);

ALTER TABLE public.log_topics ALTER COLUMN topic_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.log_topics_topic_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.platform_events (
    id text NOT NULL COLLATE pg_catalog."C",
    tenant text NOT NULL,
    type text NOT NULL,
    data text NOT NULL,
    at timestamp with time zone NOT NULL
);

CREATE UNLOGGED TABLE public.rate_takes (
    key bytea NOT NULL,
    number bigint NOT NULL,
    taken_at_ms bigint NOT NULL,
    count bigint DEFAULT 1 NOT NULL
);

CREATE UNLOGGED TABLE public.rate_windows (
    key bytea NOT NULL,
    first_take bigint NOT NULL,
    next_take bigint NOT NULL,
    until_ms bigint NOT NULL
)
WITH (fillfactor='50');

CREATE TABLE public.recoveries (
    id text NOT NULL COLLATE pg_catalog."C",
    tenant text NOT NULL COLLATE pg_catalog."C",
    trigger text NOT NULL,
    webhook_id text COLLATE pg_catalog."C",
    event_type text,
    reason text,
    since timestamp with time zone NOT NULL,
    until timestamp with time zone NOT NULL,
    rate integer NOT NULL,
    state text NOT NULL,
    total integer NOT NULL,
    done integer DEFAULT 0 NOT NULL,
    skipped integer DEFAULT 0 NOT NULL,
    at_time timestamp with time zone,
    at_id text COLLATE pg_catalog."C",
    created_at timestamp with time zone NOT NULL,
    created_by text NOT NULL,
    finished_at timestamp with time zone,
    CONSTRAINT recoveries_state_check CHECK ((state = ANY (ARRAY['running'::text, 'paused'::text, 'completed'::text, 'cancelled'::text])))
);

CREATE TABLE public.registry_appends (
    relayed_revision bigint NOT NULL,
    webhook_ids text[] NOT NULL,
    appends integer NOT NULL,
    begun_at timestamp with time zone NOT NULL
);

CREATE TABLE public.registry_relay (
    singleton boolean DEFAULT true NOT NULL,
    revision bigint NOT NULL,
    end_offset bigint,
    refilled_to text COLLATE pg_catalog."C",
    CONSTRAINT registry_relay_singleton_check CHECK (singleton)
);

CREATE TABLE public.registry_revision (
    singleton boolean DEFAULT true NOT NULL,
    revision bigint NOT NULL,
    CONSTRAINT registry_revision_singleton_check CHECK (singleton)
);

CREATE UNLOGGED TABLE public.retry_cursors (
    partition integer NOT NULL,
    incarnation text NOT NULL,
    "offset" bigint NOT NULL,
    applied_at_ms bigint NOT NULL,
    clearing boolean DEFAULT false NOT NULL,
    line bigint DEFAULT 0 NOT NULL,
    waiting bigint DEFAULT 0 NOT NULL,
    excess bigint DEFAULT 0 NOT NULL,
    claimed bigint DEFAULT 0 NOT NULL,
    handed_over bigint DEFAULT 0 NOT NULL,
    bytes bigint DEFAULT 0 NOT NULL
)
WITH (fillfactor='20');

CREATE UNLOGGED TABLE public.retry_entries (
    partition integer NOT NULL,
    delivery_id text NOT NULL COLLATE pg_catalog."C",
    webhook_id text NOT NULL COLLATE pg_catalog."C",
    tenant text NOT NULL,
    "offset" bigint NOT NULL,
    attempt integer NOT NULL,
    due_at_ms bigint NOT NULL,
    is_excess boolean NOT NULL,
    state text NOT NULL,
    claimed_until_ms bigint,
    handed_over_at bigint,
    entry bytea NOT NULL,
    CONSTRAINT retry_entries_check CHECK (((state = 'claimed'::text) = (claimed_until_ms IS NOT NULL))),
    CONSTRAINT retry_entries_check1 CHECK (((state = 'handed_over'::text) = (handed_over_at IS NOT NULL))),
    CONSTRAINT retry_entries_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'excess'::text, 'claimed'::text, 'handed_over'::text])))
);
ALTER TABLE ONLY public.retry_entries ALTER COLUMN entry SET STORAGE EXTERNAL;

CREATE UNLOGGED TABLE public.retry_usage (
    owner text NOT NULL COLLATE pg_catalog."C",
    partition integer NOT NULL,
    deliveries bigint NOT NULL,
    bytes bigint NOT NULL
)
WITH (fillfactor='50');

CREATE UNLOGGED TABLE public.retry_webhooks (
    partition integer NOT NULL,
    webhook_id text NOT NULL COLLATE pg_catalog."C",
    held boolean DEFAULT false NOT NULL,
    next_at_ms bigint,
    line bigint
)
WITH (fillfactor='50');

CREATE TABLE public.schema_migrations (
    version integer NOT NULL,
    name text NOT NULL,
    checksum text NOT NULL,
    applied_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.tenants (
    id text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.users (
    id text NOT NULL,
    tenant text NOT NULL,
    username text NOT NULL,
    password_hash text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    password_changed_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.webhook_changes (
    revision bigint NOT NULL,
    webhook_id text NOT NULL,
    tenant text NOT NULL,
    payload jsonb
);

CREATE TABLE public.webhook_health (
    webhook_id text NOT NULL COLLATE pg_catalog."C",
    last_success_at_ms bigint NOT NULL,
    failing_since_ms bigint,
    last_failure_at_ms bigint NOT NULL,
    warned_percent integer NOT NULL
);

CREATE TABLE public.webhooks (
    id text NOT NULL COLLATE pg_catalog."C",
    tenant text NOT NULL,
    url text NOT NULL,
    event_types text[] NOT NULL,
    sealed_headers text NOT NULL,
    sealed_secrets text NOT NULL,
    policy text NOT NULL,
    description text,
    status text NOT NULL,
    disabled_reason text,
    revision bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    uid text COLLATE pg_catalog."C",
    metadata jsonb DEFAULT '{}'::jsonb NOT NULL,
    delivery jsonb DEFAULT '{}'::jsonb NOT NULL,
    sealed_credentials text,
    CONSTRAINT webhooks_status_check CHECK ((status = ANY (ARRAY['enabled'::text, 'paused'::text, 'disabled'::text])))
);

ALTER TABLE ONLY public.attempts ATTACH PARTITION public.attempts_20261127 FOR VALUES FROM ('2026-11-27 00:00:00+00') TO ('2026-11-28 00:00:00+00');

ALTER TABLE ONLY public.attempts ATTACH PARTITION public.attempts_20261128 FOR VALUES FROM ('2026-11-28 00:00:00+00') TO ('2026-11-29 00:00:00+00');

ALTER TABLE ONLY public.attempts ATTACH PARTITION public.attempts_20261129 FOR VALUES FROM ('2026-11-29 00:00:00+00') TO ('2026-11-30 00:00:00+00');

ALTER TABLE ONLY public.deliveries ATTACH PARTITION public.deliveries_20261127 FOR VALUES FROM ('2026-11-27 00:00:00+00') TO ('2026-11-28 00:00:00+00');

ALTER TABLE ONLY public.deliveries ATTACH PARTITION public.deliveries_20261128 FOR VALUES FROM ('2026-11-28 00:00:00+00') TO ('2026-11-29 00:00:00+00');

ALTER TABLE ONLY public.deliveries ATTACH PARTITION public.deliveries_20261129 FOR VALUES FROM ('2026-11-29 00:00:00+00') TO ('2026-11-30 00:00:00+00');

ALTER TABLE ONLY public.event_metadata ATTACH PARTITION public.event_metadata_20261127 FOR VALUES FROM ('2026-11-27 00:00:00+00') TO ('2026-11-28 00:00:00+00');

ALTER TABLE ONLY public.event_metadata ATTACH PARTITION public.event_metadata_20261128 FOR VALUES FROM ('2026-11-28 00:00:00+00') TO ('2026-11-29 00:00:00+00');

ALTER TABLE ONLY public.event_metadata ATTACH PARTITION public.event_metadata_20261129 FOR VALUES FROM ('2026-11-29 00:00:00+00') TO ('2026-11-30 00:00:00+00');

ALTER TABLE ONLY public.events ATTACH PARTITION public.events_20261127 FOR VALUES FROM ('2026-11-27 00:00:00+00') TO ('2026-11-28 00:00:00+00');

ALTER TABLE ONLY public.events ATTACH PARTITION public.events_20261128 FOR VALUES FROM ('2026-11-28 00:00:00+00') TO ('2026-11-29 00:00:00+00');

ALTER TABLE ONLY public.events ATTACH PARTITION public.events_20261129 FOR VALUES FROM ('2026-11-29 00:00:00+00') TO ('2026-11-30 00:00:00+00');

INSERT INTO public.attempts_20261127 VALUES
	('dlv_2dc24af4413db2f8cfae39131b2e56aa', 'att_01a21f7293c57e18af6f2df55b8d2703', '2026-11-27 23:58:52.195+00', 1, 'automatic', 'refused', NULL, '2026-11-27 23:58:52.321+00', 36, '{"url":"http://127.0.0.1:9/dead","error":"connect ECONNREFUSED 127.0.0.1:9","phase":"connect","timings":{"dnsMs":12.1},"requestHeaders":{"content-type":"application/json","user-agent":"Hookline/0.1","webhook-id":"dlv_2dc24af4413db2f8cfae39131b2e56aa","webhook-timestamp":"1795823932","webhook-signature":"v1,EV42HZw9oAwgMc9VLJnnm1te/JS1tZbpnFrX/PYhqMw="}}'),
	('dlv_8085cadb23ba5e24459b39967fbd87fd', 'att_01a21f7293c479408ece216e35b4c555', '2026-11-27 23:58:52.195+00', 1, 'automatic', 'refused', NULL, '2026-11-27 23:58:52.299+00', 41, '{"url":"http://127.0.0.1:9/waiting","error":"connect ECONNREFUSED 127.0.0.1:9","phase":"connect","timings":{"dnsMs":1.4},"requestHeaders":{"content-type":"application/json","user-agent":"Hookline/0.1","webhook-id":"dlv_8085cadb23ba5e24459b39967fbd87fd","webhook-timestamp":"1795823932","webhook-signature":"v1,vzO7A8DYjy54PgUybNVsxPngp9wPaj6CXRlvRVuBfhE="}}'),
	('dlv_186c5bb1aa7fbe89e292017d934eeccb', 'att_01a21f72941b760abc1527f60e35ed3f', '2026-11-27 23:58:52.195+00', 1, 'automatic', NULL, 200, '2026-11-27 23:58:52.321+00', 121, '{"url":"http://127.0.0.1:27190/good","timings":{"dnsMs":11.8,"connectMs":41.2,"firstByteMs":49.8},"responseBody":"thanks"}'),
	('dlv_1db8ce1658120e804bbf5744bb6e08d0', 'att_01a21f7294e5754783337eb432c4f79e', '2026-11-27 23:58:52.448+00', 1, 'automatic', NULL, 200, '2026-11-27 23:58:52.636+00', 9, '{"url":"http://127.0.0.1:27190/good","timings":{"firstByteMs":9.2},"responseBody":"thanks"}');

INSERT INTO public.breakers VALUES
	('wh_01a21f7290e177e793156e1ae519ad8d', '{"probe": null, "slices": [{"failed": 1, "number": 59860797, "succeeded": 0}], "openings": 0, "openUntilMs": null, "failuresInARow": 1}', 1795824232482),
	('wh_01a21f72912a76a4a3393d8b96688695', '{"probe": null, "slices": [{"failed": 1, "number": 59860797, "succeeded": 0}], "openings": 0, "openUntilMs": null, "failuresInARow": 1}', 1795824232482);

INSERT INTO public.dead_letters VALUES
	('dlv_2dc24af4413db2f8cfae39131b2e56aa', 'default', 'wh_01a21f72912a76a4a3393d8b96688695', 'order-1', 'order.created', 'test', '2026-11-27T23:58:52.195Z', '2026-11-27 23:58:52.195+00', 'application/json', '\x7b22746f74616c223a31392e39307d', 'attempts_exhausted', 1, '2026-11-27 23:58:52.321+00', '2026-11-27 23:58:52.374+00', '{"ce_specversion":"1.0","ce_id":"order-1","ce_type":"order.created","ce_source":"test","ce_time":"2026-11-27T23:58:52.195Z","ce_tenant":"default","content-type":"application/json","hl_accepted":"1795823932195"}', NULL, NULL, NULL);

INSERT INTO public.deduplication_held VALUES
	(4, 3);

INSERT INTO public.deduplication_keys VALUES
	('\xa3ba3fe08b48204465c74b52bc0c13b3', 1795823932210, 1795910332280, '157b7995-52d5-466b-905e-01be4039a9bf1', 'ht9GZYoiPvDC5HFbYyRjV9', '1795823932195'),
	('\x8edeab2ea7014c2923791fca3c13c35a', 1795823932480, 1795910332619, '157b7995-52d5-466b-905e-01be4039a9bf2', 'Uz5hWYyF5gCG_vqmOaDSjP', '1795823932448'),
	('\x279893b74534157922adde4cbeb8bffe', 1795823932634, 1795910332663, '157b7995-52d5-466b-905e-01be4039a9bf3', 'JrG17WmuHkUgoeuxGc30JA', '1795823932633');

INSERT INTO public.deliveries_20261127 VALUES
	('dlv_2dc24af4413db2f8cfae39131b2e56aa', 'default', 'wh_01a21f72912a76a4a3393d8b96688695', '2026-11-27 23:58:52.195+00', 'order-1', 'order.created', 1, '2026-11-27 23:58:52.321+00', 'dead', 3, '2026-11-27 23:58:52.374+00', NULL, 'attempts_exhausted', 'att_01a21f7293c57e18af6f2df55b8d2703', 1, '2026-11-27 23:58:52.321+00', NULL, 'refused'),
	('dlv_8085cadb23ba5e24459b39967fbd87fd', 'default', 'wh_01a21f7290e177e793156e1ae519ad8d', '2026-11-27 23:58:52.195+00', 'order-1', 'order.created', 1, '2026-11-27 23:58:52.299+00', 'retrying', 2, '2026-11-27 23:58:52.34+00', '2026-11-28 01:00:45.09+00', NULL, 'att_01a21f7293c479408ece216e35b4c555', 1, '2026-11-27 23:58:52.299+00', NULL, 'refused'),
	('dlv_186c5bb1aa7fbe89e292017d934eeccb', 'default', 'wh_01a21f72905c7077b002a520659e700c', '2026-11-27 23:58:52.195+00', 'order-1', 'order.created', 1, '2026-11-27 23:58:52.321+00', 'succeeded', 3, '2026-11-27 23:58:52.442+00', NULL, NULL, 'att_01a21f72941b760abc1527f60e35ed3f', 1, '2026-11-27 23:58:52.321+00', 200, NULL),
	('dlv_1db8ce1658120e804bbf5744bb6e08d0', 'default', 'wh_01a21f72905c7077b002a520659e700c', '2026-11-27 23:58:52.448+00', 'order-2', 'order.shipped', 1, '2026-11-27 23:58:52.636+00', 'succeeded', 3, '2026-11-27 23:58:52.645+00', NULL, NULL, 'att_01a21f7294e5754783337eb432c4f79e', 1, '2026-11-27 23:58:52.636+00', 200, NULL),
	('dlv_c0a5c1ed681cd65eae4e021ac365f54e', 'default', 'wh_01a21f72916e763fa1b66aae3677cfc1', '2026-11-27 23:58:52.633+00', 'stock-1', 'stock.low', 0, NULL, 'deferred', 0, '2026-11-27 23:58:52.663+00', '2026-11-27 23:59:52.663+00', 'paused', NULL, NULL, NULL, NULL, NULL);

INSERT INTO public.event_types VALUES
	('default', 'order.created', 'An order', NULL, '{"type":"object","required":["total"]}', 'reject', 1795823932080, '2026-11-27 23:58:52.08+00', '2026-11-27 23:58:52.08+00', 1795823932080);

INSERT INTO public.events_20261127 VALUES
	('default', 'order-1', '2026-11-27 23:58:52.195+00', 'order.created', 'test', '2026-11-27T23:58:52.195Z', 'application/json', NULL, NULL, NULL, 15, '\x7b22746f74616c223a31392e39307d', NULL, NULL),
	('default', 'order-2', '2026-11-27 23:58:52.448+00', 'order.shipped', 'test', '2026-11-27T23:58:52.448Z', 'application/json', NULL, NULL, NULL, 7, '\x7b226e223a317d', NULL, NULL),
	('default', 'stock-1', '2026-11-27 23:58:52.633+00', 'stock.low', 'test', '2026-11-27T23:58:52.633Z', 'application/json', NULL, NULL, NULL, 7, '\x7b226e223a327d', NULL, NULL);

INSERT INTO public.log_chores VALUES
	('trim', NULL, '2026-11-27 23:58:48.076034+00');

INSERT INTO public.log_leases VALUES
	('hookline.registry', 5, 0, NULL, 1, NULL, ''),
	('hookline.registry', 5, 1, NULL, 1, NULL, ''),
	('hookline.registry', 5, 2, NULL, 1, NULL, ''),
	('hookline.registry', 5, 3, NULL, 1, NULL, ''),
	('hookline.registry', 5, 4, NULL, 1, NULL, ''),
	('hookline.registry', 5, 5, NULL, 1, NULL, ''),
	('hookline.registry', 5, 6, NULL, 1, NULL, ''),
	('hookline.registry', 5, 7, NULL, 1, 1, ''),
	('hookline.registry', 5, 8, NULL, 1, NULL, ''),
	('hookline.registry', 5, 9, NULL, 1, NULL, ''),
	('hookline.registry', 5, 10, NULL, 1, NULL, ''),
	('hookline.registry', 5, 11, NULL, 1, NULL, ''),
	('hookline.registry', 9, 0, NULL, 1, 3, ''),
	('hookline.observability', 1, 0, NULL, 1, NULL, ''),
	('hookline.observability', 1, 1, NULL, 1, NULL, ''),
	('hookline.observability', 1, 2, NULL, 1, 1, ''),
	('hookline.observability', 1, 3, NULL, 1, NULL, ''),
	('hookline.observability', 1, 4, NULL, 1, NULL, ''),
	('hookline.observability', 1, 5, NULL, 1, 1, ''),
	('hookline.observability', 1, 6, NULL, 1, 1, ''),
	('hookline.observability', 1, 7, NULL, 1, NULL, ''),
	('hookline.observability', 1, 8, NULL, 1, NULL, ''),
	('hookline.observability', 1, 9, NULL, 1, NULL, ''),
	('hookline.observability', 1, 10, NULL, 1, NULL, ''),
	('hookline.observability', 1, 11, NULL, 1, NULL, ''),
	('hookline.observability', 2, 0, NULL, 1, NULL, ''),
	('hookline.observability', 2, 1, NULL, 1, NULL, ''),
	('hookline.observability', 2, 2, NULL, 1, NULL, ''),
	('hookline.observability', 2, 3, NULL, 1, 2, ''),
	('hookline.observability', 2, 4, NULL, 1, 1, ''),
	('hookline.observability', 2, 5, NULL, 1, NULL, ''),
	('hookline.observability', 2, 6, NULL, 1, NULL, ''),
	('hookline.observability', 2, 7, NULL, 1, 1, ''),
	('hookline.observability', 2, 8, NULL, 1, 1, ''),
	('hookline.observability', 2, 9, NULL, 1, NULL, ''),
	('hookline.observability', 2, 10, NULL, 1, NULL, ''),
	('hookline.observability', 2, 11, NULL, 1, NULL, ''),
	('hookline.observability', 5, 0, NULL, 1, NULL, ''),
	('hookline.observability', 5, 1, NULL, 1, NULL, ''),
	('hookline.observability', 5, 2, NULL, 1, NULL, ''),
	('hookline.observability', 5, 3, NULL, 1, NULL, ''),
	('hookline.observability', 5, 4, NULL, 1, NULL, ''),
	('hookline.observability', 5, 5, NULL, 1, NULL, ''),
	('hookline.observability', 5, 6, NULL, 1, NULL, ''),
	('hookline.observability', 5, 7, NULL, 1, 1, ''),
	('hookline.observability', 5, 8, NULL, 1, NULL, ''),
	('hookline.observability', 5, 9, NULL, 1, NULL, ''),
	('hookline.observability', 5, 10, NULL, 1, NULL, ''),
	('hookline.observability', 5, 11, NULL, 1, NULL, ''),
	('hookline.retry-manager', 3, 0, NULL, 1, NULL, ''),
	('hookline.retry-manager', 3, 1, NULL, 1, NULL, ''),
	('hookline.retry-manager', 3, 2, NULL, 1, NULL, ''),
	('hookline.retry-manager', 3, 3, NULL, 1, NULL, ''),
	('hookline.retry-manager', 3, 4, NULL, 1, 1, ''),
	('hookline.retry-manager', 3, 5, NULL, 1, NULL, ''),
	('hookline.retry-manager', 3, 6, NULL, 1, 1, ''),
	('hookline.retry-manager', 3, 7, NULL, 1, 1, ''),
	('hookline.retry-manager', 3, 8, NULL, 1, NULL, ''),
	('hookline.retry-manager', 3, 9, NULL, 1, NULL, ''),
	('hookline.retry-manager', 3, 10, NULL, 1, NULL, ''),
	('hookline.retry-manager', 3, 11, NULL, 1, NULL, ''),
	('hookline.dispatcher', 1, 0, NULL, 1, NULL, ''),
	('hookline.dispatcher', 1, 1, NULL, 1, NULL, ''),
	('hookline.dispatcher', 1, 2, NULL, 1, 1, ''),
	('hookline.dispatcher', 1, 3, NULL, 1, NULL, ''),
	('hookline.dispatcher', 1, 4, NULL, 1, NULL, ''),
	('hookline.dispatcher', 1, 5, NULL, 1, 1, ''),
	('hookline.dispatcher', 1, 6, NULL, 1, 1, ''),
	('hookline.dispatcher', 1, 7, NULL, 1, NULL, ''),
	('hookline.dispatcher', 1, 8, NULL, 1, NULL, ''),
	('hookline.dispatcher', 1, 9, NULL, 1, NULL, ''),
	('hookline.dispatcher', 1, 10, NULL, 1, NULL, ''),
	('hookline.dispatcher', 1, 11, NULL, 1, NULL, ''),
	('hookline.dispatcher', 4, 0, NULL, 1, NULL, ''),
	('hookline.dispatcher', 4, 1, NULL, 1, NULL, ''),
	('hookline.dispatcher', 4, 2, NULL, 1, NULL, ''),
	('hookline.dispatcher', 4, 3, NULL, 1, NULL, ''),
	('hookline.dispatcher', 4, 4, NULL, 1, NULL, ''),
	('hookline.dispatcher', 4, 5, NULL, 1, NULL, ''),
	('hookline.dispatcher', 4, 6, NULL, 1, NULL, ''),
	('hookline.dispatcher', 4, 7, NULL, 1, NULL, ''),
	('hookline.dispatcher', 4, 8, NULL, 1, NULL, ''),
	('hookline.dispatcher', 4, 9, NULL, 1, NULL, ''),
	('hookline.dispatcher', 4, 10, NULL, 1, NULL, ''),
	('hookline.dispatcher', 4, 11, NULL, 1, NULL, '');

INSERT INTO public.log_partitions VALUES
	(1, 0, 0, 0, 0),
	(1, 1, 0, 0, 0),
	(1, 3, 0, 0, 0),
	(1, 4, 0, 0, 0),
	(1, 7, 0, 0, 0),
	(1, 8, 0, 0, 0),
	(1, 9, 0, 0, 0),
	(1, 10, 0, 0, 0),
	(1, 11, 0, 0, 0),
	(2, 0, 0, 0, 0),
	(2, 1, 0, 0, 0),
	(2, 2, 0, 0, 0),
	(2, 5, 0, 0, 0),
	(2, 6, 0, 0, 0),
	(2, 9, 0, 0, 0),
	(2, 10, 0, 0, 0),
	(2, 11, 0, 0, 0),
	(3, 0, 0, 0, 0),
	(3, 1, 0, 0, 0),
	(1, 2, 1, 0, 0),
	(2, 3, 2, 0, 0),
	(2, 4, 1, 0, 0),
	(1, 5, 1, 0, 0),
	(1, 6, 1, 0, 0),
	(2, 7, 1, 0, 0),
	(2, 8, 1, 0, 0),
	(3, 2, 0, 0, 0),
	(3, 3, 0, 0, 0),
	(3, 5, 0, 0, 0),
	(3, 8, 0, 0, 0),
	(3, 9, 0, 0, 0),
	(3, 10, 0, 0, 0),
	(3, 11, 0, 0, 0),
	(4, 0, 0, 0, 0),
	(4, 1, 0, 0, 0),
	(4, 2, 0, 0, 0),
	(4, 3, 0, 0, 0),
	(4, 4, 0, 0, 0),
	(4, 5, 0, 0, 0),
	(4, 6, 0, 0, 0),
	(4, 7, 0, 0, 0),
	(4, 8, 0, 0, 0),
	(4, 9, 0, 0, 0),
	(4, 10, 0, 0, 0),
	(4, 11, 0, 0, 0),
	(5, 0, 0, 0, 0),
	(5, 1, 0, 0, 0),
	(5, 2, 0, 0, 0),
	(5, 3, 0, 0, 0),
	(3, 4, 1, 0, 0),
	(3, 7, 1, 0, 0),
	(3, 6, 1, 0, 0),
	(5, 4, 0, 0, 0),
	(5, 5, 0, 0, 0),
	(5, 6, 0, 0, 0),
	(5, 8, 0, 0, 0),
	(5, 9, 0, 0, 0),
	(5, 10, 0, 0, 0),
	(5, 11, 0, 0, 0),
	(8, 0, 0, 0, 0),
	(10, 0, 0, 0, 0),
	(6, 0, 5, 0, 0),
	(7, 0, 1, 0, 0),
	(5, 7, 1, 0, 0),
	(9, 0, 3, 0, 0);

INSERT INTO public.log_records VALUES
	(6, 0, 0, 'wh_01a21f72905c7077b002a520659e700c', '\x7b226964223a2277685f3031613231663732393035633730373762303032613532303635396537303063222c2275726c223a22687474703a2f2f3132372e302e302e313a32373139302f676f6f64222c22706f6c696379223a22717569636b222c22737461747573223a22656e61626c6564222c2274656e616e74223a2264656661756c74222c226576656e745479706573223a5b226f726465722e2a225d2c227365616c656448656164657273223a2273313a4c6e74736b6a4f3073767677354a44686e7738624a677872773134726b4c55475146466e344e355737654b6c34396638492b63583879596f222c227365616c656453656372657473223a2273313a5239734d426e704c4b496a7a524d314c347337466b446d3968706d755941563459753868644f41645952526b3742784333374962384b486b456532643361506b647951645047355458304b38364844794a4c42524e6f51336547686f7577726c6d2f337449514f5a4d4b5a434a673d3d227d', '{"hl_v":"1","hl_revision":"1"}', 1795823931557, true),
	(6, 0, 1, 'wh_01a21f7290e177e793156e1ae519ad8d', '\x7b226964223a2277685f3031613231663732393065313737653739333135366531616535313961643864222c2275726c223a22687474703a2f2f3132372e302e302e313a392f77616974696e67222c22706f6c696379223a22717569636b222c22737461747573223a22656e61626c6564222c2274656e616e74223a2264656661756c74222c2264656c6976657279223a7b2272657472795363686564756c654d73223a5b333630303030305d7d2c226576656e745479706573223a5b226f726465722e63726561746564225d2c227365616c656448656164657273223a2273313a63735849473072766a72534f4c37496e5957376878735455336930684673324f5537507a34344737222c227365616c656453656372657473223a2273313a574f79794e387363506b66614539555763705630716e704573346b537470564b4962336766562b53584f35306279652b386763475571726a635642413943495551753233794971764c67584778427848317176384c7166634b467149744636516b4a647454366a706b64746d66513d3d227d', '{"hl_v":"1","hl_revision":"2"}', 1795823931645, true),
	(6, 0, 2, 'wh_01a21f72912a76a4a3393d8b96688695', '\x7b226964223a2277685f3031613231663732393132613736613461333339336438623936363838363935222c2275726c223a22687474703a2f2f3132372e302e302e313a392f64656164222c22706f6c696379223a22717569636b222c22737461747573223a22656e61626c6564222c2274656e616e74223a2264656661756c74222c2264656c6976657279223a7b226d617852657472696573223a307d2c226576656e745479706573223a5b226f726465722e63726561746564225d2c227365616c656448656164657273223a2273313a3054323354437665474d574d754e6e4f706c706548686a556350534b5273385673786632614c6d33222c227365616c656453656372657473223a2273313a6b48506f376c784377367168703350335341454f6f6734595965646970676b55634d53796249594d342b756f3843615a684d51384b523471504a686e417a545831363143633273475a613952756e73574a384d2f6e4c4d7777676d776550446a6872673132565837797535344b773d3d227d', '{"hl_v":"1","hl_revision":"3"}', 1795823931717, true),
	(6, 0, 3, 'wh_01a21f72916e763fa1b66aae3677cfc1', '\x7b226964223a2277685f3031613231663732393136653736336661316236366161653336373763666331222c2275726c223a22687474703a2f2f3132372e302e302e313a32373139302f706175736564222c22706f6c696379223a22717569636b222c22737461747573223a22656e61626c6564222c2274656e616e74223a2264656661756c74222c226576656e745479706573223a5b2273746f636b2e2a225d2c227365616c656448656164657273223a2273313a774f4162452f6c5a474649346379504b442f42394d7334577545495a3376566c43716e712f476c61222c227365616c656453656372657473223a2273313a4b69493766446a6f39726f63497279624839517341426f5949696846742f5736322f4d5178522b646c66326f6f4c4f544858662b7734646b6664392f757a72313544456b64786b32657768375a77535735746a626c384d324b6654566b3055796a4d57754b39717252314e3131673d3d227d', '{"hl_v":"1","hl_revision":"4"}', 1795823931828, true),
	(6, 0, 4, 'wh_01a21f72916e763fa1b66aae3677cfc1', '\x7b226964223a2277685f3031613231663732393136653736336661316236366161653336373763666331222c2275726c223a22687474703a2f2f3132372e302e302e313a32373139302f706175736564222c22706f6c696379223a22717569636b222c22737461747573223a22706175736564222c2274656e616e74223a2264656661756c74222c226576656e745479706573223a5b2273746f636b2e2a225d2c227365616c656448656164657273223a2273313a774f4162452f6c5a474649346379504b442f42394d7334577545495a3376566c43716e712f476c61222c227365616c656453656372657473223a2273313a4b69493766446a6f39726f63497279624839517341426f5949696846742f5736322f4d5178522b646c66326f6f4c4f544858662b7734646b6664392f757a72313544456b64786b32657768375a77535735746a626c384d324b6654566b3055796a4d57754b39717252314e3131673d3d227d', '{"hl_v":"1","hl_revision":"5"}', 1795823931886, true),
	(7, 0, 0, 'defaultorder.created', '\x7b22736368656d61223a227b5c22747970655c223a5c226f626a6563745c222c5c2272657175697265645c223a5b5c22746f74616c5c225d7d222c226f6e4d69736d61746368223a2272656a656374227d', '{"hl_v":"1","hl_revision":"1795823932080"}', 1795823932124, true),
	(1, 2, 0, NULL, '\x7b22746f74616c223a31392e39307d', '{"ce_specversion":"1.0","ce_id":"order-1","ce_type":"order.created","ce_source":"test","ce_time":"2026-11-27T23:58:52.195Z","ce_tenant":"default","content-type":"application/json","hl_accepted":"1795823932195"}', 1795823932253, false),
	(2, 3, 0, NULL, '\x7b227374617274656441744d73223a313739353832333933323239392c226475726174696f6e4d73223a34312e312c22737461747573223a6e756c6c2c226661696c757265223a2272656675736564222c226572726f72223a22636f6e6e6563742045434f4e4e52454655534544203132372e302e302e313a39222c22726573706f6e7365426f6479223a6e756c6c2c22726574727941667465724d73223a6e756c6c2c2274696d696e6773223a7b22646e734d73223a312e347d2c227068617365223a22636f6e6e656374222c227265717565737448656164657273223a7b22636f6e74656e742d74797065223a226170706c69636174696f6e2f6a736f6e222c22757365722d6167656e74223a22486f6f6b6c696e652f302e31222c22776562686f6f6b2d6964223a22646c765f3830383563616462323362613565323434353962333939363766626438376664222c22776562686f6f6b2d74696d657374616d70223a2231373935383233393332222c22776562686f6f6b2d7369676e6174757265223a2276312c767a4f37413844596a79353450675579624e567378506e6770397750616a364358526c76525675426668453d227d2c226964223a226174745f3031613231663732393363343739343038656365323136653335623463353535222c2274656e616e74223a2264656661756c74222c2264656c69766572794964223a22646c765f3830383563616462323362613565323434353962333939363766626438376664222c226576656e744964223a226f726465722d31222c226576656e7454797065223a226f726465722e63726561746564222c22616363657074656441744d73223a313739353832333933323139352c22776562686f6f6b4964223a2277685f3031613231663732393065313737653739333135366531616535313961643864222c226e756d626572223a312c2274726967676572223a226175746f6d61746963222c2275726c223a22687474703a2f2f3132372e302e302e313a392f77616974696e67222c227374617465223a227265747279696e67222c226e657874417474656d707441744d73223a313739353832373634353039302c2264656164526561736f6e223a6e756c6c7d', '{"hl_v":"1"}', 1795823932397, false),
	(2, 3, 1, NULL, '\x7b227374617274656441744d73223a313739353832333933323332312c226475726174696f6e4d73223a33352e392c22737461747573223a6e756c6c2c226661696c757265223a2272656675736564222c226572726f72223a22636f6e6e6563742045434f4e4e52454655534544203132372e302e302e313a39222c22726573706f6e7365426f6479223a6e756c6c2c22726574727941667465724d73223a6e756c6c2c2274696d696e6773223a7b22646e734d73223a31322e317d2c227068617365223a22636f6e6e656374222c227265717565737448656164657273223a7b22636f6e74656e742d74797065223a226170706c69636174696f6e2f6a736f6e222c22757365722d6167656e74223a22486f6f6b6c696e652f302e31222c22776562686f6f6b2d6964223a22646c765f3264633234616634343133646232663863666165333931333162326535366161222c22776562686f6f6b2d74696d657374616d70223a2231373935383233393332222c22776562686f6f6b2d7369676e6174757265223a2276312c45563432485a77396f4177674d6339564c4a6e6e6d3174652f4a5331745a62706e4672582f505968714d773d227d2c226964223a226174745f3031613231663732393363353765313861663666326466353562386432373033222c2274656e616e74223a2264656661756c74222c2264656c69766572794964223a22646c765f3264633234616634343133646232663863666165333931333162326535366161222c226576656e744964223a226f726465722d31222c226576656e7454797065223a226f726465722e63726561746564222c22616363657074656441744d73223a313739353832333933323139352c22776562686f6f6b4964223a2277685f3031613231663732393132613736613461333339336438623936363838363935222c226e756d626572223a312c2274726967676572223a226175746f6d61746963222c2275726c223a22687474703a2f2f3132372e302e302e313a392f64656164222c227374617465223a2264656164222c226e657874417474656d707441744d73223a6e756c6c2c2264656164526561736f6e223a22617474656d7074735f657868617573746564227d', '{"hl_v":"1"}', 1795823932397, false),
	(3, 4, 0, 'dlv_8085cadb23ba5e24459b39967fbd87fd', '\x7b22746f74616c223a31392e39307d', '{"ce_specversion":"1.0","ce_id":"order-1","ce_type":"order.created","ce_source":"test","ce_time":"2026-11-27T23:58:52.195Z","ce_tenant":"default","content-type":"application/json","hl_accepted":"1795823932195","hl_v":"1","hl_webhook":"wh_01a21f7290e177e793156e1ae519ad8d","hl_attempt":"2","hl_due":"1795827645090","hl_first":"1795823932299","hl_deferred":"0","hl_ends":"1795913932299"}', 1795823932397, true),
	(5, 7, 0, 'dlv_2dc24af4413db2f8cfae39131b2e56aa', '\x7b22746f74616c223a31392e39307d', '{"ce_specversion":"1.0","ce_id":"order-1","ce_type":"order.created","ce_source":"test","ce_time":"2026-11-27T23:58:52.195Z","ce_tenant":"default","content-type":"application/json","hl_accepted":"1795823932195","hl_v":"1","hl_webhook":"wh_01a21f72912a76a4a3393d8b96688695","hl_reason":"attempts_exhausted","hl_attempts":"1","hl_first":"1795823932321","hl_dead":"1795823932374"}', 1795823932397, false),
	(9, 0, 0, 'wh_01a21f7290e177e793156e1ae519ad8d', '\x7b2274656e616e74223a2264656661756c74222c22776562686f6f6b4964223a2277685f3031613231663732393065313737653739333135366531616535313961643864222c226b696e64223a226661696c696e67222c2273696e63654d73223a313739353832333933323239392c2261744d73223a313739353832333933323335357d', '{"hl_v":"1"}', 1795823932397, false),
	(9, 0, 1, 'wh_01a21f72912a76a4a3393d8b96688695', '\x7b2274656e616e74223a2264656661756c74222c22776562686f6f6b4964223a2277685f3031613231663732393132613736613461333339336438623936363838363935222c226b696e64223a226661696c696e67222c2273696e63654d73223a313739353832333933323332312c2261744d73223a313739353832333933323335377d', '{"hl_v":"1"}', 1795823932397, false),
	(2, 4, 0, NULL, '\x7b227374617274656441744d73223a313739353832333933323332312c226475726174696f6e4d73223a3132312e322c22737461747573223a3230302c226661696c757265223a6e756c6c2c226572726f72223a6e756c6c2c22726573706f6e7365426f6479223a227468616e6b73222c22726574727941667465724d73223a6e756c6c2c2274696d696e6773223a7b22646e734d73223a31312e382c22636f6e6e6563744d73223a34312e322c226669727374427974654d73223a34392e387d2c226964223a226174745f3031613231663732393431623736306162633135323766363065333565643366222c2274656e616e74223a2264656661756c74222c2264656c69766572794964223a22646c765f3138366335626231616137666265383965323932303137643933346565636362222c226576656e744964223a226f726465722d31222c226576656e7454797065223a226f726465722e63726561746564222c22616363657074656441744d73223a313739353832333933323139352c22776562686f6f6b4964223a2277685f3031613231663732393035633730373762303032613532303635396537303063222c226e756d626572223a312c2274726967676572223a226175746f6d61746963222c2275726c223a22687474703a2f2f3132372e302e302e313a32373139302f676f6f64222c227374617465223a22737563636565646564222c226e657874417474656d707441744d73223a6e756c6c2c2264656164526561736f6e223a6e756c6c7d', '{"hl_v":"1"}', 1795823932481, false),
	(3, 7, 0, 'dlv_2dc24af4413db2f8cfae39131b2e56aa', NULL, '{"hl_v":"1"}', 1795823932481, true),
	(9, 0, 2, 'wh_01a21f72905c7077b002a520659e700c', '\x7b2274656e616e74223a2264656661756c74222c22776562686f6f6b4964223a2277685f3031613231663732393035633730373762303032613532303635396537303063222c226b696e64223a22737563636565646564222c2261744d73223a313739353832333933323434337d', '{"hl_v":"1"}', 1795823932481, false),
	(1, 5, 0, NULL, '\x7b226e223a317d', '{"ce_specversion":"1.0","ce_id":"order-2","ce_type":"order.shipped","ce_source":"test","ce_time":"2026-11-27T23:58:52.448Z","ce_tenant":"default","content-type":"application/json","hl_accepted":"1795823932448"}', 1795823932572, false),
	(1, 6, 0, NULL, '\x7b226e223a327d', '{"ce_specversion":"1.0","ce_id":"stock-1","ce_type":"stock.low","ce_source":"test","ce_time":"2026-11-27T23:58:52.633Z","ce_tenant":"default","content-type":"application/json","hl_accepted":"1795823932633"}', 1795823932648, false),
	(2, 7, 0, NULL, '\x7b227374617274656441744d73223a313739353832333933323633362c226475726174696f6e4d73223a392e342c22737461747573223a3230302c226661696c757265223a6e756c6c2c226572726f72223a6e756c6c2c22726573706f6e7365426f6479223a227468616e6b73222c22726574727941667465724d73223a6e756c6c2c2274696d696e6773223a7b226669727374427974654d73223a392e327d2c226964223a226174745f3031613231663732393465353735343738333333376562343332633466373965222c2274656e616e74223a2264656661756c74222c2264656c69766572794964223a22646c765f3164623863653136353831323065383034626266353734346262366530386430222c226576656e744964223a226f726465722d32222c226576656e7454797065223a226f726465722e73686970706564222c22616363657074656441744d73223a313739353832333933323434382c22776562686f6f6b4964223a2277685f3031613231663732393035633730373762303032613532303635396537303063222c226e756d626572223a312c2274726967676572223a226175746f6d61746963222c2275726c223a22687474703a2f2f3132372e302e302e313a32373139302f676f6f64222c227374617465223a22737563636565646564222c226e657874417474656d707441744d73223a6e756c6c2c2264656164526561736f6e223a6e756c6c7d', '{"hl_v":"1"}', 1795823932657, false),
	(2, 8, 0, NULL, '\x7b2274656e616e74223a2264656661756c74222c2264656c69766572794964223a22646c765f6330613563316564363831636436356561653465303231616333363566353465222c226576656e744964223a2273746f636b2d31222c226576656e7454797065223a2273746f636b2e6c6f77222c22776562686f6f6b4964223a2277685f3031613231663732393136653736336661316236366161653336373763666331222c22616363657074656441744d73223a313739353832333933323633332c22617474656d707473223a302c227374617465223a226465666572726564222c22726561736f6e223a22706175736564222c226e657874417474656d707441744d73223a313739353832333939323636332c2261744d73223a313739353832333933323636337d', '{"hl_v":"1","hl_kind":"state"}', 1795823932668, false),
	(3, 6, 0, 'dlv_c0a5c1ed681cd65eae4e021ac365f54e', '\x7b226e223a327d', '{"ce_specversion":"1.0","ce_id":"stock-1","ce_type":"stock.low","ce_source":"test","ce_time":"2026-11-27T23:58:52.633Z","ce_tenant":"default","content-type":"application/json","hl_accepted":"1795823932633","hl_v":"1","hl_webhook":"wh_01a21f72916e763fa1b66aae3677cfc1","hl_attempt":"1","hl_due":"1795823992663","hl_first":"1795823932663","hl_deferred":"1","hl_ends":"1795910363663"}', 1795823932668, true);

INSERT INTO public.log_topics OVERRIDING SYSTEM VALUE VALUES
	(1, 'webhook.events', 12, 'delete', 604800000, 4194304),
	(2, 'webhook.attempts', 12, 'delete', 604800000, 4194304),
	(3, 'webhook.retries', 12, 'compact', 604800000, 4194304),
	(4, 'webhook.deliveries', 12, 'delete', 604800000, 4194304),
	(5, 'webhook.dead-letters', 12, 'delete', 2592000000, 4194304),
	(6, 'webhook.changes', 1, 'compact', 604800000, 4194304),
	(7, 'webhook.event-types', 1, 'compact', 604800000, 4194304),
	(8, 'webhook.cancellations', 1, 'delete', 604800000, 4194304),
	(9, 'webhook.health', 1, 'delete', 604800000, 4194304),
	(10, 'webhook.rejected', 1, 'delete', 2592000000, 4194304);

INSERT INTO public.rate_takes VALUES
	('\xb0c9d9e61ca6bbbc0e5a1fbb38b38b68', 0, 1795823930082, 1),
	('\x32f84ec80fe40d236be53de6d93bfe61', 0, 1795823930103, 1),
	('\xb0c9d9e61ca6bbbc0e5a1fbb38b38b68', 1, 1795823930353, 1),
	('\x32f84ec80fe40d236be53de6d93bfe61', 1, 1795823930380, 1);

INSERT INTO public.rate_windows VALUES
	('\xb0c9d9e61ca6bbbc0e5a1fbb38b38b68', 0, 2, 1795823990353),
	('\x32f84ec80fe40d236be53de6d93bfe61', 0, 2, 1795823990380);

INSERT INTO public.registry_relay VALUES
	(true, 5, 5, NULL);

INSERT INTO public.registry_revision VALUES
	(true, 5);

INSERT INTO public.retry_cursors VALUES
	(3, '80913d18-35a1-42d4-a73e-61ef81ddd2fb', 0, 1795823929951, false, 0, 0, 0, 0, 0, 0),
	(9, '1718a6ea-fd9f-4aeb-97a9-53e437c57feb', 0, 1795823929952, false, 0, 0, 0, 0, 0, 0),
	(1, '325cda39-28b8-44fd-ab3f-8d1928cee6e2', 0, 1795823929952, false, 0, 0, 0, 0, 0, 0),
	(2, 'e9c0f3cc-df0f-41f3-ba87-b80ffb466b71', 0, 1795823929952, false, 0, 0, 0, 0, 0, 0),
	(11, 'b9ff56d3-ca99-405c-94c7-63266452c040', 0, 1795823929952, false, 0, 0, 0, 0, 0, 0),
	(10, '665f6f68-4039-4b80-8179-887ed4a84b26', 0, 1795823929952, false, 0, 0, 0, 0, 0, 0),
	(4, '9d6ff173-8b78-426e-b018-35f7b451bb7e', 1, 1795823932538, false, 0, 1, 0, 0, 0, 266),
	(8, '4a4c46aa-ce09-4608-8a43-0e1e48550965', 0, 1795823929982, false, 0, 0, 0, 0, 0, 0),
	(5, '386392be-62c8-474f-aa05-ce4bd46eb892', 0, 1795823929981, false, 0, 0, 0, 0, 0, 0),
	(0, '7967a5b9-fc26-4969-806e-ca7b22a664b6', 0, 1795823930073, false, 0, 0, 0, 0, 0, 0),
	(7, 'b12e5547-7147-4d50-b6aa-0d7d4623fd1d', 1, 1795823932603, false, 0, 0, 0, 0, 0, 0),
	(6, '304cdc1f-748b-49db-b9fb-35f1ef099ec5', 1, 1795823932700, false, 0, 1, 0, 0, 0, 254);

INSERT INTO public.retry_entries VALUES
	(4, 'dlv_8085cadb23ba5e24459b39967fbd87fd', 'wh_01a21f7290e177e793156e1ae519ad8d', 'default', 0, 2, 1795827645090, false, 'waiting', NULL, NULL, '\x000000f75b302c22312e30222c312c226f726465722d31222c322c226f726465722e63726561746564222c332c2274657374222c342c22323032362d31312d32375432333a35383a35322e3139355a222c352c2264656661756c74222c372c226170706c69636174696f6e2f6a736f6e222c392c2231373935383233393332313935222c31302c2231222c31312c2277685f3031613231663732393065313737653739333135366531616535313961643864222c31322c2232222c31332c2231373935383237363435303930222c31342c2231373935383233393332323939222c31352c2230222c31362c2231373935393133393332323939225d7b22746f74616c223a31392e39307d'),
	(6, 'dlv_c0a5c1ed681cd65eae4e021ac365f54e', 'wh_01a21f72916e763fa1b66aae3677cfc1', 'default', 0, 1, 1795823992663, false, 'waiting', NULL, NULL, '\x000000f35b302c22312e30222c312c2273746f636b2d31222c322c2273746f636b2e6c6f77222c332c2274657374222c342c22323032362d31312d32375432333a35383a35322e3633335a222c352c2264656661756c74222c372c226170706c69636174696f6e2f6a736f6e222c392c2231373935383233393332363333222c31302c2231222c31312c2277685f3031613231663732393136653736336661316236366161653336373763666331222c31322c2231222c31332c2231373935383233393932363633222c31342c2231373935383233393332363633222c31352c2231222c31362c2231373935393130333633363633225d7b226e223a327d');

INSERT INTO public.retry_usage VALUES
	('tdefault', 4, 1, 266),
	('wwh_01a21f7290e177e793156e1ae519ad8d', 4, 1, 266),
	('tdefault', 6, 1, 254),
	('wwh_01a21f72916e763fa1b66aae3677cfc1', 6, 1, 254);

INSERT INTO public.retry_webhooks VALUES
	(7, 'wh_01a21f72916e763fa1b66aae3677cfc1', true, NULL, NULL),
	(11, 'wh_01a21f72916e763fa1b66aae3677cfc1', true, NULL, NULL),
	(4, 'wh_01a21f72916e763fa1b66aae3677cfc1', true, NULL, NULL),
	(3, 'wh_01a21f72916e763fa1b66aae3677cfc1', true, NULL, NULL),
	(9, 'wh_01a21f72916e763fa1b66aae3677cfc1', true, NULL, NULL),
	(0, 'wh_01a21f72916e763fa1b66aae3677cfc1', true, NULL, NULL),
	(5, 'wh_01a21f72916e763fa1b66aae3677cfc1', true, NULL, NULL),
	(1, 'wh_01a21f72916e763fa1b66aae3677cfc1', true, NULL, NULL),
	(2, 'wh_01a21f72916e763fa1b66aae3677cfc1', true, NULL, NULL),
	(8, 'wh_01a21f72916e763fa1b66aae3677cfc1', true, NULL, NULL),
	(10, 'wh_01a21f72916e763fa1b66aae3677cfc1', true, NULL, NULL),
	(4, 'wh_01a21f7290e177e793156e1ae519ad8d', false, 1795827645090, NULL),
	(6, 'wh_01a21f72916e763fa1b66aae3677cfc1', true, 1795845592663, NULL);

INSERT INTO public.schema_migrations VALUES
	(1, '0001-event-log', 'e33c44dbe59e93bf399f90f9d5156c51664fd7f31ab75bad4948e9fe498b710b', '2026-11-27 23:58:47.930066+00'),
	(2, '0002-retry-schedule', 'b5dbee47dd4a57298d38d533199a1fc5d2c2e1ec654a05be95a1c4409ec1065e', '2026-11-27 23:58:48.092398+00'),
	(3, '0003-limits', '67081d32f73390d5b5640b387d295d0ab81844fc7f6888e1411f83a7ae4c8944', '2026-11-27 23:58:48.13382+00'),
	(4, '0004-shared-limits', 'd654a247a4e4a737c0b76fba7ce12debf0c338b9551f6dd21117634bbecfce8d', '2026-11-27 23:58:48.170079+00'),
	(5, '0005-retry-schedule', '5ccba8712487294ca5eeb785babc4c156bea54a6f0774c3fafa2e191ca2453e7', '2026-11-27 23:58:48.193545+00'),
	(7, '0007-log-done-map', 'f36eddf651004a7a2953dddd24557d7316a6efda25685dd5e9db3871099bfd65', '2026-11-27 23:58:48.276023+00'),
	(10, '0010-registry', '30805de35f645321ea8d9f879b205c91d3f060ad6174e9f247d27affab2d160f', '2026-11-27 23:58:48.280161+00'),
	(11, '0011-registry-relay', 'b0342a59c326f664944d24045ef1a66b149b160afe3aabbdc39a1d0b6e5c8e4d', '2026-11-27 23:58:48.33619+00'),
	(12, '0012-webhook-settings', '77e9e5d23e20700624d5292bab813413069c4cded952545f776443759ead5659', '2026-11-27 23:58:48.356161+00'),
	(13, '0013-event-types', 'fe6f9cfa0afb939921d4c57b8a5a512c3ee173848290fb1d2583679831415fa1', '2026-11-27 23:58:48.359299+00'),
	(14, '0014-webhook-health', '045d07619af5ecdc9b257eb09513bf4019c414c38e86a8ea916eee9163b0e4a9', '2026-11-27 23:58:48.372112+00'),
	(15, '0015-event-types-published', '5420ce874e0844d0510ebc6dd647d1d6392ebd612aebde1ee6705011ff8ec7b5', '2026-11-27 23:58:48.395062+00'),
	(20, '0020-observability', '0027b8ffa5bab11d4e266d4748f7ea837bdbfff5d9ae109f2c224bd4f40e04c8', '2026-11-27 23:58:48.405078+00'),
	(21, '0021-observability-days', '0df7262dbb987721c672894ee95d9fbf2c405218a5facac7adfbd1b614919561', '2026-11-27 23:58:48.493464+00'),
	(22, '0022-recoveries', '017a4d6b36134c5865c879b637951f4da7dad47708f558944e5058de00b3c62b', '2026-11-27 23:58:48.57691+00');

INSERT INTO public.tenants VALUES
	('default', '2026-11-27 23:58:48.280161+00');

INSERT INTO public.users VALUES
	('usr_01a21f72863471149dbc4a9e2fd86671', 'default', 'admin', '$scrypt$ln=14,r=8,p=5$2zX7jR49qUy6ou7/8elHYA==$fysw6iJp2GQWF/UKTqKT3jSNyhf7QG0FugcpxXasZXg=', '2026-11-27 23:58:49.616275+00', '2026-11-27 23:58:49.616275+00');

INSERT INTO public.webhook_health VALUES
	('wh_01a21f7290e177e793156e1ae519ad8d', 0, 1795823932299, 1795823932355, 0),
	('wh_01a21f72912a76a4a3393d8b96688695', 0, 1795823932321, 1795823932357, 0);

INSERT INTO public.webhooks VALUES
	('wh_01a21f72905c7077b002a520659e700c', 'default', 'http://127.0.0.1:27190/good', '{order.*}', 's1:LntskjO0svvw5JDhnw8bJgxrw14rkLUGQFFn4N5W7eKl49f8I+cX8yYo', 's1:R9sMBnpLKIjzRM1L4s7FkDm9hpmuYAV4Yu8hdOAdYRRk7BxC37Ib8KHkEe2d3aPkdyQdPG5TX0K86HDyJLBRNoQ3eGhouwrlm/3tIQOZMKZCJg==', 'quick', NULL, 'enabled', NULL, 1, '2026-11-27 23:58:51.484+00', '2026-11-27 23:58:51.484+00', 'good', '{"team": "shop"}', '{}', NULL),
	('wh_01a21f7290e177e793156e1ae519ad8d', 'default', 'http://127.0.0.1:9/waiting', '{order.created}', 's1:csXIG0rvjrSOL7InYW7hxsTU3i0hFs2OU7Pz44G7', 's1:WOyyN8scPkfaE9UWcpV0qnpEs4kStpVKIb3gfV+SXO50bye+8gcGUqrjcVBA9CIUQu23yIqvLgXGxBxH1qv8LqfcKFqItF6QkJdtT6jpkdtmfQ==', 'quick', NULL, 'enabled', NULL, 2, '2026-11-27 23:58:51.617+00', '2026-11-27 23:58:51.617+00', 'waiting', '{}', '{"retryScheduleMs": [3600000]}', NULL),
	('wh_01a21f72912a76a4a3393d8b96688695', 'default', 'http://127.0.0.1:9/dead', '{order.created}', 's1:0T23TCveGMWMuNnOplpeHhjUcPSKRs8Vsxf2aLm3', 's1:kHPo7lxCw6qhp3P3SAEOog4YYedipgkUcMSybIYM4+uo8CaZhMQ8KR4qPJhnAzTX161Cc2sGZa9RunsWJ8M/nLMwwgmwePDjhrg12VX7yu54Kw==', 'quick', NULL, 'enabled', NULL, 3, '2026-11-27 23:58:51.69+00', '2026-11-27 23:58:51.69+00', 'dead', '{}', '{"maxRetries": 0}', NULL),
	('wh_01a21f72916e763fa1b66aae3677cfc1', 'default', 'http://127.0.0.1:27190/paused', '{stock.*}', 's1:wOAbE/lZGFI4cyPKD/B9Ms4WuEIZ3vVlCqnq/Gla', 's1:KiI7fDjo9rocIrybH9QsABoYIihFt/W62/MQxR+dlf2ooLOTHXf+w4dkfd9/uzr15DEkdxk2ewh7ZwSW5tjbl8M2KfTVk0UyjMWuK9qrR1N11g==', 'quick', NULL, 'paused', NULL, 5, '2026-11-27 23:58:51.758+00', '2026-11-27 23:58:51.876+00', 'paused', '{}', '{}', NULL);

SELECT pg_catalog.setval('public.log_topics_topic_id_seq', 10, true);

ALTER TABLE ONLY public.breakers
    ADD CONSTRAINT breakers_pkey PRIMARY KEY (webhook_id);

ALTER TABLE ONLY public.dead_letters
    ADD CONSTRAINT dead_letters_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.deduplication_held
    ADD CONSTRAINT deduplication_held_pkey PRIMARY KEY (shard);

ALTER TABLE ONLY public.deduplication_keys
    ADD CONSTRAINT deduplication_keys_pkey PRIMARY KEY (key);

ALTER TABLE ONLY public.drain_slots
    ADD CONSTRAINT drain_slots_pkey PRIMARY KEY (key);

ALTER TABLE ONLY public.erased_events
    ADD CONSTRAINT erased_events_pkey PRIMARY KEY (tenant, event_id);

ALTER TABLE ONLY public.event_metadata
    ADD CONSTRAINT event_metadata_pkey PRIMARY KEY (tenant, pair, accepted_at, event_id);

ALTER TABLE ONLY public.event_metadata_20261127
    ADD CONSTRAINT event_metadata_20261127_pkey PRIMARY KEY (tenant, pair, accepted_at, event_id);

ALTER TABLE ONLY public.event_metadata_20261128
    ADD CONSTRAINT event_metadata_20261128_pkey PRIMARY KEY (tenant, pair, accepted_at, event_id);

ALTER TABLE ONLY public.event_metadata_20261129
    ADD CONSTRAINT event_metadata_20261129_pkey PRIMARY KEY (tenant, pair, accepted_at, event_id);

ALTER TABLE ONLY public.event_type_deletions
    ADD CONSTRAINT event_type_deletions_pkey PRIMARY KEY (tenant, name, version);

ALTER TABLE ONLY public.event_types
    ADD CONSTRAINT event_types_pkey PRIMARY KEY (tenant, name);

ALTER TABLE ONLY public.log_chores
    ADD CONSTRAINT log_chores_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.log_leases
    ADD CONSTRAINT log_leases_pkey PRIMARY KEY (group_name, topic_id, partition);

ALTER TABLE ONLY public.log_members
    ADD CONSTRAINT log_members_pkey PRIMARY KEY (group_name, member_id);

ALTER TABLE ONLY public.log_partitions
    ADD CONSTRAINT log_partitions_pkey PRIMARY KEY (topic_id, partition);

ALTER TABLE ONLY public.log_records
    ADD CONSTRAINT log_records_pkey PRIMARY KEY (topic_id, partition, "offset");

ALTER TABLE ONLY public.log_topics
    ADD CONSTRAINT log_topics_name_key UNIQUE (name);

ALTER TABLE ONLY public.log_topics
    ADD CONSTRAINT log_topics_pkey PRIMARY KEY (topic_id);

ALTER TABLE ONLY public.platform_events
    ADD CONSTRAINT platform_events_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.rate_takes
    ADD CONSTRAINT rate_takes_pkey PRIMARY KEY (key, number);

ALTER TABLE ONLY public.rate_windows
    ADD CONSTRAINT rate_windows_pkey PRIMARY KEY (key);

ALTER TABLE ONLY public.recoveries
    ADD CONSTRAINT recoveries_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.registry_appends
    ADD CONSTRAINT registry_appends_pkey PRIMARY KEY (relayed_revision);

ALTER TABLE ONLY public.registry_relay
    ADD CONSTRAINT registry_relay_pkey PRIMARY KEY (singleton);

ALTER TABLE ONLY public.registry_revision
    ADD CONSTRAINT registry_revision_pkey PRIMARY KEY (singleton);

ALTER TABLE ONLY public.retry_cursors
    ADD CONSTRAINT retry_cursors_pkey PRIMARY KEY (partition);

ALTER TABLE ONLY public.retry_entries
    ADD CONSTRAINT retry_entries_pkey PRIMARY KEY (partition, delivery_id);

ALTER TABLE ONLY public.retry_usage
    ADD CONSTRAINT retry_usage_pkey PRIMARY KEY (owner, partition);

ALTER TABLE ONLY public.retry_webhooks
    ADD CONSTRAINT retry_webhooks_pkey PRIMARY KEY (partition, webhook_id);

ALTER TABLE ONLY public.schema_migrations
    ADD CONSTRAINT schema_migrations_pkey PRIMARY KEY (version);

ALTER TABLE ONLY public.tenants
    ADD CONSTRAINT tenants_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_username_key UNIQUE (username);

ALTER TABLE ONLY public.webhook_changes
    ADD CONSTRAINT webhook_changes_pkey PRIMARY KEY (revision);

ALTER TABLE ONLY public.webhook_health
    ADD CONSTRAINT webhook_health_pkey PRIMARY KEY (webhook_id);

ALTER TABLE ONLY public.webhooks
    ADD CONSTRAINT webhooks_pkey PRIMARY KEY (id);

CREATE UNIQUE INDEX attempts_20261127_key ON public.attempts_20261127 USING btree (delivery_id, id);

CREATE UNIQUE INDEX attempts_20261128_key ON public.attempts_20261128 USING btree (delivery_id, id);

CREATE UNIQUE INDEX attempts_20261129_key ON public.attempts_20261129 USING btree (delivery_id, id);

CREATE INDEX breakers_until ON public.breakers USING btree (until_ms);

CREATE INDEX dead_letters_of_event ON public.dead_letters USING btree (tenant, event_id);

CREATE INDEX dead_letters_of_tenant ON public.dead_letters USING btree (tenant, dead_at DESC, id DESC);

CREATE INDEX dead_letters_of_webhook ON public.dead_letters USING btree (tenant, webhook_id, dead_at, id);

CREATE INDEX deduplication_keys_oldest ON public.deduplication_keys USING btree (since_ms, key);

CREATE UNIQUE INDEX deliveries_20261127_key ON public.deliveries_20261127 USING btree (id);

CREATE INDEX deliveries_by_time ON ONLY public.deliveries USING btree (tenant, accepted_at);

CREATE INDEX deliveries_20261127_tenant_accepted_at_idx ON public.deliveries_20261127 USING btree (tenant, accepted_at);

CREATE INDEX deliveries_unsuccessful ON ONLY public.deliveries USING btree (tenant, state, accepted_at) WHERE (state <> 'succeeded'::text);

CREATE INDEX deliveries_20261127_tenant_state_accepted_at_idx ON public.deliveries_20261127 USING btree (tenant, state, accepted_at) WHERE (state <> 'succeeded'::text);

CREATE INDEX deliveries_by_webhook ON ONLY public.deliveries USING btree (webhook_id, accepted_at);

CREATE INDEX deliveries_20261127_webhook_id_accepted_at_idx ON public.deliveries_20261127 USING btree (webhook_id, accepted_at);

CREATE INDEX deliveries_unsuccessful_by_webhook ON ONLY public.deliveries USING btree (webhook_id, state, accepted_at) WHERE (state <> 'succeeded'::text);

CREATE INDEX deliveries_20261127_webhook_id_state_accepted_at_idx ON public.deliveries_20261127 USING btree (webhook_id, state, accepted_at) WHERE (state <> 'succeeded'::text);

CREATE UNIQUE INDEX deliveries_20261128_key ON public.deliveries_20261128 USING btree (id);

CREATE INDEX deliveries_20261128_tenant_accepted_at_idx ON public.deliveries_20261128 USING btree (tenant, accepted_at);

CREATE INDEX deliveries_20261128_tenant_state_accepted_at_idx ON public.deliveries_20261128 USING btree (tenant, state, accepted_at) WHERE (state <> 'succeeded'::text);

CREATE INDEX deliveries_20261128_webhook_id_accepted_at_idx ON public.deliveries_20261128 USING btree (webhook_id, accepted_at);

CREATE INDEX deliveries_20261128_webhook_id_state_accepted_at_idx ON public.deliveries_20261128 USING btree (webhook_id, state, accepted_at) WHERE (state <> 'succeeded'::text);

CREATE UNIQUE INDEX deliveries_20261129_key ON public.deliveries_20261129 USING btree (id);

CREATE INDEX deliveries_20261129_tenant_accepted_at_idx ON public.deliveries_20261129 USING btree (tenant, accepted_at);

CREATE INDEX deliveries_20261129_tenant_state_accepted_at_idx ON public.deliveries_20261129 USING btree (tenant, state, accepted_at) WHERE (state <> 'succeeded'::text);

CREATE INDEX deliveries_20261129_webhook_id_accepted_at_idx ON public.deliveries_20261129 USING btree (webhook_id, accepted_at);

CREATE INDEX deliveries_20261129_webhook_id_state_accepted_at_idx ON public.deliveries_20261129 USING btree (webhook_id, state, accepted_at) WHERE (state <> 'succeeded'::text);

CREATE INDEX drain_slots_next ON public.drain_slots USING btree (next_at_ms);

CREATE INDEX event_types_unpublished ON public.event_types USING btree (version) WHERE (published_version < version);

CREATE UNIQUE INDEX events_20261127_key ON public.events_20261127 USING btree (tenant, id);

CREATE INDEX events_by_time ON ONLY public.events USING btree (tenant, accepted_at);

CREATE INDEX events_20261127_tenant_accepted_at_idx ON public.events_20261127 USING btree (tenant, accepted_at);

CREATE INDEX events_by_type ON ONLY public.events USING btree (tenant, type, accepted_at);

CREATE INDEX events_20261127_tenant_type_accepted_at_idx ON public.events_20261127 USING btree (tenant, type, accepted_at);

CREATE UNIQUE INDEX events_20261128_key ON public.events_20261128 USING btree (tenant, id);

CREATE INDEX events_20261128_tenant_accepted_at_idx ON public.events_20261128 USING btree (tenant, accepted_at);

CREATE INDEX events_20261128_tenant_type_accepted_at_idx ON public.events_20261128 USING btree (tenant, type, accepted_at);

CREATE UNIQUE INDEX events_20261129_key ON public.events_20261129 USING btree (tenant, id);

CREATE INDEX events_20261129_tenant_accepted_at_idx ON public.events_20261129 USING btree (tenant, accepted_at);

CREATE INDEX events_20261129_tenant_type_accepted_at_idx ON public.events_20261129 USING btree (tenant, type, accepted_at);

CREATE INDEX log_records_by_key ON public.log_records USING btree (topic_id, partition, key, "offset") WHERE compacted;

CREATE INDEX log_records_tombstones ON public.log_records USING btree (topic_id, partition, "offset") WHERE (compacted AND (value IS NULL));

CREATE INDEX rate_windows_until ON public.rate_windows USING btree (until_ms);

CREATE INDEX recoveries_of_tenant ON public.recoveries USING btree (tenant, created_at, id);

CREATE INDEX recoveries_unfinished ON public.recoveries USING btree (tenant, state) WHERE (state = ANY (ARRAY['running'::text, 'paused'::text]));

CREATE INDEX retry_entries_claimed ON public.retry_entries USING btree (partition, claimed_until_ms, delivery_id) WHERE (state = 'claimed'::text);

CREATE INDEX retry_entries_excess ON public.retry_entries USING btree (partition, "offset", delivery_id) WHERE (state = 'excess'::text);

CREATE INDEX retry_entries_handed_over ON public.retry_entries USING btree (partition, handed_over_at, delivery_id) WHERE (state = 'handed_over'::text);

CREATE INDEX retry_entries_waiting ON public.retry_entries USING btree (partition, webhook_id, due_at_ms, delivery_id) WHERE (state = 'waiting'::text);

CREATE INDEX retry_usage_partition ON public.retry_usage USING btree (partition);

CREATE INDEX retry_webhooks_line ON public.retry_webhooks USING btree (partition, line) WHERE (line IS NOT NULL);

CREATE INDEX retry_webhooks_upcoming ON public.retry_webhooks USING btree (partition, next_at_ms, webhook_id) WHERE ((line IS NULL) AND (next_at_ms IS NOT NULL));

CREATE INDEX webhooks_by_tenant ON public.webhooks USING btree (tenant, id DESC);

CREATE UNIQUE INDEX webhooks_by_uid ON public.webhooks USING btree (tenant, uid) WHERE (uid IS NOT NULL);

ALTER INDEX public.deliveries_by_time ATTACH PARTITION public.deliveries_20261127_tenant_accepted_at_idx;

ALTER INDEX public.deliveries_unsuccessful ATTACH PARTITION public.deliveries_20261127_tenant_state_accepted_at_idx;

ALTER INDEX public.deliveries_by_webhook ATTACH PARTITION public.deliveries_20261127_webhook_id_accepted_at_idx;

ALTER INDEX public.deliveries_unsuccessful_by_webhook ATTACH PARTITION public.deliveries_20261127_webhook_id_state_accepted_at_idx;

ALTER INDEX public.deliveries_by_time ATTACH PARTITION public.deliveries_20261128_tenant_accepted_at_idx;

ALTER INDEX public.deliveries_unsuccessful ATTACH PARTITION public.deliveries_20261128_tenant_state_accepted_at_idx;

ALTER INDEX public.deliveries_by_webhook ATTACH PARTITION public.deliveries_20261128_webhook_id_accepted_at_idx;

ALTER INDEX public.deliveries_unsuccessful_by_webhook ATTACH PARTITION public.deliveries_20261128_webhook_id_state_accepted_at_idx;

ALTER INDEX public.deliveries_by_time ATTACH PARTITION public.deliveries_20261129_tenant_accepted_at_idx;

ALTER INDEX public.deliveries_unsuccessful ATTACH PARTITION public.deliveries_20261129_tenant_state_accepted_at_idx;

ALTER INDEX public.deliveries_by_webhook ATTACH PARTITION public.deliveries_20261129_webhook_id_accepted_at_idx;

ALTER INDEX public.deliveries_unsuccessful_by_webhook ATTACH PARTITION public.deliveries_20261129_webhook_id_state_accepted_at_idx;

ALTER INDEX public.event_metadata_pkey ATTACH PARTITION public.event_metadata_20261127_pkey;

ALTER INDEX public.event_metadata_pkey ATTACH PARTITION public.event_metadata_20261128_pkey;

ALTER INDEX public.event_metadata_pkey ATTACH PARTITION public.event_metadata_20261129_pkey;

ALTER INDEX public.events_by_time ATTACH PARTITION public.events_20261127_tenant_accepted_at_idx;

ALTER INDEX public.events_by_type ATTACH PARTITION public.events_20261127_tenant_type_accepted_at_idx;

ALTER INDEX public.events_by_time ATTACH PARTITION public.events_20261128_tenant_accepted_at_idx;

ALTER INDEX public.events_by_type ATTACH PARTITION public.events_20261128_tenant_type_accepted_at_idx;

ALTER INDEX public.events_by_time ATTACH PARTITION public.events_20261129_tenant_accepted_at_idx;

ALTER INDEX public.events_by_type ATTACH PARTITION public.events_20261129_tenant_type_accepted_at_idx;

ALTER TABLE ONLY public.event_types
    ADD CONSTRAINT event_types_tenant_fkey FOREIGN KEY (tenant) REFERENCES public.tenants(id);

ALTER TABLE ONLY public.log_partitions
    ADD CONSTRAINT log_partitions_topic_id_fkey FOREIGN KEY (topic_id) REFERENCES public.log_topics(topic_id);

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_tenant_fkey FOREIGN KEY (tenant) REFERENCES public.tenants(id);

ALTER TABLE ONLY public.webhook_health
    ADD CONSTRAINT webhook_health_webhook_id_fkey FOREIGN KEY (webhook_id) REFERENCES public.webhooks(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.webhooks
    ADD CONSTRAINT webhooks_tenant_fkey FOREIGN KEY (tenant) REFERENCES public.tenants(id);

