//! A duty says how severe its fault is, so that a proposed P6 can be shown with the deadlines that it would move.

use sea_orm_migration::prelude::*;

use crate::step;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let both = [
            "ALTER TABLE duties ADD COLUMN severity TEXT CHECK (severity IN ('critical', 'major', 'minor'))",
            "UPDATE duties SET severity = (SELECT severity FROM tickets WHERE tickets.id = duties.record_id)
                WHERE state = 'running' AND record_kind = 'fault'",
        ];
        step(manager, &both, &[], &[]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        step(manager, &["ALTER TABLE duties DROP COLUMN severity"], &[], &[]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
