//! What the embedded default keeps in the database instead of Redis, and small shared machinery.

use sea_orm_migration::prelude::*;

crate::migration! {
    up: &[
        // Same effect once for the same key: stored in the transaction of the effect.
        "CREATE TABLE idempotency_keys (
            id UUID NOT NULL PRIMARY KEY,
            account_id UUID NOT NULL,
            operation TEXT NOT NULL,
            key_digest BYTEA NOT NULL,
            fingerprint BYTEA NOT NULL,
            status INTEGER,
            response_sealed BYTEA,
            created_at BIGINT NOT NULL,
            CONSTRAINT idempotency_keys_key UNIQUE (account_id, operation, key_digest)
        )",
        "CREATE INDEX idempotency_keys_age ON idempotency_keys (created_at)",
        // Human numbers (GZ-2026-000123) are taken in blocks, outside the transaction that uses them.
        "CREATE TABLE counters (
            name TEXT NOT NULL PRIMARY KEY,
            value BIGINT NOT NULL
        )",
        "CREATE TABLE leases (
            name TEXT NOT NULL PRIMARY KEY,
            holder UUID NOT NULL,
            held_until BIGINT NOT NULL
        )",
        // Embedded stand-ins for Redis: live sessions, marks that a code was used, counters of tries.
        "CREATE TABLE live_sessions (
            key BYTEA NOT NULL PRIMARY KEY,
            account_id UUID NOT NULL,
            session_id UUID NOT NULL,
            value_sealed BYTEA NOT NULL,
            created_at BIGINT NOT NULL,
            expires_at BIGINT NOT NULL
        )",
        "CREATE INDEX live_sessions_account ON live_sessions (account_id)",
        "CREATE INDEX live_sessions_expiry ON live_sessions (expires_at)",
        "CREATE TABLE used_marks (
            digest BYTEA NOT NULL PRIMARY KEY,
            expires_at BIGINT NOT NULL
        )",
        "CREATE TABLE tries (
            digest BYTEA NOT NULL PRIMARY KEY,
            count INTEGER NOT NULL,
            expires_at BIGINT NOT NULL
        )",
    ],
    sqlite: &[],
    postgres: &[],
    down: ["tries", "used_marks", "live_sessions", "leases", "counters", "idempotency_keys"]
}
