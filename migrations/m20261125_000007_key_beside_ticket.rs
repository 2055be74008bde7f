//! The wrapped key of a ticket beside the ticket, so that a page of a list reads one table. `data_keys` stays
//! the one place where keys are destroyed and rewrapped: a trigger carries that over in the same transaction.
//! It asks nothing of the key's scope: that column is made anew when a scope is added, and keys of others match no ticket.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let both = [
            "ALTER TABLE tickets ADD COLUMN key_wrapped BYTEA",
            "UPDATE tickets SET key_wrapped = (SELECT wrapped FROM data_keys WHERE data_keys.key_id = tickets.key_id)",
        ];
        let sqlite = ["CREATE TRIGGER data_keys_beside_tickets AFTER UPDATE OF wrapped ON data_keys \
             BEGIN \
             UPDATE tickets SET key_wrapped = NEW.wrapped WHERE id = NEW.owner_id AND key_id = NEW.key_id; END"];
        let postgres = [
            "CREATE OR REPLACE FUNCTION key_beside_ticket() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
             UPDATE tickets SET key_wrapped = NEW.wrapped WHERE id = NEW.owner_id AND key_id = NEW.key_id; \
             RETURN NULL; END $$",
            "CREATE TRIGGER data_keys_beside_tickets AFTER UPDATE OF wrapped ON data_keys \
             FOR EACH ROW EXECUTE FUNCTION key_beside_ticket()",
        ];
        crate::step(manager, &both, &sqlite, &postgres).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let sqlite = ["DROP TRIGGER data_keys_beside_tickets"];
        let postgres =
            ["DROP TRIGGER data_keys_beside_tickets ON data_keys", "DROP FUNCTION key_beside_ticket()"];
        crate::step(manager, &[], &sqlite, &postgres).await?;
        crate::step(manager, &["ALTER TABLE tickets DROP COLUMN key_wrapped"], &[], &[]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
