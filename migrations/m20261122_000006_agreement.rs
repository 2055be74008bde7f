//! The agreement that this installation keeps: its parties, dates, and the document as it was given.

use sea_orm_migration::prelude::*;

crate::migration! {
    up: &[
        "CREATE TABLE agreements (
            number TEXT NOT NULL PRIMARY KEY,
            client_name TEXT NOT NULL,
            vendor_name TEXT NOT NULL,
            signed_on TEXT NOT NULL,
            document TEXT NOT NULL,
            created_at BIGINT NOT NULL,
            updated_at BIGINT NOT NULL
        )",
    ],
    sqlite: &[],
    postgres: &[],
    down: ["agreements"]
}
