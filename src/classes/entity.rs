//! The tables of classes, and the columns that are sealed. Never serialised: what leaves the process are the types
//! of `views`. All sealed values stand under the agreement's key.

use crate::kit::crypto::Column;

/// Title, place, agenda, minutes and reasons: what people wrote, as the JSON of `model::Texts`.
pub const TEXTS: Column = Column::new("classes", "texts_sealed");
/// What the sign-in codes are made of.
pub const CODE_SECRET: Column = Column::new("classes", "code_secret_sealed");
/// Why somebody was marked present without a code.
pub const REASON: Column = Column::new("class_attendances", "reason_sealed");

pub mod class {
    use sea_orm::entity::prelude::*;

    use crate::kit::clock::Timestamp;
    use crate::kit::crypto::Sealed;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "classes")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub version: i64,
        pub number: String,
        pub category: String,
        pub course_id: Option<Uuid>,
        pub mode: String,
        pub state: String,
        pub texts_sealed: Sealed,
        pub starts_at: Timestamp,
        pub ends_at: Timestamp,
        pub trainer_id: Option<Uuid>,
        /// JSON list of names of departments of the client, or `["*"]`.
        pub departments: String,
        pub capacity: Option<i32>,
        pub proposed_by: Uuid,
        pub proposed_side: String,
        pub announced_at: Option<Timestamp>,
        pub agreed_by: Option<Uuid>,
        pub agreed_at: Option<Timestamp>,
        pub code_secret_sealed: Option<Sealed>,
        pub finished_at: Option<Timestamp>,
        pub client_signed_by: Option<Uuid>,
        pub client_signed_at: Option<Timestamp>,
        pub vendor_signed_by: Option<Uuid>,
        pub vendor_signed_at: Option<Timestamp>,
        pub created_at: Timestamp,
        pub updated_at: Timestamp,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod attendance {
    use sea_orm::entity::prelude::*;

    use crate::kit::clock::Timestamp;
    use crate::kit::crypto::Sealed;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "class_attendances")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub class_id: Uuid,
        pub person_id: Uuid,
        pub enrolled_at: Option<Timestamp>,
        pub signed_in_at: Option<Timestamp>,
        pub method: Option<String>,
        pub signed_out_at: Option<Timestamp>,
        pub marked_by: Option<Uuid>,
        pub reason_sealed: Option<Sealed>,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
