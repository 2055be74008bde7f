//! The agreement as a whole: its dates and annexes in signed versions, milestones, delivery, maintenance, exit.
//!
//! `contracts` takes over from `agreements`, whose document was kept unsealed: `lvyue init` is run once more
//! after this step. The old table stays for one release, so that an old program still starts beside it.

use sea_orm_migration::prelude::*;

crate::migration! {
    up: &[
        "UPDATE agreements SET document = ''",
        // Keys of one more scope.
        "ALTER TABLE data_keys ADD COLUMN scope_of TEXT NOT NULL DEFAULT 'deployment'
            CHECK (scope_of IN ('deployment', 'person', 'account', 'ticket', 'session', 'contract'))",
        "UPDATE data_keys SET scope_of = scope",
        "ALTER TABLE data_keys DROP COLUMN scope",
        "ALTER TABLE data_keys RENAME COLUMN scope_of TO scope",
        // One installation, one agreement: `slot` is always 1.
        "CREATE TABLE contracts (
            id UUID NOT NULL PRIMARY KEY,
            slot INTEGER NOT NULL CHECK (slot = 1),
            version BIGINT NOT NULL,
            number TEXT NOT NULL,
            client_name TEXT NOT NULL,
            vendor_name TEXT NOT NULL,
            signed_on TEXT NOT NULL,
            delivered_on TEXT,
            expires_on TEXT,
            term_set_by TEXT CHECK (term_set_by IN ('file', 'delivery')),
            key_id UUID NOT NULL REFERENCES data_keys (key_id),
            file_digest BYTEA NOT NULL,
            file_sealed BYTEA NOT NULL,
            created_at BIGINT NOT NULL,
            updated_at BIGINT NOT NULL,
            CONSTRAINT contracts_slot_key UNIQUE (slot)
        )",
        // Parameter sets and calendar years, from the proposal to the second signature. `number` counts what
        // was signed, per kind; `base` is the number that the proposal was written against.
        "CREATE TABLE annex_versions (
            id UUID NOT NULL PRIMARY KEY,
            version BIGINT NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('parameters', 'calendar')),
            year INTEGER,
            number INTEGER,
            base INTEGER NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('proposed', 'signed', 'declined', 'withdrawn')),
            document TEXT NOT NULL,
            private_sealed BYTEA,
            reason_sealed BYTEA,
            source TEXT,
            asked_from BIGINT,
            proposed_by UUID REFERENCES people (id),
            proposed_side TEXT NOT NULL CHECK (proposed_side IN ('client', 'vendor', 'system')),
            proposed_at BIGINT NOT NULL,
            client_signed_by UUID REFERENCES people (id),
            client_signed_at BIGINT,
            vendor_signed_by UUID REFERENCES people (id),
            vendor_signed_at BIGINT,
            ended_by UUID REFERENCES people (id),
            ended_at BIGINT,
            end_reason_sealed BYTEA,
            effective_from BIGINT,
            CONSTRAINT annex_versions_number_key UNIQUE (kind, number)
        )",
        "CREATE INDEX annex_versions_kind ON annex_versions (kind, id)",
        // A milestone, a delivery, a missed cadence, the exit: whatever the agreement itself owes.
        "CREATE TABLE contract_records (
            id UUID NOT NULL PRIMARY KEY,
            version BIGINT NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('requirement_doc', 'dev_plan', 'first_report', 'stage_inspection', 'delivery', 'missed_cadence', 'exit')),
            number TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('open', 'submitted', 'returned', 'accepted')),
            subject TEXT NOT NULL,
            stage INTEGER NOT NULL,
            started_at BIGINT NOT NULL,
            clock TEXT CHECK (clock IN ('D15', 'D30', 'X', 'M')),
            named_due_at BIGINT,
            created_by UUID REFERENCES people (id),
            created_at BIGINT NOT NULL,
            updated_at BIGINT NOT NULL,
            client_signed_by UUID REFERENCES people (id),
            client_signed_at BIGINT,
            vendor_signed_by UUID REFERENCES people (id),
            vendor_signed_at BIGINT,
            closed_at BIGINT,
            CONSTRAINT contract_records_number_key UNIQUE (number)
        )",
        "CREATE INDEX contract_records_kind ON contract_records (kind, id)",
        "CREATE UNIQUE INDEX contract_records_once ON contract_records (kind, subject, stage, started_at)",
        // What was submitted for a milestone, version after version.
        "CREATE TABLE contract_versions (
            id UUID NOT NULL PRIMARY KEY,
            record_id UUID NOT NULL REFERENCES contract_records (id),
            number INTEGER NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('submitted', 'accepted', 'returned')),
            text_sealed BYTEA NOT NULL,
            attachments TEXT NOT NULL,
            author_id UUID NOT NULL REFERENCES people (id),
            at BIGINT NOT NULL,
            decided_by UUID REFERENCES people (id),
            decided_at BIGINT,
            reason_sealed BYTEA,
            CONSTRAINT contract_versions_number_key UNIQUE (record_id, number)
        )",
        // Items of a delivery or of the exit: the vendor provides, the client decides. What was rejected stays;
        // the next try is the next round.
        "CREATE TABLE contract_items (
            id UUID NOT NULL PRIMARY KEY,
            record_id UUID NOT NULL REFERENCES contract_records (id),
            number INTEGER NOT NULL,
            round INTEGER NOT NULL,
            item TEXT NOT NULL CHECK (item IN ('source_code', 'technical_docs', 'user_manual', 'test_report', 'design', 'other', 'revoke_accounts', 'return_export', 'destroy_keys', 'certificate')),
            state TEXT NOT NULL CHECK (state IN ('open', 'provided', 'accepted', 'rejected')),
            name_sealed BYTEA,
            ip_label TEXT CHECK (ip_label IN ('client', 'vendor_licensed', 'third_party')),
            attachment_id UUID,
            sha256 TEXT,
            note_sealed BYTEA,
            provided_by UUID REFERENCES people (id),
            provided_at BIGINT,
            decided_by UUID REFERENCES people (id),
            decided_at BIGINT,
            reason_sealed BYTEA,
            CONSTRAINT contract_items_round_key UNIQUE (record_id, number, round)
        )",
        "CREATE TABLE maintenance_records (
            id UUID NOT NULL PRIMARY KEY,
            kind TEXT NOT NULL CHECK (kind IN ('inspection_round', 'backup', 'restore_drill', 'patch', 'optimisation', 'hardening')),
            number TEXT NOT NULL,
            performed_at BIGINT NOT NULL,
            result TEXT NOT NULL CHECK (result IN ('ok', 'partial', 'failed')),
            restore_minutes INTEGER,
            data_point BIGINT,
            note_sealed BYTEA NOT NULL,
            attachments TEXT NOT NULL,
            author_id UUID NOT NULL REFERENCES people (id),
            created_at BIGINT NOT NULL,
            CONSTRAINT maintenance_records_number_key UNIQUE (number)
        )",
        "CREATE INDEX maintenance_records_kind ON maintenance_records (kind, performed_at)",
        // Which reminder of which end was given: the row is written in the transaction of the notice.
        "CREATE TABLE term_reminders (
            expires_on TEXT NOT NULL,
            days INTEGER NOT NULL,
            at BIGINT NOT NULL,
            PRIMARY KEY (expires_on, days)
        )",
        "ALTER TABLE attachments ADD COLUMN contract_record_id UUID",
    ],
    sqlite: &[],
    postgres: &[],
    down: [
        "term_reminders",
        "maintenance_records",
        "contract_items",
        "contract_versions",
        "contract_records",
        "annex_versions",
        "contracts"
    ]
}
