-- Quotas of tenants, where they are not the configuration's.

CREATE TABLE tenant_quotas (
  tenant text PRIMARY KEY REFERENCES tenants (id),
  -- null: the default holds. 0: no limit.
  webhooks bigint,
  events_per_day bigint,
  payload_bytes bigint,
  -- In commit order: whoever follows the changes asks for those behind the last one that it knows.
  revision bigint NOT NULL
);

CREATE UNIQUE INDEX tenant_quotas_by_revision ON tenant_quotas (revision);

CREATE TABLE quotas_revision (revision bigint NOT NULL);

INSERT INTO quotas_revision (revision) VALUES (0);

-- On which day (UTC) a tenant was told last that it has so many per cent of a quota.
CREATE TABLE quota_warnings (
  tenant text NOT NULL REFERENCES tenants (id),
  quota text COLLATE "C" NOT NULL,
  percent integer NOT NULL,
  day text COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant, quota, percent)
);
