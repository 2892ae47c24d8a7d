-- What is counted over all copies of a service until a time, such as a tenant's events of a day: a row for each copy, with its own total.
-- Commits don't wait for the disk (migration 0003): a crash of the server may lose its last second, which its copies tell again.
CREATE TABLE tallies (
  key bytea NOT NULL,
  copy text COLLATE "C" NOT NULL,
  total bigint NOT NULL,
  until_ms bigint NOT NULL,
  PRIMARY KEY (key, copy)
) WITH (fillfactor = 50);

CREATE INDEX tallies_until ON tallies (until_ms);
