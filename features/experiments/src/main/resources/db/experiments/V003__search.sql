-- What the search for runs walks: each index holds the runs of one experiment in the order of one key, so that a page
-- costs its own length. Long texts are indexed by their first 200 characters, since an index row of PostgreSQL holds
-- 2,704 bytes at most.

ALTER TABLE latest_metric ADD COLUMN experiment BIGINT NOT NULL DEFAULT 0;
UPDATE latest_metric SET experiment = COALESCE((SELECT r.experiment FROM run r WHERE r.id = latest_metric.run), 0);
CREATE INDEX latest_metric_by_value ON latest_metric (experiment, key, nan, value, run);

ALTER TABLE run_param ADD COLUMN experiment BIGINT NOT NULL DEFAULT 0;
UPDATE run_param SET experiment = COALESCE((SELECT r.experiment FROM run r WHERE r.id = run_param.run), 0);
CREATE INDEX run_param_by_value ON run_param (experiment, key, (SUBSTR(value, 1, 200)) ${ordinal}, run);

-- Tags are also looked for in all experiments.
ALTER TABLE run_tag ADD COLUMN experiment BIGINT NOT NULL DEFAULT 0;
UPDATE run_tag SET experiment = COALESCE((SELECT r.experiment FROM run r WHERE r.id = run_tag.run), 0);
DROP INDEX run_tag_by_value;
CREATE INDEX run_tag_by_value ON run_tag (key, (SUBSTR(value, 1, 200)) ${ordinal}, experiment, run);

CREATE INDEX run_by_end ON run (workspace, experiment, lifecycle, end_time, start_time DESC, run_id);
CREATE INDEX run_by_status ON run (workspace, experiment, lifecycle, status, start_time DESC, run_id);
CREATE INDEX run_by_title ON run (workspace, experiment, lifecycle, (SUBSTR(name, 1, 200)) ${ordinal});
