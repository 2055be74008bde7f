//! The attachments table. Its sealed columns are under the uploader's person key while the upload is
//! loose, and under the key of the ticket or of the agreement from the moment it is linked. Beside it the media of
//! courses, which are nobody's in particular, and the uploads that are on their way to become such.

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

/// The key of a medium's contents, under the deployment's key.
pub const MEDIA_KEY: SealedColumn = SealedColumn::new("media", "file_key_sealed");
/// The key of a piece of an upload, under the deployment's key.
pub const PART_KEY: SealedColumn = SealedColumn::new("upload_parts", "file_key_sealed");

pub mod media {
    use sea_orm::entity::prelude::*;

    use crate::kit::clock::Timestamp;
    use crate::kit::crypto::Sealed;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "media")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        /// `None`: nobody has used it yet.
        pub course_id: Option<Uuid>,
        pub uploader_id: Option<Uuid>,
        pub key_id: Uuid,
        pub file_key_sealed: Sealed,
        pub media_type: String,
        pub size: i64,
        pub sha256: Vec<u8>,
        pub duration_ms: Option<i64>,
        pub pages: Option<i32>,
        pub width: Option<i32>,
        pub height: Option<i32>,
        pub created_at: Timestamp,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod upload {
    use sea_orm::entity::prelude::*;

    use crate::kit::clock::Timestamp;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "uploads")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub uploader_id: Uuid,
        pub media_type: String,
        pub size: i64,
        pub sha256: Option<Vec<u8>>,
        /// Bytes that have arrived and are durable.
        pub received: i64,
        /// What became of it, once it was whole and good.
        pub media_id: Option<Uuid>,
        pub created_at: Timestamp,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod part {
    use sea_orm::entity::prelude::*;

    use crate::kit::crypto::Sealed;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "upload_parts")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub upload_id: Uuid,
        pub from_byte: i64,
        pub size: i64,
        pub key_id: Uuid,
        pub file_key_sealed: Sealed,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
