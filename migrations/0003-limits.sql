-- Limits shared through the database. Keys are named by 16 bytes of their SHA-256.

-- What was accepted. A crash of the service must not lose it, nor (embedded) one of the process, so it is logged; commits here don't
-- wait for the disk, so a crash of the server may lose its last second, and a repeat within that is accepted again.
CREATE TABLE deduplication_keys (
  key bytea PRIMARY KEY,
  -- The order in which they go when there are too many; changes only when a key is claimed anew.
  since_ms bigint NOT NULL,
  until_ms bigint NOT NULL,
  token text NOT NULL,
  -- Null while it is pending.
  body_hash text,
  answer text
) WITH (fillfactor = 80);

CREATE INDEX deduplication_keys_oldest ON deduplication_keys (since_ms, key);

-- How many rows deduplication_keys has: the sum. Several rows, so that processes don't wait for each other.
CREATE TABLE deduplication_held (
  shard integer PRIMARY KEY,
  keys bigint NOT NULL
) WITH (fillfactor = 20);

-- Sliding windows: each take is a row while it is within the window. They live for seconds, so they may go with the server.
CREATE UNLOGGED TABLE rate_windows (
  key bytea PRIMARY KEY,
  -- Of the takes held: the number of the first, and of the next to come.
  first_take bigint NOT NULL,
  next_take bigint NOT NULL,
  until_ms bigint NOT NULL
) WITH (fillfactor = 50);

CREATE INDEX rate_windows_until ON rate_windows (until_ms);

CREATE UNLOGGED TABLE rate_takes (
  key bytea NOT NULL,
  number bigint NOT NULL,
  taken_at_ms bigint NOT NULL,
  PRIMARY KEY (key, number)
);

-- Takes one, under the lock of the window's row. A function, since its steps must each see what the one before it did.
CREATE FUNCTION take_rate(
  of_key bytea, at_most integer, window_ms bigint, now_ms bigint,
  OUT allowed boolean, OUT remaining integer, OUT retry_after_ms bigint
) LANGUAGE plpgsql AS $$
DECLARE
  -- At most so many takes leave in one call, which keeps it short; where any does there is room.
  leaving CONSTANT integer := 100;
  held rate_windows;
  taken_ms bigint;
  left_count integer;
  used bigint;
BEGIN
  LOOP
    SELECT * INTO held FROM rate_windows WHERE key = of_key FOR UPDATE;
    EXIT WHEN FOUND;
    INSERT INTO rate_windows (key, first_take, next_take, until_ms) VALUES (of_key, 0, 0, now_ms + window_ms) ON CONFLICT DO NOTHING;
  END LOOP;

  DELETE FROM rate_takes
  WHERE key = of_key AND number >= held.first_take AND number < held.first_take + leaving AND taken_at_ms <= now_ms - window_ms;
  GET DIAGNOSTICS left_count = ROW_COUNT;
  held.first_take := held.first_take + left_count;
  used := held.next_take - held.first_take;

  allowed := used < at_most;
  IF allowed THEN
    -- A clock that is behind gives nothing away.
    SELECT greatest(now_ms, taken_at_ms) INTO taken_ms FROM rate_takes WHERE key = of_key AND number = held.next_take - 1;
    taken_ms := coalesce(taken_ms, now_ms);
    INSERT INTO rate_takes (key, number, taken_at_ms) VALUES (of_key, held.next_take, taken_ms);
    remaining := at_most - used - 1;
    retry_after_ms := 0;
    UPDATE rate_windows SET first_take = held.first_take, next_take = held.next_take + 1, until_ms = taken_ms + window_ms
    WHERE key = of_key;
  ELSE
    SELECT taken_at_ms INTO taken_ms FROM rate_takes WHERE key = of_key AND number = held.next_take - at_most;
    remaining := 0;
    retry_after_ms := least(taken_ms + window_ms - now_ms, window_ms);
    UPDATE rate_windows SET first_take = held.first_take WHERE key = of_key AND left_count > 0;
  END IF;
END
$$;
