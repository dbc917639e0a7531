CREATE TABLE compute (
    workspace_id TEXT NOT NULL,
    name_key TEXT NOT NULL,
    name TEXT NOT NULL,
    location TEXT NOT NULL,
    properties TEXT NOT NULL,
    tags TEXT NOT NULL,
    state TEXT NOT NULL,
    deleted INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    modified_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, name_key)
) ${clustered};
