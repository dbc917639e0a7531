-- Experiments and runs. A run's own table rows hang on its number, not on its name: metrics are many, and a number of
-- a few bytes instead of two long names keeps the clustered metric table small. The number implies the workspace.

CREATE TABLE experiments_counter (
  workspace TEXT NOT NULL, name TEXT NOT NULL, value BIGINT NOT NULL,
  PRIMARY KEY (workspace, name)
) ${clustered};

CREATE TABLE experiment (
  workspace TEXT NOT NULL, id BIGINT NOT NULL, name TEXT NOT NULL, artifact_location TEXT NOT NULL,
  lifecycle TEXT NOT NULL, created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL,
  PRIMARY KEY (workspace, id)
) ${clustered};
CREATE UNIQUE INDEX experiment_by_name ON experiment (workspace, name);

CREATE TABLE experiment_tag (
  workspace TEXT NOT NULL, experiment BIGINT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL,
  PRIMARY KEY (workspace, experiment, key)
) ${clustered};

-- job = 1: made for a job, which alone sets its status.
CREATE TABLE run (
  id BIGINT NOT NULL PRIMARY KEY, workspace TEXT NOT NULL, run_id TEXT NOT NULL, experiment BIGINT NOT NULL,
  name TEXT NOT NULL, user_id TEXT NOT NULL, status TEXT NOT NULL, start_time BIGINT NOT NULL, end_time BIGINT,
  artifact_uri TEXT NOT NULL, lifecycle TEXT NOT NULL, job INTEGER NOT NULL
);
CREATE UNIQUE INDEX run_by_name ON run (workspace, run_id);
CREATE INDEX run_by_start ON run (workspace, experiment, lifecycle, start_time DESC, run_id);

CREATE TABLE run_tag (
  run BIGINT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (run, key)
) ${clustered};
CREATE INDEX run_tag_by_value ON run_tag (key, value);

CREATE TABLE run_param (
  run BIGINT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (run, key)
) ${clustered};

-- A NaN is value 0 with nan = 1. seq grows with every logged point: history is told in the order it was logged.
CREATE TABLE metric (
  run BIGINT NOT NULL, key TEXT NOT NULL, step BIGINT NOT NULL, time BIGINT NOT NULL, value DOUBLE PRECISION NOT NULL,
  nan INTEGER NOT NULL, seq BIGINT NOT NULL,
  PRIMARY KEY (run, key, step, time, value, nan)
) ${clustered};

-- The point with the greatest (step, time, value) of each key.
CREATE TABLE latest_metric (
  run BIGINT NOT NULL, key TEXT NOT NULL, step BIGINT NOT NULL, time BIGINT NOT NULL, value DOUBLE PRECISION NOT NULL,
  nan INTEGER NOT NULL,
  PRIMARY KEY (run, key)
) ${clustered};

CREATE TABLE run_dataset (
  run BIGINT NOT NULL, name TEXT NOT NULL, digest TEXT NOT NULL, context TEXT NOT NULL, source_type TEXT NOT NULL,
  source TEXT NOT NULL, schema_text TEXT, profile TEXT, tags TEXT NOT NULL,
  PRIMARY KEY (run, name, digest)
) ${clustered};

-- direction: 'in' or 'out'.
CREATE TABLE run_model (
  run BIGINT NOT NULL, direction TEXT NOT NULL, model_id TEXT NOT NULL, step BIGINT NOT NULL,
  PRIMARY KEY (run, direction, model_id)
) ${clustered};

CREATE TABLE logged_model (
  workspace TEXT NOT NULL, model_id TEXT NOT NULL, experiment BIGINT NOT NULL, name TEXT NOT NULL,
  artifact_uri TEXT NOT NULL, status TEXT NOT NULL, model_type TEXT NOT NULL, source_run_id TEXT NOT NULL,
  lifecycle TEXT NOT NULL, created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL,
  PRIMARY KEY (workspace, model_id)
) ${clustered};
CREATE INDEX logged_model_by_age ON logged_model (workspace, experiment, created_at DESC);

CREATE TABLE logged_model_tag (
  workspace TEXT NOT NULL, model_id TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL,
  PRIMARY KEY (workspace, model_id, key)
) ${clustered};

CREATE TABLE logged_model_param (
  workspace TEXT NOT NULL, model_id TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL,
  PRIMARY KEY (workspace, model_id, key)
) ${clustered};

CREATE TABLE logged_model_metric (
  workspace TEXT NOT NULL, model_id TEXT NOT NULL, key TEXT NOT NULL, step BIGINT NOT NULL, time BIGINT NOT NULL,
  value DOUBLE PRECISION NOT NULL, nan INTEGER NOT NULL, run_id TEXT NOT NULL, dataset_name TEXT NOT NULL,
  dataset_digest TEXT NOT NULL,
  PRIMARY KEY (workspace, model_id, key, step, time, value, nan, run_id, dataset_name, dataset_digest)
) ${clustered};
