-- When a run was deleted; null while it is active, and for what was deleted before this column was there.
ALTER TABLE run ADD COLUMN deleted_at BIGINT;
CREATE INDEX run_deleted ON run (workspace, lifecycle, deleted_at);
