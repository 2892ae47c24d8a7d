-- Of an event, what it said about its delivery, for whoever sends it again from the log: JSON; null: nothing.
ALTER TABLE events ADD COLUMN options text;

-- Jobs that send dead letters again, one after the other at a rate. One copy of observability works on them; each step is in this row with what it did.
CREATE TABLE recoveries (
  id text COLLATE "C" PRIMARY KEY,
  tenant text COLLATE "C" NOT NULL,
  -- What the attempts say: `recovery` or `replay`.
  trigger text NOT NULL,
  webhook_id text COLLATE "C",
  event_type text,
  reason text,
  -- Of death; `until` is not after the job's creation, so what dies again is not taken again.
  since timestamptz NOT NULL,
  until timestamptz NOT NULL,
  -- Dead letters per second.
  rate integer NOT NULL,
  state text NOT NULL CHECK (state IN ('running', 'paused', 'completed', 'cancelled')),
  -- As counted at creation.
  total integer NOT NULL,
  done integer NOT NULL DEFAULT 0,
  -- Their content was not kept.
  skipped integer NOT NULL DEFAULT 0,
  -- The last dead letter that was dealt with.
  at_time timestamptz,
  at_id text COLLATE "C",
  created_at timestamptz NOT NULL,
  created_by text NOT NULL,
  finished_at timestamptz
);

CREATE INDEX recoveries_of_tenant ON recoveries (tenant, created_at, id);
CREATE INDEX recoveries_unfinished ON recoveries (tenant, state) WHERE state IN ('running', 'paused');
