-- What of the catalogue is in webhook.event-types.

ALTER TABLE event_types ADD COLUMN published_version bigint NOT NULL DEFAULT 0;
CREATE INDEX event_types_unpublished ON event_types (version) WHERE published_version < version;

-- Types that were deleted, until their tombstones are there.
CREATE TABLE event_type_deletions (
  tenant text NOT NULL,
  name text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  PRIMARY KEY (tenant, name, version)
);
