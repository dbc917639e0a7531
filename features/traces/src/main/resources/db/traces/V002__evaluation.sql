-- What models are judged by: data sets of questions and expectations, and scorers.

CREATE TABLE evaluation_dataset (
  workspace TEXT NOT NULL, dataset_id TEXT NOT NULL, name TEXT NOT NULL, schema_text TEXT, digest TEXT NOT NULL,
  created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, created_by TEXT, updated_by TEXT,
  PRIMARY KEY (workspace, dataset_id)
) ${clustered};
CREATE INDEX evaluation_dataset_by_age ON evaluation_dataset (workspace, created_at DESC, dataset_id DESC);

CREATE TABLE evaluation_dataset_tag (
  workspace TEXT NOT NULL, dataset_id TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL,
  PRIMARY KEY (workspace, dataset_id, key)
) ${clustered};

CREATE TABLE evaluation_dataset_experiment (
  workspace TEXT NOT NULL, dataset_id TEXT NOT NULL, experiment BIGINT NOT NULL,
  PRIMARY KEY (workspace, dataset_id, experiment)
) ${clustered};
CREATE INDEX evaluation_dataset_by_experiment ON evaluation_dataset_experiment (workspace, experiment);

-- One record for each set of inputs: inputs_hash is the SHA-256 of the inputs with sorted keys. All texts are JSON.
CREATE TABLE evaluation_record (
  workspace TEXT NOT NULL, dataset_id TEXT NOT NULL, record_id TEXT NOT NULL, inputs_hash TEXT NOT NULL,
  inputs TEXT NOT NULL, outputs TEXT, expectations TEXT, tags TEXT, source TEXT,
  created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, created_by TEXT, updated_by TEXT,
  PRIMARY KEY (workspace, dataset_id, record_id)
) ${clustered};
CREATE UNIQUE INDEX evaluation_record_by_inputs ON evaluation_record (workspace, dataset_id, inputs_hash);

CREATE TABLE scorer (
  workspace TEXT NOT NULL, experiment BIGINT NOT NULL, name TEXT NOT NULL, scorer_id TEXT NOT NULL,
  latest BIGINT NOT NULL,
  PRIMARY KEY (workspace, experiment, name)
) ${clustered};

CREATE TABLE scorer_version (
  workspace TEXT NOT NULL, scorer_id TEXT NOT NULL, version BIGINT NOT NULL, serialized TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (workspace, scorer_id, version)
) ${clustered};
