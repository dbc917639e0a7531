CREATE TABLE step_run (
    workspace_id TEXT NOT NULL,
    job TEXT NOT NULL,
    reuse_key TEXT NOT NULL,
    node TEXT NOT NULL,
    component TEXT NOT NULL,
    parts TEXT NOT NULL,
    outputs TEXT,
    completed INTEGER NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, job)
);
CREATE INDEX step_run_key ON step_run (workspace_id, reuse_key, completed, created_at);
CREATE INDEX step_run_node ON step_run (workspace_id, node, completed, created_at);
