//! The index says by which rules its tokens were made, so that a program with other rules can tell that it is out of date.

use sea_orm_migration::prelude::*;

use crate::step;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        step(manager, &["ALTER TABLE search_state ADD COLUMN rules INTEGER NOT NULL DEFAULT 1"], &[], &[])
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        step(manager, &["ALTER TABLE search_state DROP COLUMN rules"], &[], &[]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
