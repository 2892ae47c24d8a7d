-- What a webhook says of its deliveries, the client's own name and words for it, its credentials, and pausing. Rows and code from before go on working.

ALTER TABLE webhooks
  -- The client's own name for it; COLLATE: it is compared byte by byte.
  ADD COLUMN uid text COLLATE "C",
  ADD COLUMN metadata jsonb NOT NULL DEFAULT '{}',
  -- DeliverySettings (libs/domain/src/webhook.ts); what is absent has its default.
  ADD COLUMN delivery jsonb NOT NULL DEFAULT '{}',
  -- WebhookCredentials; null: none.
  ADD COLUMN sealed_credentials text,
  DROP CONSTRAINT webhooks_status_check,
  ADD CONSTRAINT webhooks_status_check CHECK (status IN ('enabled', 'paused', 'disabled'));

CREATE UNIQUE INDEX webhooks_by_uid ON webhooks (tenant, uid) WHERE uid IS NOT NULL;
