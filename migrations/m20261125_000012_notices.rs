//! The inbox: what each person is told, until they have read it.

use sea_orm_migration::prelude::*;

crate::migration! {
    up: &[
        // `text` never holds personal data; `count` says how often the same happened within ten minutes.
        "CREATE TABLE notices (
            id UUID NOT NULL PRIMARY KEY,
            person_id UUID NOT NULL REFERENCES people (id),
            event TEXT NOT NULL,
            object_kind TEXT NOT NULL,
            object_id UUID NOT NULL,
            number TEXT NOT NULL,
            text TEXT NOT NULL,
            urgent BOOLEAN NOT NULL,
            count INTEGER NOT NULL,
            at BIGINT NOT NULL,
            read_at BIGINT
        )",
        "CREATE INDEX notices_person ON notices (person_id, id)",
        "CREATE INDEX notices_unread ON notices (person_id, id) WHERE read_at IS NULL",
        // Whether somebody was told the same a moment ago.
        "CREATE INDEX notices_object ON notices (object_id, at)",
    ],
    sqlite: &[],
    postgres: &[],
    down: ["notices"]
}
