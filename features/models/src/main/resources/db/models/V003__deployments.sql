-- The order in which things happened, also within one millisecond: grows over the events of a workspace.
ALTER TABLE model_event ADD COLUMN seq BIGINT NOT NULL DEFAULT 0;
UPDATE model_event SET seq = (SELECT COUNT(*) FROM model_event o WHERE o.workspace = model_event.workspace
  AND (o.at < model_event.at OR o.at = model_event.at AND o.id <= model_event.id));
DROP INDEX model_event_by_model;
CREATE INDEX model_event_by_model ON model_event (workspace, name, seq);
CREATE INDEX model_event_by_seq ON model_event (workspace, seq);

-- What each deployment serves now. kind: 'online' or 'batch'. name and version are empty until a roll-out succeeded;
-- wanted_* is what was accepted last, and by whom. share: percent of the endpoint's traffic.
CREATE TABLE model_deployment (
  workspace TEXT NOT NULL, kind TEXT NOT NULL, endpoint TEXT NOT NULL, deployment TEXT NOT NULL,
  name TEXT NOT NULL, version TEXT NOT NULL, share INTEGER NOT NULL,
  wanted_name TEXT NOT NULL, wanted_version TEXT NOT NULL, wanted_by TEXT NOT NULL,
  PRIMARY KEY (workspace, kind, endpoint, deployment)
) ${clustered};
