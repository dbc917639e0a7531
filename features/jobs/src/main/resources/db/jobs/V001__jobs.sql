CREATE TABLE job (
    workspace_id TEXT NOT NULL,
    name TEXT NOT NULL,
    type TEXT NOT NULL,
    status TEXT NOT NULL,
    active INTEGER NOT NULL,
    version BIGINT NOT NULL,
    display_name TEXT NOT NULL,
    experiment TEXT NOT NULL,
    parent TEXT,
    properties TEXT NOT NULL,
    error_code TEXT,
    error_message TEXT,
    created_by TEXT NOT NULL,
    created_by_id TEXT NOT NULL,
    created_by_kind TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    started_at BIGINT,
    ended_at BIGINT,
    archived INTEGER NOT NULL,
    owner TEXT NOT NULL,
    host TEXT NOT NULL,
    lease_until BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, name)
);
CREATE INDEX job_by_age ON job (workspace_id, created_at, name);
CREATE INDEX job_by_parent ON job (workspace_id, parent);
CREATE INDEX job_active ON job (active, host);

CREATE TABLE job_history (
    workspace_id TEXT NOT NULL,
    name TEXT NOT NULL,
    version BIGINT NOT NULL,
    status TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, name, version)
) ${clustered};

CREATE TABLE job_tag (
    workspace_id TEXT NOT NULL,
    name TEXT NOT NULL,
    tag TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (workspace_id, name, tag)
) ${clustered};
CREATE INDEX job_tag_value ON job_tag (workspace_id, tag, value);
