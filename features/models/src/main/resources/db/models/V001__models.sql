-- One set of records for two dialects: Azure ML's models and MLflow's registry.

-- last_version: the greatest whole-number version ever given, deleted ones included.
CREATE TABLE registered_model (
  workspace TEXT NOT NULL, name TEXT NOT NULL, description TEXT, last_version BIGINT NOT NULL,
  created_by TEXT NOT NULL, created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL,
  PRIMARY KEY (workspace, name)
) ${clustered};

CREATE TABLE registered_model_tag (
  workspace TEXT NOT NULL, name TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL,
  PRIMARY KEY (workspace, name, key)
) ${clustered};

CREATE TABLE model_alias (
  workspace TEXT NOT NULL, name TEXT NOT NULL, alias TEXT NOT NULL, version TEXT NOT NULL,
  PRIMARY KEY (workspace, name, alias)
) ${clustered};

-- number: the version as a number, 0 when it is none. container and path are null when the files are not kept here.
-- flavors and properties are JSON objects.
CREATE TABLE model_version (
  workspace TEXT NOT NULL, name TEXT NOT NULL, version TEXT NOT NULL, number BIGINT NOT NULL, source TEXT NOT NULL,
  container TEXT, path TEXT, type TEXT NOT NULL, flavors TEXT NOT NULL, run_id TEXT NOT NULL, run_link TEXT NOT NULL,
  model_id TEXT NOT NULL, description TEXT, stage TEXT NOT NULL, properties TEXT NOT NULL, archived INTEGER NOT NULL,
  created_by TEXT NOT NULL, created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL,
  PRIMARY KEY (workspace, name, version)
) ${clustered};
CREATE INDEX model_version_by_run ON model_version (workspace, run_id);

CREATE TABLE model_version_tag (
  workspace TEXT NOT NULL, name TEXT NOT NULL, version TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL,
  PRIMARY KEY (workspace, name, version, key)
) ${clustered};

-- Who moved what when: answers "what was in production on that day".
CREATE TABLE model_event (
  id TEXT NOT NULL PRIMARY KEY, workspace TEXT NOT NULL, name TEXT NOT NULL, version TEXT NOT NULL,
  what TEXT NOT NULL, before_value TEXT NOT NULL, after_value TEXT NOT NULL, who TEXT NOT NULL, at BIGINT NOT NULL
);
CREATE INDEX model_event_by_model ON model_event (workspace, name, at);
