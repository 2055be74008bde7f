//! The attachments table. Its sealed columns are under the uploader's person key while the upload is
//! loose, and under the key of the ticket or of the agreement from the moment it is linked.

use sea_orm::entity::prelude::*;

use crate::kit::crypto::{Column as SealedColumn, Sealed};

/// The random key of the file's contents.
pub const FILE_KEY: SealedColumn = SealedColumn::new("attachments", "file_key_sealed");
/// The name for display.
pub const NAME: SealedColumn = SealedColumn::new("attachments", "name_sealed");
/// SHA-256 of the contents as they are stored (after cleaning).
pub const DIGEST: SealedColumn = SealedColumn::new("attachments", "digest_sealed");

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "attachments")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub uploader_id: Uuid,
    pub ticket_id: Option<Uuid>,
    pub message_id: Option<Uuid>,
    pub contract_record_id: Option<Uuid>,
    pub visibility: String,
    pub key_id: Uuid,
    pub file_key_sealed: Sealed,
    pub name_sealed: Sealed,
    pub digest_sealed: Sealed,
    pub media_type: String,
    pub size: i64,
    pub width: Option<i32>,
    pub height: Option<i32>,
    pub created_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
