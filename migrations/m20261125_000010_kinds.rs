//! All eight kinds of ticket: their words, what they keep besides chat, and who follows whom. A CHECK is
//! changed by a new column under the old name, which both databases can.

use sea_orm_migration::prelude::*;

crate::migration! {
    up: &[
        "ALTER TABLE tickets ADD COLUMN new_kind TEXT NOT NULL DEFAULT 'fault' CHECK (new_kind IN ('fault', 'consultation', 'change', 'quality', 'incident', 'inspection', 'report', 'invoice'))",
        "UPDATE tickets SET new_kind = kind",
        "ALTER TABLE tickets DROP COLUMN kind",
        "ALTER TABLE tickets RENAME COLUMN new_kind TO kind",
        "ALTER TABLE tickets ADD COLUMN new_state TEXT NOT NULL DEFAULT 'submitted' CHECK (new_state IN (
            'submitted', 'in_progress', 'awaiting_client', 'solution_given', 'awaiting_confirmation',
            'draft', 'awaiting_issue', 'issued', 'assessing', 'replied', 'scheduled', 'implementing', 'awaiting_acceptance',
            'asked', 'answered', 'proposed', 'notified', 'disputed', 'repairing', 'repaired',
            'requested', 'quoted', 'inspecting', 'reported',
            'detected', 'graded', 'contained', 'recovered', 'reviewed', 'closed', 'withdrawn', 'merged'))",
        "UPDATE tickets SET new_state = state",
        "ALTER TABLE tickets DROP COLUMN state",
        "ALTER TABLE tickets RENAME COLUMN new_state TO state",
        // Incidents are reported by either side.
        "ALTER TABLE tickets ADD COLUMN reporter_side TEXT NOT NULL DEFAULT 'client' CHECK (reporter_side IN ('client', 'vendor'))",
        // Of what was first reported, once a later version took its place; while it stands, it is computed.
        "ALTER TABLE tickets ADD COLUMN receipt_digest TEXT",
        // When silence will have lasted long enough for the program to act (P9); NULL when it never will.
        "ALTER TABLE tickets ADD COLUMN wake_at BIGINT",
        "CREATE INDEX tickets_wake ON tickets (wake_at, id) WHERE wake_at IS NOT NULL",
        "CREATE TABLE ticket_records (
            id UUID NOT NULL PRIMARY KEY,
            ticket_id UUID NOT NULL REFERENCES tickets (id),
            record_type TEXT NOT NULL CHECK (record_type IN (
                'notice', 'contact', 'reply', 'schedule', 'acceptance', 'remote_session', 'site_visit', 'finding',
                'report', 'quote', 'inspection_report', 'invoice', 'incident_notice', 'grade', 'containment',
                'report_decision', 'personal_notice_decision', 'recovery', 'review')),
            number INTEGER NOT NULL,
            cycle INTEGER NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('draft', 'proposed', 'granted', 'running', 'done', 'signed', 'accepted', 'refused', 'superseded')),
            body_sealed BYTEA NOT NULL,
            author_id UUID NOT NULL REFERENCES people (id),
            at BIGINT NOT NULL,
            client_signed_by UUID REFERENCES people (id),
            client_signed_at BIGINT,
            vendor_signed_by UUID REFERENCES people (id),
            vendor_signed_at BIGINT,
            CONSTRAINT ticket_records_number_key UNIQUE (ticket_id, record_type, number)
        )",
        "CREATE TABLE ticket_links (
            from_id UUID NOT NULL REFERENCES tickets (id),
            to_id UUID NOT NULL REFERENCES tickets (id),
            relation TEXT NOT NULL CHECK (relation IN ('related', 'incident')),
            made_by UUID NOT NULL REFERENCES people (id),
            at BIGINT NOT NULL,
            PRIMARY KEY (from_id, to_id)
        )",
        "CREATE INDEX ticket_links_to ON ticket_links (to_id)",
        "CREATE TABLE ticket_followers (
            ticket_id UUID NOT NULL REFERENCES tickets (id),
            person_id UUID NOT NULL REFERENCES people (id),
            at BIGINT NOT NULL,
            PRIMARY KEY (ticket_id, person_id)
        )",
        "CREATE INDEX ticket_followers_person ON ticket_followers (person_id, ticket_id)",
    ],
    sqlite: &[],
    postgres: &[],
    down: ["ticket_followers", "ticket_links", "ticket_records"]
}
