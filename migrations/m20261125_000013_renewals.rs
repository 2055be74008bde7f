//! Renewals of the term: proposed by one side, signed or declined by the other. A table of its own and not one
//! more kind of annex, so that an old program beside this schema never meets a kind that it does not know.

use sea_orm_migration::prelude::*;

crate::migration! {
    up: &[
        // `ends_on` is the end of the term that the proposal was written against; `number` counts what was signed.
        "CREATE TABLE renewals (
            id UUID NOT NULL PRIMARY KEY,
            version BIGINT NOT NULL,
            number INTEGER,
            state TEXT NOT NULL CHECK (state IN ('proposed', 'signed', 'declined', 'withdrawn')),
            ends_on TEXT NOT NULL,
            expires_on TEXT NOT NULL,
            reason_sealed BYTEA,
            proposed_by UUID NOT NULL REFERENCES people (id),
            proposed_side TEXT NOT NULL CHECK (proposed_side IN ('client', 'vendor')),
            proposed_at BIGINT NOT NULL,
            client_signed_by UUID REFERENCES people (id),
            client_signed_at BIGINT,
            vendor_signed_by UUID REFERENCES people (id),
            vendor_signed_at BIGINT,
            ended_by UUID REFERENCES people (id),
            ended_at BIGINT,
            end_reason_sealed BYTEA,
            CONSTRAINT renewals_number_key UNIQUE (number)
        )",
        // One at a time.
        "CREATE UNIQUE INDEX renewals_proposed ON renewals (state) WHERE state = 'proposed'",
    ],
    sqlite: &[],
    postgres: &[],
    down: ["renewals"]
}
