//! The tables of the agreement, and the columns that are sealed. Never serialised: what leaves the process are
//! the types of `views`. All sealed values stand under the agreement's key, but for what an installation
//! without an agreement keeps of a calendar notice: that stands under the deployment's.

use crate::kit::crypto::Column;

pub const FILE: Column = Column::new("contracts", "file_sealed");
pub const PRIVATE: Column = Column::new("annex_versions", "private_sealed");
pub const ANNEX_REASON: Column = Column::new("annex_versions", "reason_sealed");
pub const END_REASON: Column = Column::new("annex_versions", "end_reason_sealed");
pub const RENEWAL_REASON: Column = Column::new("renewals", "reason_sealed");
pub const RENEWAL_END_REASON: Column = Column::new("renewals", "end_reason_sealed");
pub const TEXT: Column = Column::new("contract_versions", "text_sealed");
pub const RETURN_REASON: Column = Column::new("contract_versions", "reason_sealed");
pub const ITEM_NAME: Column = Column::new("contract_items", "name_sealed");
pub const ITEM_NOTE: Column = Column::new("contract_items", "note_sealed");
pub const ITEM_REASON: Column = Column::new("contract_items", "reason_sealed");
pub const MAINTENANCE_NOTE: Column = Column::new("maintenance_records", "note_sealed");

pub mod contract {
    use sea_orm::entity::prelude::*;

    use crate::kit::clock::Timestamp;
    use crate::kit::crypto::Sealed;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "contracts")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub slot: i32,
        pub version: i64,
        pub number: String,
        pub client_name: String,
        pub vendor_name: String,
        pub signed_on: String,
        pub delivered_on: Option<String>,
        pub expires_on: Option<String>,
        pub term_set_by: Option<String>,
        pub key_id: Uuid,
        pub file_digest: Vec<u8>,
        pub file_sealed: Sealed,
        pub created_at: Timestamp,
        pub updated_at: Timestamp,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod annex {
    use sea_orm::entity::prelude::*;

    use crate::kit::clock::Timestamp;
    use crate::kit::crypto::Sealed;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "annex_versions")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub version: i64,
        pub kind: String,
        pub year: Option<i32>,
        pub number: Option<i32>,
        pub base: i32,
        pub state: String,
        pub document: String,
        pub private_sealed: Option<Sealed>,
        pub reason_sealed: Option<Sealed>,
        pub source: Option<String>,
        pub asked_from: Option<Timestamp>,
        pub proposed_by: Option<Uuid>,
        pub proposed_side: String,
        pub proposed_at: Timestamp,
        pub client_signed_by: Option<Uuid>,
        pub client_signed_at: Option<Timestamp>,
        pub vendor_signed_by: Option<Uuid>,
        pub vendor_signed_at: Option<Timestamp>,
        pub ended_by: Option<Uuid>,
        pub ended_at: Option<Timestamp>,
        pub end_reason_sealed: Option<Sealed>,
        pub effective_from: Option<Timestamp>,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod renewal {
    use sea_orm::entity::prelude::*;

    use crate::kit::clock::Timestamp;
    use crate::kit::crypto::Sealed;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "renewals")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub version: i64,
        pub number: Option<i32>,
        pub state: String,
        /// The end of the term that it was written against.
        pub ends_on: String,
        pub expires_on: String,
        pub reason_sealed: Option<Sealed>,
        pub proposed_by: Uuid,
        pub proposed_side: String,
        pub proposed_at: Timestamp,
        pub client_signed_by: Option<Uuid>,
        pub client_signed_at: Option<Timestamp>,
        pub vendor_signed_by: Option<Uuid>,
        pub vendor_signed_at: Option<Timestamp>,
        pub ended_by: Option<Uuid>,
        pub ended_at: Option<Timestamp>,
        pub end_reason_sealed: Option<Sealed>,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod record {
    use sea_orm::entity::prelude::*;

    use crate::kit::clock::Timestamp;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "contract_records")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub version: i64,
        pub kind: String,
        pub number: String,
        pub state: String,
        pub subject: String,
        pub stage: i32,
        pub started_at: Timestamp,
        /// The code of the clock that runs on it.
        pub clock: Option<String>,
        /// The date that a party or a cadence set, of X and M.
        pub named_due_at: Option<Timestamp>,
        pub created_by: Option<Uuid>,
        pub created_at: Timestamp,
        pub updated_at: Timestamp,
        pub client_signed_by: Option<Uuid>,
        pub client_signed_at: Option<Timestamp>,
        pub vendor_signed_by: Option<Uuid>,
        pub vendor_signed_at: Option<Timestamp>,
        pub closed_at: Option<Timestamp>,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod version {
    use sea_orm::entity::prelude::*;

    use crate::kit::clock::Timestamp;
    use crate::kit::crypto::Sealed;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "contract_versions")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub record_id: Uuid,
        pub number: i32,
        pub state: String,
        pub text_sealed: Sealed,
        pub attachments: String,
        pub author_id: Uuid,
        pub at: Timestamp,
        pub decided_by: Option<Uuid>,
        pub decided_at: Option<Timestamp>,
        pub reason_sealed: Option<Sealed>,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod item {
    use sea_orm::entity::prelude::*;

    use crate::kit::clock::Timestamp;
    use crate::kit::crypto::Sealed;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "contract_items")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub record_id: Uuid,
        pub number: i32,
        pub round: i32,
        pub item: String,
        pub state: String,
        pub name_sealed: Option<Sealed>,
        pub ip_label: Option<String>,
        pub attachment_id: Option<Uuid>,
        pub sha256: Option<String>,
        pub note_sealed: Option<Sealed>,
        pub provided_by: Option<Uuid>,
        pub provided_at: Option<Timestamp>,
        pub decided_by: Option<Uuid>,
        pub decided_at: Option<Timestamp>,
        pub reason_sealed: Option<Sealed>,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod maintenance {
    use sea_orm::entity::prelude::*;

    use crate::kit::clock::Timestamp;
    use crate::kit::crypto::Sealed;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "maintenance_records")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub kind: String,
        pub number: String,
        pub performed_at: Timestamp,
        pub result: String,
        pub restore_minutes: Option<i32>,
        pub data_point: Option<Timestamp>,
        pub note_sealed: Sealed,
        pub attachments: String,
        pub author_id: Uuid,
        pub created_at: Timestamp,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod reminder {
    use sea_orm::entity::prelude::*;

    use crate::kit::clock::Timestamp;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "term_reminders")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub expires_on: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub days: i32,
        pub at: Timestamp,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
