-- The registry: tenants, their users and webhooks, and the changes on their way to webhook.changes.

CREATE TABLE tenants (
  id text PRIMARY KEY,
  created_at timestamptz NOT NULL DEFAULT now()
);

INSERT INTO tenants (id) VALUES ('default');

CREATE TABLE users (
  id text PRIMARY KEY,
  tenant text NOT NULL REFERENCES tenants (id),
  username text NOT NULL UNIQUE,
  password_hash text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  password_changed_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE webhooks (
  id text COLLATE "C" PRIMARY KEY,
  tenant text NOT NULL REFERENCES tenants (id),
  url text NOT NULL,
  event_types text[] NOT NULL,
  sealed_headers text NOT NULL,
  sealed_secrets text NOT NULL,
  policy text NOT NULL,
  description text,
  status text NOT NULL CHECK (status IN ('enabled', 'disabled')),
  disabled_reason text,
  revision bigint NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);

-- Ids begin with their time, so this is the order of the list, and where a page goes on.
CREATE INDEX webhooks_by_tenant ON webhooks (tenant, id DESC);

-- One row. Its lock is held until the change commits, so that revisions are in commit order.
CREATE TABLE registry_revision (
  singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
  revision bigint NOT NULL
);

INSERT INTO registry_revision (revision) VALUES (0);

-- The outbox: committed changes that are not yet in webhook.changes.
CREATE TABLE webhook_changes (
  revision bigint PRIMARY KEY,
  webhook_id text NOT NULL,
  tenant text NOT NULL,
  -- A WebhookChange; null: the webhook was deleted.
  payload jsonb
);

-- One row: every change up to here is in webhook.changes.
CREATE TABLE registry_relay (
  singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
  revision bigint NOT NULL
);

INSERT INTO registry_relay (revision) VALUES (0);
