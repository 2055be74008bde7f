//! The tables of learning. Never serialised: what leaves the process are the types of `views`. The sheet of an
//! attempt stands under the key of its person and goes with it; what was watched and passed are facts without words.

use crate::kit::crypto::Column;

/// The frozen paper with what was chosen, as the JSON of `model::paper::Sheet`.
pub const SHEET: Column = Column::new("quiz_attempts", "sheet_sealed");

pub mod player {
    use sea_orm::entity::prelude::*;

    use crate::kit::clock::Timestamp;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "learning_players")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub person_id: Uuid,
        pub name: String,
        pub version_id: Uuid,
        pub seq: i64,
        /// As of `at`.
        pub credit_ms: i64,
        pub at: Timestamp,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod progress {
    use sea_orm::entity::prelude::*;

    use crate::kit::clock::Timestamp;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "item_progress")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub person_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub version_id: Uuid,
        pub item_id: Uuid,
        pub course_id: Uuid,
        pub intervals: String,
        /// Percent; of a quiz the best score.
        pub coverage: i32,
        pub position_ms: i64,
        pub page: Option<i32>,
        pub dwell_ms: i64,
        pub started_at: Timestamp,
        pub completed_at: Option<Timestamp>,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod attempt {
    use sea_orm::entity::prelude::*;

    use crate::kit::clock::Timestamp;
    use crate::kit::crypto::Sealed;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "quiz_attempts")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub person_id: Uuid,
        pub item_id: Uuid,
        pub course_id: Uuid,
        pub version_id: Uuid,
        pub number: i32,
        /// The day in Asia/Shanghai on which it began.
        pub day: String,
        pub sheet_sealed: Sealed,
        pub score: Option<i32>,
        pub passed: Option<bool>,
        pub started_at: Timestamp,
        pub submitted_at: Option<Timestamp>,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod certificate {
    use sea_orm::entity::prelude::*;

    use crate::kit::clock::Timestamp;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "certificates")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub person_id: Uuid,
        pub course_id: Uuid,
        pub edition: i32,
        pub check_code: String,
        pub category: String,
        pub course_title: String,
        pub issued_at: Timestamp,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
