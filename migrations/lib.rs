//! The schema, one file per step, one SQL text for SQLite and PostgreSQL.
//!
//! A step is a list of statements. Types are written as PostgreSQL names them; [`step`] puts SQLite's
//! name in the two places where they differ. Every step runs in one transaction on both databases, so
//! a failed migration leaves nothing behind. Old code must be able to run against a newer schema:
//! expand first, contract one release later.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend};

mod m20261122_000001_keys;
mod m20261122_000002_identity;
mod m20261122_000003_ledger;
mod m20261122_000004_tickets;
mod m20261122_000005_plumbing;
mod m20261122_000006_agreement;
mod m20261125_000007_key_beside_ticket;
mod m20261125_000010_contract;
mod m20261125_000010_kinds;
mod m20261125_000011_duties;
mod m20261125_000012_notices;
mod m20261125_000013_renewals;
mod m20261125_000014_duty_severity;
mod m20261125_000020_search;
mod m20261125_000021_courses;
mod m20261125_000022_classes;
mod m20261125_000023_learning;
mod m20261125_000025_search_rules;
mod m20261125_000026_duty_totals;
mod m20261125_000027_replacing_invitations;
mod m20261129_000030_inbox;
mod m20261130_000031_my_tickets;

pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261122_000001_keys::Migration),
            Box::new(m20261122_000002_identity::Migration),
            Box::new(m20261122_000003_ledger::Migration),
            Box::new(m20261122_000004_tickets::Migration),
            Box::new(m20261122_000005_plumbing::Migration),
            Box::new(m20261122_000006_agreement::Migration),
            Box::new(m20261125_000007_key_beside_ticket::Migration),
            Box::new(m20261125_000010_contract::Migration),
            Box::new(m20261125_000010_kinds::Migration),
            Box::new(m20261125_000011_duties::Migration),
            Box::new(m20261125_000012_notices::Migration),
            Box::new(m20261125_000013_renewals::Migration),
            Box::new(m20261125_000014_duty_severity::Migration),
            Box::new(m20261125_000020_search::Migration),
            Box::new(m20261125_000021_courses::Migration),
            Box::new(m20261125_000022_classes::Migration),
            Box::new(m20261125_000023_learning::Migration),
            Box::new(m20261125_000025_search_rules::Migration),
            Box::new(m20261125_000026_duty_totals::Migration),
            Box::new(m20261125_000027_replacing_invitations::Migration),
            Box::new(m20261129_000030_inbox::Migration),
            Box::new(m20261130_000031_my_tickets::Migration),
        ]
    }
}

/// Any number that no other program on the same database uses: "lvyue" in ASCII.
const LOCK: i64 = 0x006c_7679_7565;

/// Brings the schema up to date. Two processes that start together do not both migrate: on PostgreSQL
/// an advisory lock decides, on SQLite the file's own write lock.
///
/// # Errors
/// What the database says.
pub async fn migrate(db: &DatabaseConnection) -> Result<(), DbErr> {
    let postgres = db.get_database_backend() == DbBackend::Postgres;
    if !postgres {
        return Migrator::up(db, None).await;
    }
    // The lock belongs to one connection: `db` must be a pool of one. A waiting starter goes on when the first is done.
    db.execute_unprepared(&format!("SELECT pg_advisory_lock({LOCK})")).await?;
    let done = Migrator::up(db, None).await;
    db.execute_unprepared(&format!("SELECT pg_advisory_unlock({LOCK})")).await?;
    done
}

/// Runs the statements of one step on either database.
async fn step(
    manager: &SchemaManager<'_>,
    both: &[&str],
    sqlite: &[&str],
    postgres: &[&str],
) -> Result<(), DbErr> {
    let db = manager.get_connection();
    let is_sqlite = manager.get_database_backend() == DbBackend::Sqlite;
    for sql in both {
        if is_sqlite {
            db.execute_unprepared(&sql.replace(" UUID", " BLOB").replace(" BYTEA", " BLOB")).await?;
        } else {
            db.execute_unprepared(sql).await?;
        }
    }
    for sql in if is_sqlite { sqlite } else { postgres } {
        db.execute_unprepared(sql).await?;
    }
    Ok(())
}

/// Declares a step: its name comes from the file, `up` runs the statements, `down` drops the tables.
macro_rules! migration {
    (up: $both:expr, sqlite: $sqlite:expr, postgres: $postgres:expr, down: $tables:expr) => {
        #[derive(DeriveMigrationName)]
        pub struct Migration;

        #[async_trait::async_trait]
        impl MigrationTrait for Migration {
            async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
                crate::step(manager, $both, $sqlite, $postgres).await
            }

            async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
                for table in $tables {
                    manager.get_connection().execute_unprepared(&format!("DROP TABLE {table}")).await?;
                }
                Ok(())
            }

            fn use_transaction(&self) -> Option<bool> {
                Some(true)
            }
        }
    };
}
pub(crate) use migration;
