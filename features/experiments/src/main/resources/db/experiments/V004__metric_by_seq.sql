-- The history of a metric in the order it was logged, from any place on.
CREATE INDEX metric_by_seq ON metric (run, key, seq);
