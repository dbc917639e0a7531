-- Secrets, sealed: base64 of nonce (12 bytes), ciphertext and tag (AES-256-GCM, bound to workspace and name).
CREATE TABLE vault_secret (
    workspace_id TEXT NOT NULL,
    name TEXT NOT NULL,
    sealed TEXT NOT NULL,
    modified_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, name)
) ${clustered};
