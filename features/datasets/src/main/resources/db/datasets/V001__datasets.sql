-- Datastores that users made; the four of every workspace are rules, not rows. No secret is kept: the bytes are here.
CREATE TABLE datastore (
  workspace_id TEXT NOT NULL,
  name_key TEXT NOT NULL,
  name TEXT NOT NULL,
  type TEXT NOT NULL,
  container TEXT NOT NULL,
  requested_account TEXT NOT NULL,
  description TEXT NOT NULL,
  tags TEXT NOT NULL,
  credentials_type TEXT NOT NULL,
  created_by TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  modified_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, name_key)
) ${clustered};

-- Profiles by what was profiled (hash over names and etags of the files), so that one is computed once.
CREATE TABLE data_profile (
  content_key TEXT NOT NULL,
  profile TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (content_key)
) ${clustered};
