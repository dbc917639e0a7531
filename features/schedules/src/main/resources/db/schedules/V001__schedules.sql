CREATE TABLE schedule (
    workspace_id TEXT NOT NULL,
    name TEXT NOT NULL,
    version BIGINT NOT NULL,
    properties TEXT NOT NULL,
    enabled INTEGER NOT NULL,
    anchor_at BIGINT NOT NULL,
    next_fire_at BIGINT,
    fires BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    created_by_id TEXT NOT NULL,
    created_by_kind TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    modified_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, name)
) ${clustered};
CREATE INDEX schedule_due ON schedule (next_fire_at);

CREATE TABLE schedule_fire (
    workspace_id TEXT NOT NULL,
    schedule TEXT NOT NULL,
    number BIGINT NOT NULL,
    scheduled_for BIGINT NOT NULL,
    fired_at BIGINT NOT NULL,
    manual INTEGER NOT NULL,
    job TEXT NOT NULL,
    status TEXT NOT NULL,
    error_code TEXT,
    error_message TEXT,
    claimed_until BIGINT,
    PRIMARY KEY (workspace_id, schedule, number)
) ${clustered};
CREATE INDEX schedule_fire_open ON schedule_fire (claimed_until);
