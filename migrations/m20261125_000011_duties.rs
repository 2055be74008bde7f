//! Duties: the clocks of both sides in one narrow table (they were `ticket_clocks`), and the breaches.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::step(manager, UP, SQLITE, POSTGRES).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::step(manager, DOWN, &[], &[]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

const UP: &[&str] = &[
        // Narrow on purpose: what looks for warnings that are due must not read the records themselves.
        // `round` tells the promises of one cycle apart and is 0 for the others. `state` is running until the
        // duty ends; how it ended follows from the instants beside it. `warn_at` is when the next warning is
        // due, NULL when none is left: the look-out's index holds only rows that still have one.
        "CREATE TABLE duties (
            id UUID NOT NULL PRIMARY KEY,
            record_kind TEXT NOT NULL,
            record_id UUID NOT NULL,
            number TEXT NOT NULL,
            owner_id UUID REFERENCES people (id),
            reporter_id UUID REFERENCES people (id),
            code TEXT NOT NULL,
            clause TEXT NOT NULL,
            cycle INTEGER NOT NULL,
            round INTEGER NOT NULL,
            obligor TEXT NOT NULL CHECK (obligor IN ('client', 'vendor')),
            unit TEXT NOT NULL,
            amount BIGINT NOT NULL,
            started_at BIGINT NOT NULL,
            due_at BIGINT NOT NULL,
            in_time_until BIGINT NOT NULL,
            provisional BOOLEAN NOT NULL,
            pauses TEXT NOT NULL,
            stopped_at BIGINT,
            void_at BIGINT,
            state TEXT NOT NULL CHECK (state IN ('running', 'met', 'breached', 'void')),
            in_force INTEGER NOT NULL,
            warned INTEGER NOT NULL CHECK (warned IN (0, 50, 75, 90, 100)),
            skipped TEXT NOT NULL,
            warn_at BIGINT,
            CONSTRAINT duties_key UNIQUE (record_id, code, cycle, round)
        )",
        "CREATE INDEX duties_warn ON duties (warn_at, id) WHERE warn_at IS NOT NULL",
        // Pages of duties: one side, one state, the earliest due first.
        "CREATE INDEX duties_page ON duties (obligor, state, due_at, id)",
        // What is asserted about a duty that was not fulfilled in time. The row says how the matter stands;
        // what was said about it stands in `breach_events`, to which rows are only added.
        "CREATE TABLE breaches (
            id UUID NOT NULL PRIMARY KEY,
            version BIGINT NOT NULL,
            duty_id UUID NOT NULL REFERENCES duties (id),
            status TEXT NOT NULL CHECK (status IN ('asserted', 'disputed', 'waived', 'confirmed', 'superseded')),
            record_kind TEXT NOT NULL,
            record_id UUID NOT NULL,
            number TEXT NOT NULL,
            code TEXT NOT NULL,
            clause TEXT NOT NULL,
            cycle INTEGER NOT NULL,
            round INTEGER NOT NULL,
            obligor TEXT NOT NULL CHECK (obligor IN ('client', 'vendor')),
            due_at BIGINT NOT NULL,
            ended_at BIGINT,
            in_force INTEGER NOT NULL,
            asserted_at BIGINT NOT NULL,
            updated_at BIGINT NOT NULL,
            CONSTRAINT breaches_duty_key UNIQUE (duty_id)
        )",
        "CREATE INDEX breaches_page ON breaches (obligor, id)",
        "CREATE TABLE breach_events (
            id UUID NOT NULL PRIMARY KEY,
            breach_id UUID NOT NULL REFERENCES breaches (id),
            seq BIGINT NOT NULL,
            event TEXT NOT NULL CHECK (event IN ('asserted', 'corrected', 'superseded', 'dispute', 'answer_dispute', 'waive', 'confirm')),
            actor_id UUID REFERENCES people (id),
            actor_side TEXT NOT NULL CHECK (actor_side IN ('client', 'vendor', 'system')),
            at BIGINT NOT NULL,
            due_at BIGINT NOT NULL,
            ended_at BIGINT,
            in_force INTEGER NOT NULL,
            because TEXT,
            text_sealed BYTEA,
            ledger_id UUID NOT NULL,
            CONSTRAINT breach_events_seq_key UNIQUE (breach_id, seq)
        )",
        // Those who are warned by their role: a few among thousands of employees.
        "CREATE INDEX people_staff ON people (party, id) WHERE status = 'active' AND roles <> 'employee'",
];

// The ids of what is copied are UUIDv7 like all others: the time of the start, and chance. What ended late
// keeps one warning, due at once: the look-out writes its breach down. What ended in time keeps none.
const SQLITE: &[&str] = &[
        "INSERT INTO duties SELECT
            unhex(printf('%012x', c.started_at) || '7' || substr(hex(randomblob(2)), 2) || 'a' || substr(hex(randomblob(8)), 2)),
            t.kind, t.id, t.number, t.assignee_id, t.reporter_id, c.code, '4.2', c.cycle, c.round, 'vendor',
            CASE c.code WHEN 'P' THEN 'instant' ELSE 'natural_hours' END,
            CASE c.code WHEN 'R8' THEN 8 WHEN 'S24' THEN 24 ELSE 0 END,
            c.started_at, c.due_at, c.due_at, FALSE, '[]', c.stopped_at, c.void_at,
            CASE WHEN COALESCE(c.stopped_at, c.void_at) IS NULL THEN 'running'
                 WHEN COALESCE(c.stopped_at, c.void_at) > c.due_at THEN 'breached'
                 WHEN c.stopped_at IS NOT NULL THEN 'met' ELSE 'void' END,
            1,
            CASE WHEN COALESCE(c.stopped_at, c.void_at) IS NULL THEN 0 ELSE 90 END,
            '',
            CASE WHEN COALESCE(c.stopped_at, c.void_at) IS NULL THEN c.started_at + (c.due_at - c.started_at) / 2
                 WHEN COALESCE(c.stopped_at, c.void_at) > c.due_at THEN c.due_at + 1 END
            FROM ticket_clocks c JOIN tickets t ON t.id = c.ticket_id",
        "DROP TABLE ticket_clocks",
        "CREATE TRIGGER breach_events_fixed BEFORE UPDATE ON breach_events BEGIN SELECT RAISE(ABORT, 'what was said about a breach stays'); END",
        "CREATE TRIGGER breach_events_kept BEFORE DELETE ON breach_events BEGIN SELECT RAISE(ABORT, 'what was said about a breach stays'); END",
        "CREATE TRIGGER breaches_kept BEFORE DELETE ON breaches BEGIN SELECT RAISE(ABORT, 'a breach stays'); END",
    ];

const POSTGRES: &[&str] = &[
        "INSERT INTO duties SELECT
            (lpad(to_hex(c.started_at), 12, '0') || '7' || substr(md5(random()::text), 1, 3) || 'a' || substr(md5(random()::text), 1, 15))::uuid,
            t.kind, t.id, t.number, t.assignee_id, t.reporter_id, c.code, '4.2', c.cycle, c.round, 'vendor',
            CASE c.code WHEN 'P' THEN 'instant' ELSE 'natural_hours' END,
            CASE c.code WHEN 'R8' THEN 8 WHEN 'S24' THEN 24 ELSE 0 END,
            c.started_at, c.due_at, c.due_at, FALSE, '[]', c.stopped_at, c.void_at,
            CASE WHEN COALESCE(c.stopped_at, c.void_at) IS NULL THEN 'running'
                 WHEN COALESCE(c.stopped_at, c.void_at) > c.due_at THEN 'breached'
                 WHEN c.stopped_at IS NOT NULL THEN 'met' ELSE 'void' END,
            1,
            CASE WHEN COALESCE(c.stopped_at, c.void_at) IS NULL THEN 0 ELSE 90 END,
            '',
            CASE WHEN COALESCE(c.stopped_at, c.void_at) IS NULL THEN c.started_at + (c.due_at - c.started_at) / 2
                 WHEN COALESCE(c.stopped_at, c.void_at) > c.due_at THEN c.due_at + 1 END
            FROM ticket_clocks c JOIN tickets t ON t.id = c.ticket_id",
        "DROP TABLE ticket_clocks",
        // Rows are rewritten when a warning goes out; the new version should find room on its page.
        "ALTER TABLE duties SET (fillfactor = 80)",
        "CREATE OR REPLACE FUNCTION breaches_stay() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'what was said about a breach stays'; END $$",
        "CREATE TRIGGER breach_events_fixed BEFORE UPDATE OR DELETE OR TRUNCATE ON breach_events FOR EACH STATEMENT EXECUTE FUNCTION breaches_stay()",
        "CREATE TRIGGER breaches_kept BEFORE DELETE OR TRUNCATE ON breaches FOR EACH STATEMENT EXECUTE FUNCTION breaches_stay()",
    ];

/// The step before expects its table.
const DOWN: &[&str] = &[
    "CREATE TABLE ticket_clocks (
        ticket_id UUID NOT NULL REFERENCES tickets (id),
        cycle INTEGER NOT NULL,
        code TEXT NOT NULL,
        round INTEGER NOT NULL,
        started_at BIGINT NOT NULL,
        due_at BIGINT NOT NULL,
        stopped_at BIGINT,
        void_at BIGINT,
        PRIMARY KEY (ticket_id, cycle, code, round)
    )",
    "CREATE INDEX ticket_clocks_running ON ticket_clocks (due_at, ticket_id) WHERE stopped_at IS NULL AND void_at IS NULL",
    "INSERT INTO ticket_clocks SELECT record_id, cycle, code, round, started_at, due_at, stopped_at, void_at
        FROM duties WHERE record_id IN (SELECT id FROM tickets)",
    "DROP INDEX people_staff",
    "DROP TABLE breach_events",
    "DROP TABLE breaches",
    "DROP TABLE duties",
];
