-- Traces and their spans. Every row carries its workspace, so that a workspace's purge finds it.

-- finalized = 1: the client has told the trace's own figures; spans that come later do not change them.
CREATE TABLE trace (
  workspace TEXT NOT NULL, trace_id TEXT NOT NULL, experiment BIGINT NOT NULL, start_time BIGINT NOT NULL,
  duration BIGINT, state TEXT NOT NULL, client_request_id TEXT, request_preview TEXT, response_preview TEXT,
  finalized INTEGER NOT NULL,
  PRIMARY KEY (workspace, trace_id)
) ${clustered};
CREATE INDEX trace_by_start ON trace (workspace, experiment, start_time DESC, trace_id);

CREATE TABLE trace_tag (
  workspace TEXT NOT NULL, trace_id TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL,
  PRIMARY KEY (workspace, trace_id, key)
) ${clustered};

CREATE TABLE trace_metadata (
  workspace TEXT NOT NULL, trace_id TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL,
  PRIMARY KEY (workspace, trace_id, key)
) ${clustered};

CREATE TABLE trace_run (
  workspace TEXT NOT NULL, trace_id TEXT NOT NULL, run_id TEXT NOT NULL,
  PRIMARY KEY (workspace, trace_id, run_id)
) ${clustered};
CREATE INDEX trace_run_by_run ON trace_run (workspace, run_id);

-- prompt: `name/version`.
CREATE TABLE trace_prompt (
  workspace TEXT NOT NULL, trace_id TEXT NOT NULL, prompt TEXT NOT NULL,
  PRIMARY KEY (workspace, trace_id, prompt)
) ${clustered};
CREATE INDEX trace_prompt_by_prompt ON trace_prompt (workspace, prompt);

-- content: the span as MLflow's clients read it from traces.json. The columns repeat what searches and sums need.
CREATE TABLE trace_span (
  workspace TEXT NOT NULL, trace_id TEXT NOT NULL, span_id TEXT NOT NULL, parent_id TEXT, name TEXT NOT NULL,
  type TEXT NOT NULL, status TEXT NOT NULL, start_ns BIGINT NOT NULL, end_ns BIGINT, content TEXT NOT NULL,
  model TEXT, provider TEXT, input_cost DOUBLE PRECISION, output_cost DOUBLE PRECISION, total_cost DOUBLE PRECISION,
  PRIMARY KEY (workspace, trace_id, span_id)
) ${clustered};

-- kind: feedback, expectation or issue. value: JSON; shown: text without its quotes, else the JSON; number: when it
-- is one, or a truth value. valid = 0: overridden by another.
CREATE TABLE trace_assessment (
  workspace TEXT NOT NULL, trace_id TEXT NOT NULL, assessment_id TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL,
  value TEXT NOT NULL, shown TEXT NOT NULL, number DOUBLE PRECISION, is_number INTEGER NOT NULL, error TEXT,
  source_type TEXT NOT NULL, source_id TEXT NOT NULL, span_id TEXT, rationale TEXT, overrides TEXT,
  valid INTEGER NOT NULL, metadata TEXT NOT NULL, created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL,
  PRIMARY KEY (workspace, trace_id, assessment_id)
) ${clustered};
