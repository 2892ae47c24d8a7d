-- Most deliveries succeed at once. Their only attempt is kept in their own row: a third of the log's rows, and an index in no order, are saved.
ALTER TABLE deliveries
  -- Of the first attempt, where that succeeded and was all that was known of the delivery when its row was inserted. It has no row in attempts; null: all have.
  ADD COLUMN once_id text COLLATE "C",
  ADD COLUMN once_status integer,
  ADD COLUMN once_started_at timestamptz,
  ADD COLUMN once_duration_ms integer,
  ADD COLUMN once_detail text,
  -- true: more was said of the delivery after its row had been inserted.
  ADD COLUMN moved boolean;

-- All attempts, wherever they are kept.
CREATE VIEW every_attempt AS
  SELECT delivery_id, id, accepted_at, number, trigger, class, status, started_at, duration_ms, detail FROM attempts
  UNION ALL
  SELECT id, once_id, accepted_at, 1, 'automatic', NULL, once_status, once_started_at, once_duration_ms, once_detail FROM deliveries
  WHERE once_id IS NOT NULL;
