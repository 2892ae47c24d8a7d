-- Who may ask, and how they prove it: users' scopes, sessions of logins, API keys, and what was ended before its time.

ALTER TABLE users
  -- null: every scope that there is.
  ADD COLUMN scopes text[];

CREATE INDEX users_by_tenant ON users (tenant, id DESC);

CREATE TABLE sessions (
  id text COLLATE "C" PRIMARY KEY,
  tenant text NOT NULL REFERENCES tenants (id),
  user_id text NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL
);

CREATE INDEX sessions_by_user ON sessions (user_id, expires_at);

-- All of a session, so that one that comes again is known for what it is.
CREATE TABLE refresh_tokens (
  -- SHA-256 of 256 random bits.
  hash text COLLATE "C" PRIMARY KEY,
  session_id text COLLATE "C" NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
  used_at timestamptz
);

CREATE INDEX refresh_tokens_by_session ON refresh_tokens (session_id);

CREATE TABLE api_keys (
  id text COLLATE "C" PRIMARY KEY,
  tenant text NOT NULL REFERENCES tenants (id),
  name text NOT NULL,
  scopes text[] NOT NULL,
  -- The subject of whoever made it.
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz,
  last_used_at timestamptz
);

CREATE INDEX api_keys_by_tenant ON api_keys (tenant, id DESC);

-- What proves a key: several while it is being rotated.
CREATE TABLE api_key_secrets (
  -- SHA-256 of 256 random bits.
  hash text COLLATE "C" PRIMARY KEY,
  key_id text COLLATE "C" NOT NULL REFERENCES api_keys (id) ON DELETE CASCADE,
  ending text NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz
);

CREATE INDEX api_key_secrets_by_key ON api_key_secrets (key_id, created_at DESC);

-- What whoever verifies asks for every other second. Rows go when nothing of what they name can be about any more.
CREATE TABLE revocations (
  credential text COLLATE "C" NOT NULL,
  -- Tokens that name it are refused until then; in the past: it is only to be looked up anew.
  refused_until timestamptz NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE INDEX revocations_by_time ON revocations (at);
