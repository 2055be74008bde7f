//! A notice is found by whom it is for: the key says so, and two indexes and a foreign key go. A new fault is told
//! to everybody who may take it up, so that each of them was paid for twenty times in the transaction of a report;
//! the foreign key made all reports lock the same people. Nobody is ever deleted, they leave.

use sea_orm_migration::prelude::*;

use crate::step;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        step(manager, &[], SQLITE, POSTGRES).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        step(manager, &[], SQLITE_DOWN, POSTGRES_DOWN).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

const SQLITE: &[&str] = &[
    "CREATE TABLE inbox (
        id BLOB NOT NULL,
        person_id BLOB NOT NULL,
        event TEXT NOT NULL,
        object_kind TEXT NOT NULL,
        object_id BLOB NOT NULL,
        number TEXT NOT NULL,
        text TEXT NOT NULL,
        urgent BOOLEAN NOT NULL,
        count INTEGER NOT NULL,
        at BIGINT NOT NULL,
        read_at BIGINT,
        PRIMARY KEY (person_id, id)
    ) WITHOUT ROWID",
    "INSERT INTO inbox SELECT id, person_id, event, object_kind, object_id, number, text, urgent, count, at, read_at
        FROM notices",
    "DROP TABLE notices",
    "ALTER TABLE inbox RENAME TO notices",
    "CREATE INDEX notices_unread ON notices (person_id, id) WHERE read_at IS NULL",
];

const POSTGRES: &[&str] = &[
    "DROP INDEX notices_object",
    "DROP INDEX notices_person",
    "ALTER TABLE notices DROP CONSTRAINT notices_person_id_fkey, DROP CONSTRAINT notices_pkey,
        ADD PRIMARY KEY (person_id, id)",
];

const SQLITE_DOWN: &[&str] = &[
    "CREATE TABLE inbox (
        id BLOB NOT NULL PRIMARY KEY,
        person_id BLOB NOT NULL REFERENCES people (id),
        event TEXT NOT NULL,
        object_kind TEXT NOT NULL,
        object_id BLOB NOT NULL,
        number TEXT NOT NULL,
        text TEXT NOT NULL,
        urgent BOOLEAN NOT NULL,
        count INTEGER NOT NULL,
        at BIGINT NOT NULL,
        read_at BIGINT
    )",
    "INSERT INTO inbox SELECT id, person_id, event, object_kind, object_id, number, text, urgent, count, at, read_at
        FROM notices",
    "DROP TABLE notices",
    "ALTER TABLE inbox RENAME TO notices",
    "CREATE INDEX notices_person ON notices (person_id, id)",
    "CREATE INDEX notices_unread ON notices (person_id, id) WHERE read_at IS NULL",
    "CREATE INDEX notices_object ON notices (object_id, at)",
];

const POSTGRES_DOWN: &[&str] = &[
    "ALTER TABLE notices DROP CONSTRAINT notices_pkey, ADD PRIMARY KEY (id),
        ADD CONSTRAINT notices_person_id_fkey FOREIGN KEY (person_id) REFERENCES people (id)",
    "CREATE INDEX notices_person ON notices (person_id, id)",
    "CREATE INDEX notices_object ON notices (object_id, at)",
];
