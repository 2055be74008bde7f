//! The tables of duties and breaches, and the column that is sealed. Never serialised: what leaves the
//! process are the types of `views`.

use crate::kit::crypto::Column;

/// What people say about a breach.
pub const TEXT: Column = Column::new("breach_events", "text_sealed");

pub mod duty {
    use sea_orm::entity::prelude::*;

    use crate::kit::clock::Timestamp;

    /// One clock of one record, kept so that deadlines can be searched for.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "duties")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub record_kind: String,
        pub record_id: Uuid,
        pub number: String,
        /// Who works on the record; warnings go to them first.
        pub owner_id: Option<Uuid>,
        pub reporter_id: Option<Uuid>,
        pub code: String,
        pub clause: String,
        pub cycle: i32,
        pub round: i32,
        pub obligor: String,
        pub unit: String,
        pub amount: i64,
        pub started_at: Timestamp,
        pub due_at: Timestamp,
        /// Later than `due_at` only where working hours end at closing time: what is done before they open again is in
        /// time.
        pub in_time_until: Timestamp,
        pub provisional: bool,
        /// `[[from, to], …]` in milliseconds.
        pub pauses: String,
        pub stopped_at: Option<Timestamp>,
        pub void_at: Option<Timestamp>,
        pub state: String,
        pub in_force: i32,
        /// The highest warning that went out, in percent; 0 before the first.
        pub warned: i32,
        /// Warnings that a higher one replaced before they went out, as `50;75`.
        pub skipped: String,
        pub warn_at: Option<Timestamp>,
        /// Of the record, where it has one: P6 may tighten by it.
        pub severity: Option<String>,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod breach {
    use sea_orm::entity::prelude::*;

    use crate::kit::clock::Timestamp;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "breaches")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub version: i64,
        pub duty_id: Uuid,
        pub status: String,
        pub record_kind: String,
        pub record_id: Uuid,
        pub number: String,
        pub code: String,
        pub clause: String,
        pub cycle: i32,
        pub round: i32,
        pub obligor: String,
        pub due_at: Timestamp,
        pub ended_at: Option<Timestamp>,
        pub in_force: i32,
        pub asserted_at: Timestamp,
        pub updated_at: Timestamp,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod breach_event {
    use sea_orm::entity::prelude::*;

    use crate::kit::clock::Timestamp;
    use crate::kit::crypto::Sealed;

    /// What happened to a breach; rows are only added. The instants are the facts as they stood then.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "breach_events")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub breach_id: Uuid,
        pub seq: i64,
        pub event: String,
        pub actor_id: Option<Uuid>,
        pub actor_side: String,
        pub at: Timestamp,
        pub due_at: Timestamp,
        pub ended_at: Option<Timestamp>,
        pub in_force: i32,
        pub because: Option<String>,
        pub text_sealed: Option<Sealed>,
        pub ledger_id: Uuid,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
