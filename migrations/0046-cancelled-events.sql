-- What was cancelled: whatever comes to be known of it later is cancelled too. Dispatchers remember cancellations for some days only, and a delivery can be put off for
-- longer than that.
CREATE TABLE cancelled_events (
  tenant text COLLATE "C" NOT NULL,
  event_id text COLLATE "C" NOT NULL,
  -- '': to every webhook.
  webhook_id text COLLATE "C" NOT NULL,
  reason text NOT NULL,
  cancelled_at timestamptz NOT NULL,
  PRIMARY KEY (tenant, event_id, webhook_id)
);

INSERT INTO cancelled_events (tenant, event_id, webhook_id, reason, cancelled_at)
  SELECT tenant, event_id, '', 'erased', erased_at FROM erased_events;

-- What the step of a recovery that is under way sends: JSON of [delivery, attempt]. Whoever goes on with it sends the same, and nothing else.
ALTER TABLE recoveries ADD COLUMN step text;
