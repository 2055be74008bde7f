//! The tables of courses. Never serialised: what leaves the process are the types of `views` and `model`.
//! The texts of courses are for everybody and stand open; only the reason of a return is between colleagues.

use crate::kit::crypto::Column;

pub const REASON: Column = Column::new("courses", "reason_sealed");

pub mod course {
    use sea_orm::entity::prelude::*;

    use crate::kit::clock::Timestamp;
    use crate::kit::crypto::Sealed;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "courses")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub version: i64,
        pub slug: String,
        pub category: String,
        pub title: String,
        pub summary: String,
        /// JSON list of texts.
        pub tags: String,
        /// JSON list of names of departments, or `["*"]`.
        pub mandatory_for: String,
        pub due_days: Option<i32>,
        pub state: String,
        /// How many editions were published.
        pub edition: i32,
        /// The edition that learners get.
        pub in_force: Option<i32>,
        /// Who edited last.
        pub author_id: Option<Uuid>,
        pub reviewed_by: Option<Uuid>,
        pub published_by: Option<Uuid>,
        pub published_at: Option<Timestamp>,
        pub reason_sealed: Option<Sealed>,
        pub source_digest: Option<Vec<u8>>,
        pub created_at: Timestamp,
        pub updated_at: Timestamp,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod item {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "course_items")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub course_id: Uuid,
        pub key: String,
        pub section_no: i32,
        pub section_title: String,
        pub position: i32,
        pub kind: String,
        pub required: bool,
        pub removed: bool,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod version {
    use sea_orm::entity::prelude::*;

    use crate::kit::clock::Timestamp;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "item_versions")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub item_id: Uuid,
        pub number: i32,
        /// The first edition that it was part of; `None` while it is a draft.
        pub edition: Option<i32>,
        pub title: String,
        pub body_md: String,
        pub body_html: String,
        /// JSON of `model::Paper`, for a quiz.
        pub questions: Option<String>,
        pub media_id: Option<Uuid>,
        pub captions: Option<String>,
        pub link: Option<String>,
        pub min_coverage: i32,
        pub min_dwell_seconds: i32,
        pub source_digest: Option<Vec<u8>>,
        pub created_by: Option<Uuid>,
        pub created_at: Timestamp,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod edition {
    use sea_orm::entity::prelude::*;

    use crate::kit::clock::Timestamp;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "course_editions")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub course_id: Uuid,
        pub number: i32,
        /// JSON of `model::Course`.
        pub document: String,
        pub published_by: Option<Uuid>,
        pub published_at: Timestamp,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod generation {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "course_generations")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub slot: i32,
        pub number: i64,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
