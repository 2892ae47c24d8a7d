-- The log in partitions of a day (UTC): the day on which the event was accepted, for the event and for all that follows from it. So what belongs together
-- goes together when a day is dropped, and a row's place never changes.
--
-- Writers insert into a day's tables directly: there the keys are unique, which they can't be over all days without the day in them.

ALTER TABLE events RENAME TO events_before_days;
ALTER TABLE attempts RENAME TO attempts_before_days;
ALTER TABLE deliveries RENAME TO deliveries_before_days;

CREATE TABLE events (
  tenant text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  accepted_at timestamptz NOT NULL,
  type text COLLATE "C" NOT NULL,
  source text COLLATE "C" NOT NULL,
  -- As the producer wrote it: RFC 3339, as fine as nanoseconds.
  time text NOT NULL,
  content_type text NOT NULL,
  subject text,
  partition_key text,
  -- An object of strings; null: none.
  metadata jsonb,
  size_bytes integer NOT NULL,
  -- null: not kept (observability.payloads), or deleted on request.
  data bytea,
  content_deleted_at timestamptz
) PARTITION BY RANGE (accepted_at);

-- Of one moment there are few: they are sorted by id when they are read. A shorter key is a cheaper one.
CREATE INDEX events_by_time ON events (tenant, accepted_at);
CREATE INDEX events_by_type ON events (tenant, type, accepted_at);

-- Only of events that have metadata: one row for each pair, by its hash, so that a search by any of them has an index in the order of time.
CREATE TABLE event_metadata (
  tenant text COLLATE "C" NOT NULL,
  pair bigint NOT NULL,
  accepted_at timestamptz NOT NULL,
  event_id text COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant, pair, accepted_at, event_id)
) PARTITION BY RANGE (accepted_at);

-- One row per HTTP request made.
CREATE TABLE attempts (
  delivery_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  accepted_at timestamptz NOT NULL,
  number integer NOT NULL,
  trigger text NOT NULL,
  -- null: succeeded.
  class text,
  status integer,
  started_at timestamptz NOT NULL,
  duration_ms integer NOT NULL,
  -- JSON of what is only ever shown: url, error, timings, headers, start of the answer's body.
  detail text NOT NULL
) PARTITION BY RANGE (accepted_at);

-- What the attempts, the changes of state and the dead letter of a delivery come to. A row only moves forward: by (state_rank, state_at, state) to a later
-- state, by (last_number, last_attempt_id) to a later attempt; so neither order nor repetition of records matters.
CREATE TABLE deliveries (
  id text COLLATE "C" NOT NULL,
  tenant text COLLATE "C" NOT NULL,
  webhook_id text COLLATE "C" NOT NULL,
  accepted_at timestamptz NOT NULL,
  event_id text COLLATE "C" NOT NULL,
  event_type text COLLATE "C" NOT NULL,
  attempt_count integer NOT NULL,
  -- null: no request has been made.
  first_attempt_at timestamptz,

  state text COLLATE "C" NOT NULL,
  -- Twice the number of the attempt that led to it, one more for a final state.
  state_rank integer NOT NULL,
  state_at timestamptz NOT NULL,
  next_attempt_at timestamptz,
  -- Why it is dead, deferred or whatever else it is.
  reason text,

  last_attempt_id text COLLATE "C",
  last_number integer,
  last_started_at timestamptz,
  last_status integer,
  last_class text
) PARTITION BY RANGE (accepted_at);

CREATE INDEX deliveries_by_time ON deliveries (tenant, accepted_at);
CREATE INDEX deliveries_by_webhook ON deliveries (webhook_id, accepted_at);
-- Most succeed at once and never touch these.
CREATE INDEX deliveries_unsuccessful ON deliveries (tenant, state, accepted_at) WHERE state <> 'succeeded';
CREATE INDEX deliveries_unsuccessful_by_webhook ON deliveries (webhook_id, state, accepted_at) WHERE state <> 'succeeded';

-- The tables of one day; those that are there are left alone. Attaching takes no lock that readers or writers wait for.
CREATE FUNCTION observability_make_day(day date) RETURNS void LANGUAGE plpgsql AS $$
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

SELECT observability_make_day(day) FROM (
  SELECT DISTINCT (accepted_at AT TIME ZONE 'UTC')::date AS day FROM events_before_days
  UNION SELECT DISTINCT (first_attempt_at AT TIME ZONE 'UTC')::date FROM deliveries_before_days
  UNION SELECT DISTINCT (started_at AT TIME ZONE 'UTC')::date FROM attempts_before_days
) AS days;

INSERT INTO events (tenant, id, accepted_at, type, source, time, content_type, partition_key, size_bytes, data)
  SELECT tenant, id, accepted_at, type, source, time, content_type, partition_key, length(data), data FROM events_before_days;

INSERT INTO deliveries (
    id, tenant, webhook_id, accepted_at, event_id, event_type, attempt_count, first_attempt_at, state, state_rank, state_at,
    next_attempt_at, reason, last_attempt_id, last_number, last_started_at, last_status, last_class
  )
  SELECT
    d.id, d.tenant, d.webhook_id, coalesce(e.accepted_at, d.first_attempt_at), d.event_id, d.event_type, d.attempt_count, d.first_attempt_at,
    d.state, 2 * d.state_attempt + d.state_final::integer, d.state_at, d.next_attempt_at, d.dead_reason,
    d.last_attempt_id, d.last_number, d.last_started_at, d.last_status, d.last_class
  FROM deliveries_before_days AS d LEFT JOIN events_before_days AS e ON e.tenant = d.tenant AND e.id = d.event_id;

INSERT INTO attempts (delivery_id, id, accepted_at, number, trigger, class, status, started_at, duration_ms, detail)
  SELECT
    a.delivery_id, a.id, coalesce(e.accepted_at, d.first_attempt_at, a.started_at), a.number, a.trigger, a.class, a.status, a.started_at, a.duration_ms,
    json_build_object('url', a.url, 'error', a.error, 'responseBody', a.response_body)::text
  FROM attempts_before_days AS a
    LEFT JOIN events_before_days AS e ON e.tenant = a.tenant AND e.id = a.event_id
    LEFT JOIN deliveries_before_days AS d ON d.id = a.delivery_id;

DROP TABLE events_before_days;
DROP TABLE attempts_before_days;
DROP TABLE deliveries_before_days;

-- Dead letters outlive the days. They are worked through: replayed, resolved, purged.
ALTER TABLE dead_letters
  -- null: not kept (observability.payloads), or deleted on request.
  ALTER COLUMN data DROP NOT NULL,
  -- JSON of the attributes that the event had on its way, for a replay; null in rows from before.
  ADD COLUMN event_headers text,
  ADD COLUMN resolved_at timestamptz,
  ADD COLUMN resolved_by text,
  ADD COLUMN resolution text;

CREATE INDEX dead_letters_of_webhook ON dead_letters (tenant, webhook_id, dead_at, id);
CREATE INDEX dead_letters_of_event ON dead_letters (tenant, event_id);

-- Events whose content was deleted on request: a dead letter that comes later doesn't bring it back.
CREATE TABLE erased_events (
  tenant text COLLATE "C" NOT NULL,
  event_id text COLLATE "C" NOT NULL,
  erased_at timestamptz NOT NULL,
  PRIMARY KEY (tenant, event_id)
);
