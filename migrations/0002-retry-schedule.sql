-- The index of waiting retries, one per partition of webhook.retries. It can always be rebuilt from that topic, so its tables are
-- unlogged: a crash of the server empties them all together, and a partition without a cursor is built anew.

CREATE UNLOGGED TABLE retry_cursors (
  partition integer PRIMARY KEY,
  incarnation text NOT NULL,
  -- Records of the topic below this offset are applied.
  "offset" bigint NOT NULL,
  applied_at_ms bigint NOT NULL,
  -- How many entries are in each state; changed with them, under this row's lock.
  waiting integer NOT NULL DEFAULT 0,
  claimed integer NOT NULL DEFAULT 0,
  handed_over integer NOT NULL DEFAULT 0
) WITH (fillfactor = 20);

-- waiting → claimed → handed_over; a claim that runs out waits again; the key's next record replaces or removes the entry.
CREATE UNLOGGED TABLE retry_entries (
  partition integer NOT NULL,
  delivery_id text COLLATE "C" NOT NULL,
  -- Of its record in webhook.retries.
  "offset" bigint NOT NULL,
  attempt integer NOT NULL,
  due_at_ms bigint NOT NULL,
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'claimed', 'handed_over')),
  claimed_until_ms bigint CHECK ((state = 'claimed') = (claimed_until_ms IS NOT NULL)),
  -- Offset in webhook.deliveries.
  handed_over_at bigint CHECK ((state = 'handed_over') = (handed_over_at IS NOT NULL)),
  entry bytea NOT NULL,
  PRIMARY KEY (partition, delivery_id)
);
ALTER TABLE retry_entries ALTER COLUMN entry SET STORAGE EXTERNAL;

CREATE INDEX retry_entries_waiting ON retry_entries (partition, due_at_ms, delivery_id) WHERE state = 'waiting';
CREATE INDEX retry_entries_claimed ON retry_entries (partition, claimed_until_ms, delivery_id) WHERE state = 'claimed';
CREATE INDEX retry_entries_handed_over ON retry_entries (partition, handed_over_at, delivery_id) WHERE state = 'handed_over';
