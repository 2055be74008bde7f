//! The deployment's fixed id and the tree of data keys (see docs/ARCHITECTURE.md, "Sealing").

use sea_orm_migration::prelude::*;

crate::migration! {
    up: &[
        // One row: the id that is bound into every ciphertext, so that none can move between deployments.
        "CREATE TABLE deployment (
            id UUID NOT NULL PRIMARY KEY,
            created_at BIGINT NOT NULL
        )",
        // A value derived from each key-encryption key: tells a foreign key file from the right one.
        "CREATE TABLE kek_checks (
            kek_id INTEGER NOT NULL PRIMARY KEY,
            check_value BYTEA NOT NULL,
            created_at BIGINT NOT NULL
        )",
        "CREATE TABLE data_keys (
            key_id UUID NOT NULL PRIMARY KEY,
            scope TEXT NOT NULL CHECK (scope IN ('deployment', 'person', 'account', 'ticket', 'session')),
            owner_id UUID NOT NULL,
            kek_id INTEGER NOT NULL,
            wrapped BYTEA,
            state TEXT NOT NULL CHECK (state IN ('active', 'retired', 'destroyed')),
            created_at BIGINT NOT NULL,
            destroyed_at BIGINT
        )",
        "CREATE INDEX data_keys_owner ON data_keys (owner_id, state)",
    ],
    sqlite: &[],
    postgres: &[],
    down: ["data_keys", "kek_checks", "deployment"]
}
