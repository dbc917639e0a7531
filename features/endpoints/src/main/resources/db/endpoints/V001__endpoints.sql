-- Keys are kept as they are: listKeys shows them. The data folder is its owner's alone.
CREATE TABLE online_endpoint (
  workspace_id TEXT NOT NULL,
  name TEXT NOT NULL,
  auth_mode TEXT NOT NULL,
  traffic TEXT NOT NULL,
  body TEXT NOT NULL,
  deleting INTEGER NOT NULL,
  primary_key TEXT NOT NULL,
  secondary_key TEXT NOT NULL,
  created_by TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  modified_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, name)
) ${clustered};

-- `body` is what is wanted, `plan` what was last started and serves (null before the first success).
CREATE TABLE online_deployment (
  workspace_id TEXT NOT NULL,
  endpoint TEXT NOT NULL,
  name TEXT NOT NULL,
  body TEXT NOT NULL,
  state TEXT NOT NULL,
  operation TEXT,
  error_code TEXT,
  error_message TEXT,
  plan TEXT,
  version BIGINT NOT NULL,
  created_by TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  modified_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, endpoint, name)
) ${clustered};
