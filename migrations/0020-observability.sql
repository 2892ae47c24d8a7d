-- The log of what happened: observability writes it from the topics, at least once and in any order, and answers from it.

CREATE TABLE events (
  tenant text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  type text NOT NULL,
  source text NOT NULL,
  -- As the producer wrote it: RFC 3339, as fine as nanoseconds.
  time text NOT NULL,
  accepted_at timestamptz NOT NULL,
  content_type text NOT NULL,
  partition_key text,
  data bytea NOT NULL,
  PRIMARY KEY (tenant, id)
);

-- One row per HTTP request made.
CREATE TABLE attempts (
  id text COLLATE "C" PRIMARY KEY,
  tenant text COLLATE "C" NOT NULL,
  delivery_id text COLLATE "C" NOT NULL,
  event_id text COLLATE "C" NOT NULL,
  webhook_id text COLLATE "C" NOT NULL,
  number integer NOT NULL,
  trigger text NOT NULL,
  -- null: succeeded.
  class text,
  url text NOT NULL,
  status integer,
  error text,
  response_body text,
  started_at timestamptz NOT NULL,
  duration_ms integer NOT NULL
);

CREATE INDEX attempts_of_delivery ON attempts (delivery_id, number, started_at);

-- What the attempts and the dead letter of a delivery come to. A row only moves forward: by (state_attempt, state_final, state_at) to a later
-- state, by (last_number, last_started_at, last_attempt_id) to a later attempt; so neither order nor repetition of records matters.
CREATE TABLE deliveries (
  id text COLLATE "C" PRIMARY KEY,
  tenant text COLLATE "C" NOT NULL,
  event_id text COLLATE "C" NOT NULL,
  event_type text NOT NULL,
  webhook_id text COLLATE "C" NOT NULL,
  first_attempt_at timestamptz NOT NULL,
  attempt_count integer NOT NULL,

  state text COLLATE "C" NOT NULL,
  state_attempt integer NOT NULL,
  state_final boolean NOT NULL,
  state_at timestamptz NOT NULL,
  next_attempt_at timestamptz,
  dead_reason text,

  -- null where no request was made: a delivery can die waiting.
  last_attempt_id text COLLATE "C",
  last_number integer,
  last_started_at timestamptz,
  last_status integer,
  last_class text
);

CREATE INDEX deliveries_of_event ON deliveries (tenant, event_id, first_attempt_at, id);
CREATE INDEX deliveries_of_webhook ON deliveries (tenant, webhook_id, first_attempt_at DESC, id DESC);
CREATE INDEX deliveries_of_webhook_by_state ON deliveries (tenant, webhook_id, state, first_attempt_at DESC, id DESC);

-- With its own copy of the event, since it outlives the event's row. A delivery that dies again after a replay replaces its letter.
CREATE TABLE dead_letters (
  id text COLLATE "C" PRIMARY KEY, -- that of the delivery
  tenant text COLLATE "C" NOT NULL,
  webhook_id text COLLATE "C" NOT NULL,
  event_id text COLLATE "C" NOT NULL,
  event_type text NOT NULL,
  event_source text NOT NULL,
  event_time text NOT NULL,
  accepted_at timestamptz NOT NULL,
  content_type text NOT NULL,
  data bytea NOT NULL,
  reason text NOT NULL,
  attempts integer NOT NULL,
  first_attempt_at timestamptz NOT NULL,
  dead_at timestamptz NOT NULL
);

CREATE INDEX dead_letters_of_tenant ON dead_letters (tenant, dead_at DESC, id DESC);
