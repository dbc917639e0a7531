-- One row for each request that an endpoint answered. `seq` keeps apart those of the same millisecond.
CREATE TABLE request_log (
  workspace_id TEXT NOT NULL,
  endpoint TEXT NOT NULL,
  at BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  deployment TEXT NOT NULL,
  latency_us BIGINT NOT NULL,
  status INTEGER NOT NULL,
  PRIMARY KEY (workspace_id, endpoint, at, seq)
) ${clustered};
