//! Totals leave out the few duties that the agreement does not owe: they are counted on their own, out of their index.

use sea_orm_migration::prelude::*;

use crate::step;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // The condition stands word for word in `duties::store::duties`, or the index is not used.
        let index = "CREATE INDEX duties_not_owed ON duties (obligor, state) WHERE code IN ('N4', 'W')";
        step(manager, &[index], &[], &[]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        step(manager, &["DROP INDEX duties_not_owed"], &[], &[]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
