//! The tables of the ticket engine, and the columns that are sealed. Never serialised: what leaves the
//! process are the types of `views`. Plain derives: the model attribute of sea-orm brings an entity loader
//! that begins transactions by itself, which `kit::db` does not allow.

use crate::kit::crypto::Column;

pub const TITLE: Column = Column::new("tickets", "title_sealed");
pub const DESCRIPTION: Column = Column::new("tickets", "description_sealed");
pub const SCOPE: Column = Column::new("tickets", "scope_sealed");
pub const STEPS: Column = Column::new("tickets", "steps_tried_sealed");
pub const CONTACT: Column = Column::new("tickets", "contact_sealed");
pub const EVENT_TEXT: Column = Column::new("ticket_events", "text_sealed");
pub const BODY: Column = Column::new("ticket_messages", "body_sealed");
pub const SOLUTION: Column = Column::new("ticket_solutions", "text_sealed");
pub const REASON: Column = Column::new("ticket_solutions", "reason_sealed");
pub const RECORD: Column = Column::new("ticket_records", "body_sealed");

pub mod ticket {
    use sea_orm::entity::prelude::*;

    use crate::kit::clock::Timestamp;
    use crate::kit::crypto::Sealed;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "tickets")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub version: i64,
        pub kind: String,
        #[sea_orm(unique)]
        pub number: String,
        pub state: String,
        pub is_open: bool,
        pub severity: String,
        pub cycle: i32,
        pub key_id: Uuid,
        pub title_sealed: Sealed,
        pub description_sealed: Sealed,
        pub scope_sealed: Option<Sealed>,
        pub steps_tried_sealed: Option<Sealed>,
        pub contact_sealed: Option<Sealed>,
        pub occurred_at: Option<Timestamp>,
        pub reporter_id: Uuid,
        pub entered_by: Uuid,
        pub department_id: Option<Uuid>,
        pub assignee_id: Option<Uuid>,
        pub received_at: Timestamp,
        pub clock_start: Timestamp,
        pub updated_at: Timestamp,
        pub closed_at: Option<Timestamp>,
        pub reminded_at: Option<Timestamp>,
        pub has_solution: bool,
        pub repaired_by: Option<Uuid>,
        pub merged_into: Option<Uuid>,
        pub rating: Option<i32>,
        pub next_due_at: Option<Timestamp>,
        pub next_due_code: Option<String>,
        pub reporter_side: String,
        pub receipt_digest: Option<String>,
        pub wake_at: Option<Timestamp>,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod event {
    use sea_orm::entity::prelude::*;

    use crate::kit::clock::Timestamp;
    use crate::kit::crypto::Sealed;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "ticket_events")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub ticket_id: Uuid,
        pub seq: i32,
        pub cycle: i32,
        pub event: String,
        pub actor_id: Option<Uuid>,
        pub actor_side: String,
        pub visibility: String,
        pub at: Timestamp,
        pub from_state: Option<String>,
        pub to_state: String,
        pub detail: String,
        pub text_sealed: Option<Sealed>,
        pub ledger_id: Uuid,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod message {
    use sea_orm::entity::prelude::*;

    use crate::kit::clock::Timestamp;
    use crate::kit::crypto::Sealed;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "ticket_messages")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub ticket_id: Uuid,
        pub author_id: Uuid,
        pub side: String,
        pub visibility: String,
        pub body_sealed: Sealed,
        pub at: Timestamp,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod solution {
    use sea_orm::entity::prelude::*;

    use crate::kit::clock::Timestamp;
    use crate::kit::crypto::Sealed;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "ticket_solutions")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub ticket_id: Uuid,
        pub cycle: i32,
        pub number: i32,
        pub solution_type: String,
        pub text_sealed: Sealed,
        pub eta: Option<Timestamp>,
        pub author_id: Uuid,
        pub state: String,
        pub reason_sealed: Option<Sealed>,
        pub published_at: Timestamp,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod record {
    use sea_orm::entity::prelude::*;

    use crate::kit::clock::Timestamp;
    use crate::kit::crypto::Sealed;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "ticket_records")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub ticket_id: Uuid,
        pub record_type: String,
        pub number: i32,
        pub cycle: i32,
        pub state: String,
        pub body_sealed: Sealed,
        pub author_id: Uuid,
        pub at: Timestamp,
        pub client_signed_by: Option<Uuid>,
        pub client_signed_at: Option<Timestamp>,
        pub vendor_signed_by: Option<Uuid>,
        pub vendor_signed_at: Option<Timestamp>,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod link {
    use sea_orm::entity::prelude::*;

    use crate::kit::clock::Timestamp;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "ticket_links")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub from_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub to_id: Uuid,
        pub relation: String,
        pub made_by: Uuid,
        pub at: Timestamp,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod follower {
    use sea_orm::entity::prelude::*;

    use crate::kit::clock::Timestamp;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "ticket_followers")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub ticket_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub person_id: Uuid,
        pub at: Timestamp,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
