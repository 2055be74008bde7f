//! The search index over published materials, and how often a suggestion answered before a ticket was sent.

use sea_orm_migration::prelude::*;

crate::migration! {
    up: &[
        // One row: it numbers the documents, knows how many there are, and is the lock of whoever changes the index.
        "CREATE TABLE search_state (
            id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
            last_doc INTEGER NOT NULL,
            docs INTEGER NOT NULL
        )",
        "INSERT INTO search_state (id, last_doc, docs) VALUES (1, 0, 0)",
        // What is found. `tags` is a JSON list; `body` is text as people read it, without markup.
        "CREATE TABLE search_entries (
            doc INTEGER NOT NULL PRIMARY KEY,
            id UUID NOT NULL UNIQUE,
            course_id UUID NOT NULL,
            kind TEXT NOT NULL,
            title TEXT NOT NULL,
            body TEXT NOT NULL,
            tags TEXT NOT NULL,
            category TEXT NOT NULL
        )",
        // Where a token stands: two bytes a document, 1,024 documents a row.
        "CREATE TABLE search_postings (
            token TEXT NOT NULL,
            block INTEGER NOT NULL,
            docs BYTEA NOT NULL,
            PRIMARY KEY (token, block)
        )",
        // A draft got suggestions: which, when, and which of them solved it. Nothing of the draft, nobody's name.
        "CREATE TABLE search_suggestions (
            id UUID NOT NULL PRIMARY KEY,
            at BIGINT NOT NULL,
            solved_by UUID,
            solved_at BIGINT
        )",
        "CREATE TABLE search_suggested (
            suggestion_id UUID NOT NULL REFERENCES search_suggestions (id),
            material_id UUID NOT NULL,
            PRIMARY KEY (suggestion_id, material_id)
        )",
        "CREATE INDEX search_suggested_material ON search_suggested (material_id)",
    ],
    sqlite: &[],
    postgres: &[],
    down: ["search_suggested", "search_suggestions", "search_postings", "search_entries", "search_state"]
}
