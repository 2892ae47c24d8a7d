-- Rate windows from which several are taken at once, queues' reserved places, and circuit breakers.

-- `number` is that of the first of them, so that how many lie between two rows is a subtraction.
ALTER TABLE rate_takes ADD COLUMN count bigint NOT NULL DEFAULT 1;

DROP FUNCTION take_rate;

-- Takes up to `wanted`, under the lock of the window's row. A function, since its steps must each see what the one before it did.
CREATE FUNCTION take_rate(
  of_key bytea, at_most bigint, window_ms bigint, wanted bigint, now_ms bigint,
  OUT granted bigint, OUT remaining bigint, OUT retry_after_ms bigint
) LANGUAGE plpgsql AS $$
DECLARE
  held rate_windows;
  latest rate_takes;
  taken_ms bigint;
  used bigint;
BEGIN
  LOOP
    SELECT * INTO held FROM rate_windows WHERE key = of_key FOR UPDATE;
    EXIT WHEN FOUND;
    INSERT INTO rate_windows (key, first_take, next_take, until_ms) VALUES (of_key, 0, 0, now_ms + window_ms) ON CONFLICT DO NOTHING;
  END LOOP;

  WITH gone AS (
    DELETE FROM rate_takes WHERE key = of_key AND taken_at_ms <= now_ms - window_ms RETURNING number + count AS next_take
  )
  SELECT greatest(held.first_take, max(next_take)) INTO held.first_take FROM gone;
  used := held.next_take - held.first_take;
  granted := greatest(0, least(wanted, at_most - used));

  IF granted > 0 THEN
    SELECT * INTO latest FROM rate_takes WHERE key = of_key ORDER BY number DESC LIMIT 1;
    -- A clock that is behind gives nothing away.
    taken_ms := greatest(now_ms, latest.taken_at_ms);
    IF taken_ms = latest.taken_at_ms THEN
      UPDATE rate_takes SET count = latest.count + granted WHERE key = of_key AND number = latest.number;
    ELSE
      INSERT INTO rate_takes (key, number, taken_at_ms, count) VALUES (of_key, held.next_take, taken_ms, granted);
    END IF;
    held.next_take := held.next_take + granted;
    held.until_ms := taken_ms + window_ms;
    used := used + granted;
  END IF;
  UPDATE rate_windows SET first_take = held.first_take, next_take = held.next_take, until_ms = held.until_ms WHERE key = of_key;

  remaining := greatest(0, at_most - used);
  retry_after_ms := 0;
  IF granted < wanted THEN
    -- One more is free when all but `at_most - 1` have left.
    SELECT taken_at_ms INTO taken_ms FROM rate_takes WHERE key = of_key AND number <= held.next_take - at_most ORDER BY number DESC LIMIT 1;
    retry_after_ms := least(taken_ms + window_ms - now_ms, window_ms);
  END IF;
END
$$;

-- When the next free place of each queue is, and the first of those reserved last; gone once the next one is in the past.
CREATE UNLOGGED TABLE drain_slots (
  key bytea PRIMARY KEY,
  first_at_ms double precision NOT NULL,
  next_at_ms double precision NOT NULL
) WITH (fillfactor = 50);

CREATE INDEX drain_slots_next ON drain_slots (next_at_ms);

-- The rule is libs/domain/src/breaker.ts; `breaker` is what it keeps. Gone with the server, a breaker is closed.
CREATE UNLOGGED TABLE breakers (
  webhook_id text COLLATE "C" PRIMARY KEY,
  breaker jsonb NOT NULL,
  until_ms bigint NOT NULL
) WITH (fillfactor = 50);

CREATE INDEX breakers_until ON breakers (until_ms);
