-- An API key may have a limit of its own.
ALTER TABLE api_keys
  -- Requests, and events, per second; null: none of its own.
  ADD COLUMN rate_limit integer;
