-- Which records above the committed offset a group has done already (libs/event-log/src/done-map.ts); '' where none.
ALTER TABLE log_leases ADD COLUMN done text NOT NULL DEFAULT '';
