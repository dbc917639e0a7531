-- Every kind of datastore as its maker defined it; the secret is sealed with a key that is not in this database.
ALTER TABLE datastore ADD COLUMN definition TEXT NOT NULL DEFAULT '{}';
ALTER TABLE datastore ADD COLUMN credentials TEXT NOT NULL DEFAULT '{}';
ALTER TABLE datastore ADD COLUMN secret TEXT;

-- The datastore that is the default of a workspace, where it is not the usual one.
CREATE TABLE datastore_default (
  workspace_id TEXT NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (workspace_id)
) ${clustered};
