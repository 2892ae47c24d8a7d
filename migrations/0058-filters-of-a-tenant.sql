-- How long a webhook's filter is: those of a tenant are bounded together, since one event may be asked all of them.
ALTER TABLE webhooks
  ADD COLUMN filter_length integer GENERATED ALWAYS AS (coalesce(length(delivery ->> 'filter'), 0)) STORED;

CREATE INDEX webhooks_filters ON webhooks (tenant) INCLUDE (id, filter_length) WHERE filter_length > 0;
