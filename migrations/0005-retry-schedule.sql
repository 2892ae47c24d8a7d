-- The index of waiting retries knows whose they are: webhooks take turns, can be held, and what waits of one is bounded. It is built again from
-- webhook.retries, so what was there goes.

DROP TABLE retry_entries;
DROP TABLE retry_cursors;

CREATE UNLOGGED TABLE retry_cursors (
  partition integer PRIMARY KEY,
  incarnation text NOT NULL,
  -- Records of the topic below this offset are applied.
  "offset" bigint NOT NULL,
  applied_at_ms bigint NOT NULL,
  -- It is being begun again, and what was there removed: as good as no cursor.
  clearing boolean NOT NULL DEFAULT false,
  -- The last place that was given in the line.
  line bigint NOT NULL DEFAULT 0,
  -- How many entries are in each state, and the bytes of all; changed with them, under this row's lock.
  waiting bigint NOT NULL DEFAULT 0,
  excess bigint NOT NULL DEFAULT 0,
  claimed bigint NOT NULL DEFAULT 0,
  handed_over bigint NOT NULL DEFAULT 0,
  bytes bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 20);

-- waiting (or excess) → claimed → handed_over; a claim that runs out waits again; the key's next record replaces or removes the entry.
CREATE UNLOGGED TABLE retry_entries (
  partition integer NOT NULL,
  delivery_id text COLLATE "C" NOT NULL,
  webhook_id text COLLATE "C" NOT NULL,
  tenant text NOT NULL,
  -- Of its record in webhook.retries.
  "offset" bigint NOT NULL,
  attempt integer NOT NULL,
  due_at_ms bigint NOT NULL,
  -- There was no room for it: it waits as `excess`, to be buried.
  is_excess boolean NOT NULL,
  state text NOT NULL CHECK (state IN ('waiting', 'excess', 'claimed', 'handed_over')),
  claimed_until_ms bigint CHECK ((state = 'claimed') = (claimed_until_ms IS NOT NULL)),
  -- Offset in webhook.deliveries.
  handed_over_at bigint CHECK ((state = 'handed_over') = (handed_over_at IS NOT NULL)),
  entry bytea NOT NULL,
  PRIMARY KEY (partition, delivery_id)
);
ALTER TABLE retry_entries ALTER COLUMN entry SET STORAGE EXTERNAL;

CREATE INDEX retry_entries_waiting ON retry_entries (partition, webhook_id, due_at_ms, delivery_id) WHERE state = 'waiting';
CREATE INDEX retry_entries_excess ON retry_entries (partition, "offset", delivery_id) WHERE state = 'excess';
CREATE INDEX retry_entries_claimed ON retry_entries (partition, claimed_until_ms, delivery_id) WHERE state = 'claimed';
CREATE INDEX retry_entries_handed_over ON retry_entries (partition, handed_over_at, delivery_id) WHERE state = 'handed_over';

-- Webhooks that are held or have some waiting.
CREATE UNLOGGED TABLE retry_webhooks (
  partition integer NOT NULL,
  webhook_id text COLLATE "C" NOT NULL,
  held boolean NOT NULL DEFAULT false,
  -- When the first one waiting may be claimed; null: none waits.
  next_at_ms bigint,
  -- Its place in the line of those whose turn has come.
  line bigint,
  PRIMARY KEY (partition, webhook_id)
) WITH (fillfactor = 50);

CREATE INDEX retry_webhooks_upcoming ON retry_webhooks (partition, next_at_ms, webhook_id) WHERE line IS NULL AND next_at_ms IS NOT NULL;
CREATE INDEX retry_webhooks_line ON retry_webhooks (partition, line) WHERE line IS NOT NULL;

-- What a webhook (`w...`) or a tenant (`t...`) has in a partition, without excess.
CREATE UNLOGGED TABLE retry_usage (
  owner text COLLATE "C" NOT NULL,
  partition integer NOT NULL,
  deliveries bigint NOT NULL,
  bytes bigint NOT NULL,
  PRIMARY KEY (owner, partition)
) WITH (fillfactor = 50);

CREATE INDEX retry_usage_partition ON retry_usage (partition);
