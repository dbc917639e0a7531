-- Connections to services elsewhere. Credentials are not here: they are in the vault.
CREATE TABLE connection (
    workspace_id TEXT NOT NULL,
    name_key TEXT NOT NULL,
    name TEXT NOT NULL,
    category TEXT NOT NULL,
    properties TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    modified_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, name_key)
) ${clustered};
