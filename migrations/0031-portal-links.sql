-- Codes that give a token of one tenant, once.

CREATE TABLE portal_links (
  id text COLLATE "C" PRIMARY KEY,
  tenant text NOT NULL REFERENCES tenants (id),
  -- SHA-256 of 256 random bits.
  hash text COLLATE "C" NOT NULL UNIQUE,
  created_by text NOT NULL,
  session_ms bigint NOT NULL,
  expires_at timestamptz NOT NULL,
  used_at timestamptz
);

CREATE INDEX portal_links_by_tenant ON portal_links (tenant, expires_at);
