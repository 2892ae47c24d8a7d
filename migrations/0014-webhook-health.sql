-- Webhooks that have failed: since when nothing succeeds, and how far their owners have been warned. A webhook without a row never did.

CREATE TABLE webhook_health (
  webhook_id text COLLATE "C" PRIMARY KEY REFERENCES webhooks (id) ON DELETE CASCADE,
  -- Milliseconds since 1970, as they were reported: they are compared with each other.
  last_success_at_ms bigint NOT NULL,
  -- null: it has succeeded since.
  failing_since_ms bigint,
  last_failure_at_ms bigint NOT NULL,
  warned_percent integer NOT NULL
);

-- Events of the platform's own, committed together with what they tell of, until they are in webhook.events.
CREATE TABLE platform_events (
  id text COLLATE "C" PRIMARY KEY,
  tenant text NOT NULL,
  type text NOT NULL,
  data text NOT NULL,
  at timestamptz NOT NULL
);
