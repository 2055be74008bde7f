//! Who may come in: departments, the roster, WeChat accounts, invitations, sessions, consents, reveals.

use sea_orm_migration::prelude::*;

crate::migration! {
    up: &[
        "CREATE TABLE departments (
            id UUID NOT NULL PRIMARY KEY,
            party TEXT NOT NULL CHECK (party IN ('client', 'vendor')),
            name TEXT NOT NULL,
            created_at BIGINT NOT NULL,
            CONSTRAINT departments_name_key UNIQUE (party, name)
        )",
        "CREATE TABLE people (
            id UUID NOT NULL PRIMARY KEY,
            version BIGINT NOT NULL,
            party TEXT NOT NULL CHECK (party IN ('client', 'vendor')),
            department_id UUID REFERENCES departments (id),
            roles TEXT NOT NULL,
            status TEXT NOT NULL CHECK (status IN ('active', 'left')),
            key_id UUID NOT NULL REFERENCES data_keys (key_id),
            name_sealed BYTEA NOT NULL,
            phone_sealed BYTEA,
            phone_bidx BYTEA,
            email_sealed BYTEA,
            employee_no_sealed BYTEA,
            employee_no_bidx BYTEA,
            created_at BIGINT NOT NULL,
            updated_at BIGINT NOT NULL,
            CONSTRAINT people_phone_key UNIQUE (phone_bidx),
            CONSTRAINT people_employee_no_key UNIQUE (employee_no_bidx)
        )",
        "CREATE INDEX people_party ON people (party, status, id)",
        // An account is a WeChat identity (provider, subject); it belongs to a person once it is bound.
        "CREATE TABLE accounts (
            id UUID NOT NULL PRIMARY KEY,
            provider TEXT NOT NULL CHECK (provider IN ('wechat_mp')),
            subject_sealed BYTEA NOT NULL,
            subject_bidx BYTEA NOT NULL,
            key_id UUID NOT NULL REFERENCES data_keys (key_id),
            person_id UUID REFERENCES people (id),
            authorisation BIGINT NOT NULL,
            created_at BIGINT NOT NULL,
            last_login_at BIGINT NOT NULL,
            CONSTRAINT accounts_subject_key UNIQUE (subject_bidx),
            CONSTRAINT accounts_person_key UNIQUE (person_id, provider)
        )",
        "CREATE TABLE invitations (
            id UUID NOT NULL PRIMARY KEY,
            person_id UUID NOT NULL REFERENCES people (id),
            code_digest BYTEA NOT NULL,
            expires_at BIGINT NOT NULL,
            used_at BIGINT,
            created_at BIGINT NOT NULL,
            CONSTRAINT invitations_code_key UNIQUE (code_digest)
        )",
        // The device list and the record of how each session ended. What authorises a request is live.
        "CREATE TABLE sessions (
            id UUID NOT NULL PRIMARY KEY,
            account_id UUID NOT NULL REFERENCES accounts (id),
            device_sealed BYTEA NOT NULL,
            created_at BIGINT NOT NULL,
            last_seen_at BIGINT NOT NULL,
            expires_at BIGINT NOT NULL,
            ended_at BIGINT,
            end_reason TEXT
        )",
        "CREATE INDEX sessions_account ON sessions (account_id, ended_at, id)",
        // Append-only: giving and withdrawing are two rows.
        "CREATE TABLE consents (
            id UUID NOT NULL PRIMARY KEY,
            account_id UUID NOT NULL REFERENCES accounts (id),
            purpose TEXT NOT NULL,
            notice_version TEXT NOT NULL,
            action TEXT NOT NULL CHECK (action IN ('given', 'withdrawn')),
            at BIGINT NOT NULL
        )",
        "CREATE INDEX consents_account ON consents (account_id, id)",
        // Each look at somebody's unmasked data (个人信息保护法 45: the person may see the list).
        "CREATE TABLE reveals (
            id UUID NOT NULL PRIMARY KEY,
            subject_id UUID NOT NULL REFERENCES people (id),
            viewer_id UUID NOT NULL REFERENCES people (id),
            purpose_sealed BYTEA NOT NULL,
            fields TEXT NOT NULL,
            ticket_id UUID,
            ticket_number TEXT,
            at BIGINT NOT NULL
        )",
        "CREATE INDEX reveals_subject ON reveals (subject_id, id)",
    ],
    sqlite: &[],
    postgres: &[],
    down: ["reveals", "consents", "sessions", "invitations", "accounts", "people", "departments"]
}
