-- One row for each name of a kind, kept up to date in the transaction that writes a version, so that a page of names
-- and the newest version behind each is one walk along an index.
CREATE TABLE asset_name (
    workspace_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    -- the newest version that is not archived, or the newest of all; null for a name without versions
    latest TEXT,
    -- when `latest` was made; the order of lists
    latest_at BIGINT NOT NULL,
    archived INTEGER NOT NULL,
    -- 0 for what a job brought along: not shown in lists
    listed INTEGER NOT NULL,
    -- greatest whole number ever given as version; null when it was not counted yet
    greatest BIGINT,
    -- the name's own words; null where those of the newest version are shown
    description TEXT,
    tags TEXT,
    properties TEXT,
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    modified_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, kind, name)
) ${clustered};
CREATE INDEX asset_name_newest ON asset_name (workspace_id, kind, listed, archived, latest_at, name);
CREATE INDEX asset_name_all ON asset_name (workspace_id, kind, listed, latest_at, name);
CREATE INDEX asset_active ON asset (workspace_id, kind, name, archived, seq);

INSERT INTO asset_name (workspace_id, kind, name, latest, latest_at, archived, listed, greatest, created_by, created_at,
    modified_at)
SELECT a.workspace_id, a.kind, a.name, a.version, a.created_at, a.archived,
    CASE WHEN a.kind <> 'codes' AND a.properties LIKE '%"isAnonymous":true%' THEN 0 ELSE 1 END,
    NULL, a.created_by,
    (SELECT min(b.created_at) FROM asset b
        WHERE b.workspace_id = a.workspace_id AND b.kind = a.kind AND b.name = a.name),
    a.modified_at
FROM asset a
WHERE a.seq = coalesce(
    (SELECT max(b.seq) FROM asset b
        WHERE b.workspace_id = a.workspace_id AND b.kind = a.kind AND b.name = a.name AND b.archived = 0),
    (SELECT max(b.seq) FROM asset b
        WHERE b.workspace_id = a.workspace_id AND b.kind = a.kind AND b.name = a.name));
