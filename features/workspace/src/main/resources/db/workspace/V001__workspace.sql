CREATE TABLE workspace (
    id TEXT NOT NULL PRIMARY KEY,
    subscription_id TEXT NOT NULL,
    resource_group TEXT NOT NULL,
    name TEXT NOT NULL,
    -- lower case: Azure Resource Manager matches names in any case, and a name is unique on one server
    name_key TEXT NOT NULL UNIQUE,
    location TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE operation (
    id TEXT NOT NULL PRIMARY KEY,
    workspace_id TEXT NOT NULL,
    target TEXT NOT NULL,
    status TEXT NOT NULL,
    error_code TEXT,
    error_message TEXT,
    started_at BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE INDEX operation_target ON operation (workspace_id, target, started_at);
