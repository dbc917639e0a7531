-- What imports took. kind: 'run' or 'model' (a logged model). number, points: of a run whose points are coming before it
-- (done = 0). fingerprint: of what it was where it came from. files = 1: its files are all here.
CREATE TABLE import_record (
  workspace TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, fingerprint TEXT NOT NULL, number BIGINT NOT NULL,
  points BIGINT NOT NULL, done INTEGER NOT NULL, files INTEGER NOT NULL, at BIGINT NOT NULL,
  PRIMARY KEY (workspace, kind, id)
) ${clustered};
CREATE INDEX import_record_open ON import_record (workspace, done, at);
