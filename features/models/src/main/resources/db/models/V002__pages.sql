-- Pages of names and of versions, newest first, each one walk along an index.
CREATE INDEX registered_model_newest ON registered_model (workspace, updated_at, name);
CREATE INDEX model_version_newest ON model_version (workspace, name, created_at, number, version);
CREATE INDEX model_version_active ON model_version (workspace, name, archived);
