-- events: `entity.action`, comma-separated, in the order given. The secret is in the vault.
CREATE TABLE webhook (
  workspace TEXT NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL, url TEXT NOT NULL, description TEXT,
  events TEXT NOT NULL, status TEXT NOT NULL, created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL,
  PRIMARY KEY (workspace, id)
) ${clustered};

-- What is still to be delivered, written in the transaction of what happened. due_at: the next try, or when a try that
-- is under way counts as lost. A row is deleted when it was delivered or given up.
CREATE TABLE webhook_delivery (
  id TEXT NOT NULL PRIMARY KEY, workspace TEXT NOT NULL, webhook TEXT NOT NULL, event TEXT NOT NULL,
  body TEXT NOT NULL, tries INTEGER NOT NULL, due_at BIGINT NOT NULL, created_at BIGINT NOT NULL
);
CREATE INDEX webhook_delivery_due ON webhook_delivery (due_at);
