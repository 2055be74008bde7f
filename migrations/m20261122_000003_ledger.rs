//! The append-only ledger. Entries are inserted by the transaction that they describe; places, by the
//! sequencer. Neither can be changed or deleted by ordinary means: triggers refuse it.

use sea_orm_migration::prelude::*;

crate::migration! {
    up: &[
        "CREATE TABLE ledger_entries (
            id UUID NOT NULL PRIMARY KEY,
            at BIGINT NOT NULL,
            actor_id UUID,
            actor_side TEXT NOT NULL CHECK (actor_side IN ('client', 'vendor', 'system', 'unbound')),
            action TEXT NOT NULL,
            object_kind TEXT NOT NULL,
            object_id UUID NOT NULL,
            request_id UUID,
            detail TEXT NOT NULL,
            content_digest BYTEA NOT NULL
        )",
        "CREATE INDEX ledger_entries_object ON ledger_entries (object_id, id)",
        // Committed entries that wait for their place; the only ledger table whose rows are deleted.
        "CREATE TABLE ledger_queue (
            entry_id UUID NOT NULL PRIMARY KEY
        )",
        "CREATE TABLE ledger_places (
            seq BIGINT NOT NULL PRIMARY KEY,
            entry_id UUID NOT NULL,
            hash BYTEA NOT NULL,
            placed_at BIGINT NOT NULL,
            CONSTRAINT ledger_places_entry_key UNIQUE (entry_id)
        )",
        // Size and RFC 6962 root after a batch; the frontier lets the next batch go on without rereading.
        "CREATE TABLE ledger_checkpoints (
            size BIGINT NOT NULL PRIMARY KEY,
            root BYTEA NOT NULL,
            frontier BYTEA NOT NULL,
            at BIGINT NOT NULL
        )",
    ],
    sqlite: &[
        "CREATE TRIGGER ledger_entries_fixed BEFORE UPDATE ON ledger_entries BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END",
        "CREATE TRIGGER ledger_entries_kept BEFORE DELETE ON ledger_entries BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END",
        "CREATE TRIGGER ledger_places_fixed BEFORE UPDATE ON ledger_places BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END",
        "CREATE TRIGGER ledger_places_kept BEFORE DELETE ON ledger_places BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END",
        "CREATE TRIGGER ledger_checkpoints_fixed BEFORE UPDATE ON ledger_checkpoints BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END",
        "CREATE TRIGGER ledger_checkpoints_kept BEFORE DELETE ON ledger_checkpoints BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END",
        // REPLACE deletes without firing delete triggers.
        "CREATE TRIGGER ledger_entries_new BEFORE INSERT ON ledger_entries WHEN EXISTS (SELECT 1 FROM ledger_entries WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END",
        "CREATE TRIGGER ledger_places_new BEFORE INSERT ON ledger_places WHEN EXISTS (SELECT 1 FROM ledger_places WHERE seq = NEW.seq OR entry_id = NEW.entry_id) BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END",
        "CREATE TRIGGER ledger_checkpoints_new BEFORE INSERT ON ledger_checkpoints WHEN EXISTS (SELECT 1 FROM ledger_checkpoints WHERE size = NEW.size) BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END",
    ],
    postgres: &[
        "CREATE OR REPLACE FUNCTION ledger_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the ledger is append-only'; END $$",
        "CREATE TRIGGER ledger_entries_fixed BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_entries FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only()",
        "CREATE TRIGGER ledger_places_fixed BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_places FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only()",
        "CREATE TRIGGER ledger_checkpoints_fixed BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_checkpoints FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only()",
    ],
    down: ["ledger_checkpoints", "ledger_places", "ledger_queue", "ledger_entries"]
}
