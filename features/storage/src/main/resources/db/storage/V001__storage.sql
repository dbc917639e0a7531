-- Names of blobs are kept as UTF-8 bytes: both databases compare bytes the same way, and in the order in which
-- the Blob service lists. (Text follows the server's collation on PostgreSQL.)

CREATE TABLE blob_container (
    name        TEXT PRIMARY KEY,
    etag        TEXT NOT NULL,
    metadata    TEXT NOT NULL,
    modified_at BIGINT NOT NULL
) ${clustered};

CREATE TABLE blob (
    container           TEXT NOT NULL REFERENCES blob_container (name),
    name                BYTEA NOT NULL,
    etag                TEXT NOT NULL,
    size                BIGINT NOT NULL,
    content_type        TEXT NOT NULL,
    content_encoding    TEXT,
    content_language    TEXT,
    content_disposition TEXT,
    cache_control       TEXT,
    md5                 TEXT,
    metadata            TEXT NOT NULL,
    created_at          BIGINT NOT NULL,
    modified_at         BIGINT NOT NULL,
    PRIMARY KEY (container, name)
) ${clustered};

-- The bytes of a committed blob: content files in order. block_id is null for a blob that was written whole.
CREATE TABLE blob_segment (
    container TEXT NOT NULL,
    name      BYTEA NOT NULL,
    ordinal   INTEGER NOT NULL,
    content   TEXT NOT NULL,
    size      BIGINT NOT NULL,
    block_id  TEXT,
    PRIMARY KEY (container, name, ordinal)
) ${clustered};
CREATE INDEX blob_segment_content ON blob_segment (content);

-- Blocks that wait for their block list.
CREATE TABLE blob_block (
    container TEXT NOT NULL REFERENCES blob_container (name),
    name      BYTEA NOT NULL,
    block_id  TEXT NOT NULL,
    content   TEXT NOT NULL,
    size      BIGINT NOT NULL,
    staged_at BIGINT NOT NULL,
    PRIMARY KEY (container, name, block_id)
) ${clustered};
CREATE INDEX blob_block_content ON blob_block (content);
CREATE INDEX blob_block_staged ON blob_block (staged_at);

CREATE TABLE storage_key (
    name    TEXT PRIMARY KEY,
    value   TEXT NOT NULL,
    made_at BIGINT NOT NULL
) ${clustered};
