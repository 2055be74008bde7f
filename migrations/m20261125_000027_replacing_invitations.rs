//! From now on an invitation for somebody who is bound takes the place of their account. One that was made before they
//! were bound, and is still open, was not meant to: it ends.

use sea_orm_migration::prelude::*;

use crate::step;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let ended = "UPDATE invitations SET expires_at = created_at WHERE used_at IS NULL
            AND person_id IN (SELECT person_id FROM accounts WHERE person_id IS NOT NULL)";
        step(manager, &[ended], &[], &[]).await
    }

    async fn down(&self, _manager: &SchemaManager) -> Result<(), DbErr> {
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
