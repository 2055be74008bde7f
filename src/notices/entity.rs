//! The table of the inbox. Never serialised: what leaves the process are the types of `views`.

use sea_orm::entity::prelude::*;

use crate::kit::clock::Timestamp;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "notices")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub event: String,
    pub object_kind: String,
    pub object_id: Uuid,
    pub number: String,
    pub text: String,
    pub urgent: bool,
    pub count: i32,
    pub at: Timestamp,
    pub read_at: Option<Timestamp>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
