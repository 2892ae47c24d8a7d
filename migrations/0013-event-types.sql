-- The catalogue of event types: what tenants say of the events that they publish.

CREATE TABLE event_types (
  tenant text NOT NULL REFERENCES tenants (id),
  name text COLLATE "C" NOT NULL,
  description text,
  -- JSON as text: jsonb refuses NUL, and gives back other bytes.
  example text,
  schema text,
  on_mismatch text NOT NULL,
  -- Another one with every change.
  version bigint NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (tenant, name)
);
