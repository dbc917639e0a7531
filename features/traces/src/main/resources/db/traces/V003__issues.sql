-- Problems that traces show, again and again. root_causes and categories: JSON lists of texts.
CREATE TABLE trace_issue (
  workspace TEXT NOT NULL, issue_id TEXT NOT NULL, experiment BIGINT NOT NULL, name TEXT NOT NULL,
  description TEXT NOT NULL, status TEXT NOT NULL, severity TEXT, root_causes TEXT NOT NULL, categories TEXT NOT NULL,
  source_run_id TEXT, created_by TEXT, created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL,
  PRIMARY KEY (workspace, issue_id)
) ${clustered};
CREATE INDEX trace_issue_by_experiment ON trace_issue (workspace, experiment);
CREATE INDEX trace_assessment_by_name ON trace_assessment (workspace, kind, name);
