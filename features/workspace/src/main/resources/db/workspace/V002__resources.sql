-- What Azure Resource Manager's callers wrote into a workspace and get back: properties, tags, identity, kind, sku.
ALTER TABLE workspace ADD COLUMN resource TEXT NOT NULL DEFAULT '{}';
ALTER TABLE workspace ADD COLUMN created_by TEXT NOT NULL DEFAULT 'owner';
ALTER TABLE workspace ADD COLUMN modified_at BIGINT NOT NULL DEFAULT 0;
-- set while a workspace is deleted but can be recovered; its name stays taken
ALTER TABLE workspace ADD COLUMN deleted_at BIGINT;

CREATE TABLE resource_group (
    subscription_key TEXT NOT NULL,
    name_key TEXT NOT NULL,
    subscription_id TEXT NOT NULL,
    name TEXT NOT NULL,
    location TEXT NOT NULL,
    tags TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (subscription_key, name_key)
);

-- Deployments of ARM templates: what was asked, and the resources that came of it.
CREATE TABLE deployment (
    subscription_key TEXT NOT NULL,
    group_key TEXT NOT NULL,
    name_key TEXT NOT NULL,
    name TEXT NOT NULL,
    state TEXT NOT NULL,
    parameters TEXT NOT NULL,
    resources TEXT NOT NULL,
    error TEXT,
    started_at BIGINT NOT NULL,
    ended_at BIGINT NOT NULL,
    PRIMARY KEY (subscription_key, group_key, name_key)
);
