-- What the relay must remember to notice that webhook.changes is no longer what it was.

ALTER TABLE registry_relay
  -- Where webhook.changes ended after the last append; null: not known yet.
  ADD COLUMN end_offset bigint,
  -- Not null: all webhooks are being relayed again, and those with ids up to here have been.
  ADD COLUMN refilled_to text COLLATE "C";

-- Appends that were begun and not, or not certainly, ended: they may still land, behind newer changes.
CREATE TABLE registry_appends (
  -- The relay's revision when they began: those of one revision have the first changes after it in common.
  relayed_revision bigint PRIMARY KEY,
  webhook_ids text[] NOT NULL,
  appends integer NOT NULL,
  begun_at timestamptz NOT NULL
);
