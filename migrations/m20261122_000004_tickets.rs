//! Tickets with their events, messages, solutions and clocks, and the attachments.

use sea_orm_migration::prelude::*;

crate::migration! {
    up: &[
        "CREATE TABLE tickets (
            id UUID NOT NULL PRIMARY KEY,
            version BIGINT NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('fault')),
            number TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('submitted', 'in_progress', 'awaiting_client', 'solution_given', 'awaiting_confirmation', 'closed', 'withdrawn', 'merged')),
            is_open BOOLEAN NOT NULL,
            severity TEXT NOT NULL CHECK (severity IN ('critical', 'major', 'minor')),
            cycle INTEGER NOT NULL,
            key_id UUID NOT NULL REFERENCES data_keys (key_id),
            title_sealed BYTEA NOT NULL,
            description_sealed BYTEA NOT NULL,
            scope_sealed BYTEA,
            steps_tried_sealed BYTEA,
            contact_sealed BYTEA,
            occurred_at BIGINT,
            reporter_id UUID NOT NULL REFERENCES people (id),
            entered_by UUID NOT NULL REFERENCES people (id),
            department_id UUID REFERENCES departments (id),
            assignee_id UUID REFERENCES people (id),
            received_at BIGINT NOT NULL,
            clock_start BIGINT NOT NULL,
            updated_at BIGINT NOT NULL,
            closed_at BIGINT,
            reminded_at BIGINT,
            has_solution BOOLEAN NOT NULL,
            repaired_by UUID REFERENCES people (id),
            merged_into UUID REFERENCES tickets (id),
            rating INTEGER CHECK (rating BETWEEN 1 AND 5),
            next_due_at BIGINT,
            next_due_code TEXT,
            CONSTRAINT tickets_number_key UNIQUE (number)
        )",
        // Lists are keyset pages over these; ids are UUIDv7, so the newest first is the largest id first.
        "CREATE INDEX tickets_reporter ON tickets (reporter_id, id)",
        "CREATE INDEX tickets_department ON tickets (department_id, id)",
        "CREATE INDEX tickets_assignee ON tickets (assignee_id, id)",
        // What has no deadline comes last, on both databases: NULLs sort differently there.
        "CREATE INDEX tickets_queue ON tickets ((COALESCE(next_due_at, 9007199254740991)), id) WHERE is_open",
        // What happened, in order. Clocks are derived from these rows and nothing else.
        "CREATE TABLE ticket_events (
            id UUID NOT NULL PRIMARY KEY,
            ticket_id UUID NOT NULL REFERENCES tickets (id),
            seq INTEGER NOT NULL,
            cycle INTEGER NOT NULL,
            event TEXT NOT NULL,
            actor_id UUID REFERENCES people (id),
            actor_side TEXT NOT NULL CHECK (actor_side IN ('client', 'vendor', 'system')),
            visibility TEXT NOT NULL CHECK (visibility IN ('public', 'internal')),
            at BIGINT NOT NULL,
            from_state TEXT,
            to_state TEXT NOT NULL,
            detail TEXT NOT NULL,
            text_sealed BYTEA,
            ledger_id UUID NOT NULL,
            CONSTRAINT ticket_events_seq_key UNIQUE (ticket_id, seq)
        )",
        "CREATE TABLE ticket_messages (
            id UUID NOT NULL PRIMARY KEY,
            ticket_id UUID NOT NULL REFERENCES tickets (id),
            author_id UUID NOT NULL REFERENCES people (id),
            side TEXT NOT NULL CHECK (side IN ('client', 'vendor')),
            visibility TEXT NOT NULL CHECK (visibility IN ('public', 'internal')),
            body_sealed BYTEA NOT NULL,
            at BIGINT NOT NULL
        )",
        "CREATE INDEX ticket_messages_ticket ON ticket_messages (ticket_id, id)",
        "CREATE TABLE ticket_solutions (
            id UUID NOT NULL PRIMARY KEY,
            ticket_id UUID NOT NULL REFERENCES tickets (id),
            cycle INTEGER NOT NULL,
            number INTEGER NOT NULL,
            solution_type TEXT NOT NULL CHECK (solution_type IN ('fix', 'workaround', 'plan')),
            text_sealed BYTEA NOT NULL,
            eta BIGINT,
            author_id UUID NOT NULL REFERENCES people (id),
            state TEXT NOT NULL CHECK (state IN ('open', 'rejected', 'confirmed')),
            reason_sealed BYTEA,
            published_at BIGINT NOT NULL,
            CONSTRAINT ticket_solutions_number_key UNIQUE (ticket_id, number)
        )",
        // Narrow on purpose: what looks for clocks that fall due must not read the tickets themselves.
        // `round` tells the promises of one cycle apart and is 0 for the others.
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
        "CREATE TABLE attachments (
            id UUID NOT NULL PRIMARY KEY,
            uploader_id UUID NOT NULL REFERENCES people (id),
            ticket_id UUID REFERENCES tickets (id),
            message_id UUID REFERENCES ticket_messages (id),
            visibility TEXT NOT NULL CHECK (visibility IN ('public', 'internal')),
            key_id UUID NOT NULL REFERENCES data_keys (key_id),
            file_key_sealed BYTEA NOT NULL,
            name_sealed BYTEA NOT NULL,
            digest_sealed BYTEA NOT NULL,
            media_type TEXT NOT NULL,
            size BIGINT NOT NULL,
            width INTEGER,
            height INTEGER,
            created_at BIGINT NOT NULL
        )",
        "CREATE INDEX attachments_ticket ON attachments (ticket_id, id)",
        "CREATE INDEX attachments_loose ON attachments (created_at, id) WHERE ticket_id IS NULL",
    ],
    sqlite: &[],
    postgres: &[],
    down: ["attachments", "ticket_clocks", "ticket_solutions", "ticket_messages", "ticket_events", "tickets"]
}
