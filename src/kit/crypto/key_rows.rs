//! Tables `deployment`, `kek_checks` and `data_keys`: the only place that knows their columns.

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, LockBehavior, LockType, OnConflict};
use sea_orm::{DbBackend, QueryOrder, QuerySelect, QueryTrait, Statement};

use crate::kit::clock::Timestamp;

pub(super) const ACTIVE: &str = "active";
const DESTROYED: &str = "destroyed";

pub(super) mod deployment {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "deployment")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub created_at: Timestamp,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(super) mod kek_checks {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "kek_checks")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub kek_id: i32,
        pub check_value: Vec<u8>,
        pub created_at: Timestamp,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(super) mod data_keys {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "data_keys")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub key_id: Uuid,
        pub scope: String,
        pub owner_id: Uuid,
        pub kek_id: i32,
        pub wrapped: Option<Vec<u8>>,
        pub state: String,
        pub created_at: Timestamp,
        pub destroyed_at: Option<Timestamp>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

use data_keys::{Column as Key, Entity as Keys};

/// A data key as stored.
pub(super) type Row = data_keys::Model;

pub(super) async fn deployment_id(db: &impl ConnectionTrait) -> Result<Option<Uuid>, DbErr> {
    let row = deployment::Entity::find().order_by_asc(deployment::Column::CreatedAt).one(db).await?;
    Ok(row.map(|r| r.id))
}

pub(super) async fn add_deployment(db: &impl ConnectionTrait, id: Uuid, now: Timestamp) -> Result<(), DbErr> {
    let row = deployment::ActiveModel { id: Set(id), created_at: Set(now) };
    deployment::Entity::insert(row).exec_without_returning(db).await.map(drop)
}

pub(super) async fn checks(db: &impl ConnectionTrait) -> Result<Vec<(u32, Vec<u8>)>, DbErr> {
    let rows = kek_checks::Entity::find().order_by_asc(kek_checks::Column::KekId).all(db).await?;
    Ok(rows.into_iter().map(|r| (from_sql(r.kek_id), r.check_value)).collect())
}

/// Adds a check value; one that is there stays as it is.
pub(super) async fn add_check(
    db: &impl ConnectionTrait,
    kek: u32,
    value: Vec<u8>,
    now: Timestamp,
) -> Result<(), DbErr> {
    let row =
        kek_checks::ActiveModel { kek_id: Set(to_sql(kek)), check_value: Set(value), created_at: Set(now) };
    let keep = OnConflict::column(kek_checks::Column::KekId).do_nothing().to_owned();
    kek_checks::Entity::insert(row).on_conflict(keep).exec_without_returning(db).await.map(drop)
}

pub(super) async fn add(db: &impl ConnectionTrait, row: Row) -> Result<(), DbErr> {
    db.execute_raw(insert(db.get_database_backend(), row)).await.map(drop)
}

pub(super) fn insert(backend: DbBackend, row: Row) -> Statement {
    let row = data_keys::ActiveModel {
        key_id: Set(row.key_id),
        scope: Set(row.scope),
        owner_id: Set(row.owner_id),
        kek_id: Set(row.kek_id),
        wrapped: Set(row.wrapped),
        state: Set(row.state),
        created_at: Set(row.created_at),
        destroyed_at: Set(row.destroyed_at),
    };
    Keys::insert(row).build(backend)
}

pub(super) async fn find(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<Row>, DbErr> {
    Keys::find_by_id(id).one(db).await
}

pub(super) async fn find_all(db: &impl ConnectionTrait, ids: Vec<Uuid>) -> Result<Vec<Row>, DbErr> {
    Keys::find().filter(Key::KeyId.is_in(ids)).all(db).await
}

/// The newest usable key of an owner.
pub(super) async fn newest(
    db: &impl ConnectionTrait,
    scope: &str,
    owner: Uuid,
) -> Result<Option<Row>, DbErr> {
    Keys::find()
        .filter(Key::OwnerId.eq(owner))
        .filter(Key::State.eq(ACTIVE))
        .filter(Key::Scope.eq(scope))
        .order_by_desc(Key::CreatedAt)
        .one(db)
        .await
}

/// Forgets the key's bytes; the row stays, so that what it protected is known to be gone on purpose.
pub(super) async fn destroy(db: &impl ConnectionTrait, id: Uuid, now: Timestamp) -> Result<bool, DbErr> {
    let done = Keys::update_many()
        .col_expr(Key::Wrapped, Expr::value(None::<Vec<u8>>))
        .col_expr(Key::State, Expr::value(DESTROYED))
        .col_expr(Key::DestroyedAt, Expr::value(now))
        .filter(Key::KeyId.eq(id))
        .filter(Key::State.ne(DESTROYED))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Keys of one scope and owner made before an instant and not destroyed.
pub(super) async fn older(
    db: &impl ConnectionTrait,
    scope: &str,
    owner: Uuid,
    before: Timestamp,
) -> Result<Vec<Uuid>, DbErr> {
    let rows = Keys::find()
        .filter(Key::OwnerId.eq(owner))
        .filter(Key::State.ne(DESTROYED))
        .filter(Key::Scope.eq(scope))
        .filter(Key::CreatedAt.lt(before))
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|r| r.key_id).collect())
}

/// How many keys each key-encryption key wraps.
pub(super) async fn counts(db: &impl ConnectionTrait) -> Result<Vec<(u32, i64)>, DbErr> {
    let rows: Vec<(i32, i64)> = Keys::find()
        .select_only()
        .column(Key::KekId)
        .column_as(Key::KeyId.count(), "n")
        .filter(Key::Wrapped.is_not_null())
        .group_by(Key::KekId)
        .order_by_asc(Key::KekId)
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|(kek, n)| (from_sql(kek), n)).collect())
}

pub(super) async fn uses(db: &impl ConnectionTrait, kek: u32) -> Result<bool, DbErr> {
    let found =
        Keys::find().filter(Key::KekId.eq(to_sql(kek))).filter(Key::Wrapped.is_not_null()).one(db).await?;
    Ok(found.is_some())
}

/// Some keys that another key than `current` wraps; with `locked` those that nobody else holds.
pub(super) async fn not_under(
    db: &impl ConnectionTrait,
    current: u32,
    limit: u64,
    locked: bool,
) -> Result<Vec<Row>, DbErr> {
    let mut query = Keys::find()
        .filter(Key::KekId.ne(to_sql(current)))
        .filter(Key::Wrapped.is_not_null())
        .order_by_asc(Key::KeyId)
        .limit(limit);
    if locked {
        query = query.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
    }
    query.all(db).await
}

pub(super) async fn count_not_under(db: &impl ConnectionTrait, current: u32) -> Result<u64, DbErr> {
    Keys::find().filter(Key::KekId.ne(to_sql(current))).filter(Key::Wrapped.is_not_null()).count(db).await
}

/// Stores a new wrapping, unless somebody destroyed or rewrapped the key meanwhile.
pub(super) async fn rewrap(
    db: &impl ConnectionTrait,
    row: &Row,
    kek: u32,
    wrapped: Vec<u8>,
) -> Result<bool, DbErr> {
    let done = Keys::update_many()
        .col_expr(Key::Wrapped, Expr::value(wrapped))
        .col_expr(Key::KekId, Expr::value(to_sql(kek)))
        .filter(Key::KeyId.eq(row.key_id))
        .filter(Key::Wrapped.eq(row.wrapped.clone()))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// The key file bounds the numbers far below this.
pub(super) fn to_sql(kek: u32) -> i32 {
    i32::try_from(kek).unwrap_or(i32::MAX)
}

fn from_sql(kek: i32) -> u32 {
    u32::try_from(kek).unwrap_or(0)
}
