-- Who changed what: written in the transaction of the change, and never changed itself.

CREATE TABLE audit_log (
  id text COLLATE "C" PRIMARY KEY,
  tenant text COLLATE "C" NOT NULL,
  at timestamptz NOT NULL,
  -- The subject of whoever asked; how that was proved, and by which session or key.
  actor text COLLATE "C" NOT NULL,
  via text NOT NULL,
  credential text,
  action text COLLATE "C" NOT NULL,
  target_type text NOT NULL,
  target_id text COLLATE "C" NOT NULL,
  -- Without secrets. Of a change those members that it changed; null: there was nothing, or is nothing any more.
  before jsonb,
  after jsonb,
  -- From where.
  address text,
  request_id text,
  trace_id text
);

CREATE INDEX audit_log_by_time ON audit_log (tenant, at DESC, id DESC);
CREATE INDEX audit_log_by_actor ON audit_log (tenant, actor, at DESC, id DESC);
CREATE INDEX audit_log_by_action ON audit_log (tenant, action, at DESC, id DESC);
CREATE INDEX audit_log_by_target ON audit_log (tenant, target_id, at DESC, id DESC);
CREATE INDEX audit_log_expiring ON audit_log (at);

-- Retention alone deletes, and says so within its transaction.
CREATE FUNCTION audit_log_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND current_setting('hookline.audit_retention', true) = 'on' THEN
    RETURN NULL;
  END IF;
  RAISE EXCEPTION 'audit_log is append-only' USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log
  FOR EACH STATEMENT EXECUTE FUNCTION audit_log_keep();
