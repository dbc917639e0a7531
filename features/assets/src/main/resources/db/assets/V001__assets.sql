CREATE TABLE asset (
    workspace_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    version TEXT NOT NULL,
    -- order of creation within the workspace; `latest` is the greatest
    seq BIGINT NOT NULL,
    properties TEXT NOT NULL,
    archived INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    modified_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, kind, name, version)
);
CREATE INDEX asset_newest ON asset (workspace_id, kind, name, seq);

-- What code assets are looked up by: their content hash, over all names.
CREATE TABLE asset_property (
    workspace_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    property TEXT NOT NULL,
    value TEXT NOT NULL,
    name TEXT NOT NULL,
    version TEXT NOT NULL,
    PRIMARY KEY (workspace_id, kind, property, value, name, version)
);
