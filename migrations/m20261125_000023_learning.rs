//! Learning: the one player of each person, what was seen of each version, quizzes' attempts, certificates, reminders.

use sea_orm_migration::prelude::*;

crate::migration! {
    up: &[
        // Who plays what now, with the credit that the clock has earned (see `learning::model::watching`).
        "CREATE TABLE learning_players (
            person_id UUID NOT NULL PRIMARY KEY REFERENCES people (id),
            name TEXT NOT NULL,
            version_id UUID NOT NULL,
            seq BIGINT NOT NULL,
            credit_ms BIGINT NOT NULL,
            at BIGINT NOT NULL
        )",
        // `intervals`: milliseconds or pages, as JSON. A quiz has a row too: its best score as coverage.
        "CREATE TABLE item_progress (
            person_id UUID NOT NULL REFERENCES people (id),
            version_id UUID NOT NULL REFERENCES item_versions (id),
            item_id UUID NOT NULL REFERENCES course_items (id),
            course_id UUID NOT NULL REFERENCES courses (id),
            intervals TEXT NOT NULL,
            coverage INTEGER NOT NULL,
            position_ms BIGINT NOT NULL,
            page INTEGER,
            dwell_ms BIGINT NOT NULL,
            started_at BIGINT NOT NULL,
            completed_at BIGINT,
            PRIMARY KEY (person_id, version_id)
        )",
        "CREATE INDEX item_progress_course ON item_progress (person_id, course_id)",
        // The paper with what was chosen is sealed under the person's key.
        "CREATE TABLE quiz_attempts (
            id UUID NOT NULL PRIMARY KEY,
            person_id UUID NOT NULL REFERENCES people (id),
            item_id UUID NOT NULL REFERENCES course_items (id),
            course_id UUID NOT NULL REFERENCES courses (id),
            version_id UUID NOT NULL REFERENCES item_versions (id),
            number INTEGER NOT NULL,
            day TEXT NOT NULL,
            sheet_sealed BYTEA NOT NULL,
            score INTEGER,
            passed BOOLEAN,
            started_at BIGINT NOT NULL,
            submitted_at BIGINT,
            CONSTRAINT quiz_attempts_number_key UNIQUE (person_id, item_id, number)
        )",
        "CREATE INDEX quiz_attempts_submitted_at ON quiz_attempts (submitted_at)",
        "CREATE TABLE certificates (
            id UUID NOT NULL PRIMARY KEY,
            person_id UUID NOT NULL REFERENCES people (id),
            course_id UUID NOT NULL REFERENCES courses (id),
            edition INTEGER NOT NULL,
            check_code TEXT NOT NULL,
            category TEXT NOT NULL,
            course_title TEXT NOT NULL,
            issued_at BIGINT NOT NULL,
            CONSTRAINT certificates_check_code_key UNIQUE (check_code),
            CONSTRAINT certificates_edition_key UNIQUE (person_id, course_id, edition)
        )",
        "CREATE TABLE course_reminders (
            course_id UUID NOT NULL REFERENCES courses (id),
            person_id UUID NOT NULL REFERENCES people (id),
            due_on TEXT NOT NULL,
            days INTEGER NOT NULL,
            at BIGINT NOT NULL,
            PRIMARY KEY (course_id, person_id, due_on, days)
        )",
    ],
    sqlite: &[],
    postgres: &[],
    down: ["course_reminders", "certificates", "quiz_attempts", "item_progress", "learning_players"]
}
