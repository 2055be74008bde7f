//! Classes, 线上 or 线下: planned by both sides, attended with a rotating code, signed by both.

use sea_orm_migration::prelude::*;

crate::migration! {
    up: &[
        // `announced_at`: since both sides agreed for the first time, employees see it.
        "CREATE TABLE classes (
            id UUID NOT NULL PRIMARY KEY,
            version BIGINT NOT NULL,
            number TEXT NOT NULL,
            category TEXT NOT NULL CHECK (category IN ('operation', 'features', 'troubleshooting', 'security_privacy')),
            course_id UUID REFERENCES courses (id),
            mode TEXT NOT NULL CHECK (mode IN ('online', 'on_site')),
            state TEXT NOT NULL CHECK (state IN ('proposed', 'agreed', 'declined', 'running', 'held', 'signed', 'cancelled')),
            texts_sealed BYTEA NOT NULL,
            starts_at BIGINT NOT NULL,
            ends_at BIGINT NOT NULL,
            trainer_id UUID REFERENCES people (id),
            departments TEXT NOT NULL,
            capacity INTEGER,
            proposed_by UUID NOT NULL REFERENCES people (id),
            proposed_side TEXT NOT NULL CHECK (proposed_side IN ('client', 'vendor')),
            announced_at BIGINT,
            agreed_by UUID REFERENCES people (id),
            agreed_at BIGINT,
            code_secret_sealed BYTEA,
            finished_at BIGINT,
            client_signed_by UUID REFERENCES people (id),
            client_signed_at BIGINT,
            vendor_signed_by UUID REFERENCES people (id),
            vendor_signed_at BIGINT,
            created_at BIGINT NOT NULL,
            updated_at BIGINT NOT NULL,
            CONSTRAINT classes_number_key UNIQUE (number)
        )",
        "CREATE INDEX classes_starts_at ON classes (starts_at, id)",
        // `enrolled_at` is NULL for who came without, or left again.
        "CREATE TABLE class_attendances (
            id UUID NOT NULL PRIMARY KEY,
            class_id UUID NOT NULL REFERENCES classes (id),
            person_id UUID NOT NULL REFERENCES people (id),
            enrolled_at BIGINT,
            signed_in_at BIGINT,
            method TEXT CHECK (method IN ('code', 'marked')),
            signed_out_at BIGINT,
            marked_by UUID REFERENCES people (id),
            reason_sealed BYTEA,
            CONSTRAINT class_attendances_person_key UNIQUE (class_id, person_id)
        )",
        "CREATE INDEX class_attendances_person ON class_attendances (person_id, class_id)",
    ],
    sqlite: &[],
    postgres: &[],
    down: ["class_attendances", "classes"]
}
