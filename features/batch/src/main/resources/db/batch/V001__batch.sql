-- `name_key` is the name in lower case: names match in any case.
CREATE TABLE batch_endpoint (
  workspace_id TEXT NOT NULL,
  name_key TEXT NOT NULL,
  name TEXT NOT NULL,
  body TEXT NOT NULL,
  default_deployment TEXT,
  version BIGINT NOT NULL,
  created_by TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  modified_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, name_key)
) ${clustered};

-- `component` is the ARM id of the component that a job of this deployment runs.
CREATE TABLE batch_deployment (
  workspace_id TEXT NOT NULL,
  endpoint_key TEXT NOT NULL,
  name_key TEXT NOT NULL,
  endpoint TEXT NOT NULL,
  name TEXT NOT NULL,
  body TEXT NOT NULL,
  component TEXT NOT NULL,
  version BIGINT NOT NULL,
  created_by TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  modified_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, endpoint_key, name_key)
) ${clustered};
