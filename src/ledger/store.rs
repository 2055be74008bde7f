//! Queries of the ledger.

use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, ExprTrait, FromQueryResult, PaginatorTrait,
    QueryFilter, QueryOrder, QueryResult, QuerySelect, QueryTrait, Set, Statement,
};
use uuid::Uuid;

use super::entity::{checkpoint, entry, lease, place, queue};
use super::entry::{Entry, Hash, Stored, canonical, lp_digest};
use super::sequencer::Tip;
use crate::kit::clock::Timestamp;
use crate::kit::error::{Code, Error, Result};

/// Who did it.
pub(super) struct By<'a> {
    pub actor_id: Option<Uuid>,
    pub actor_side: &'a str,
    pub request_id: Option<Uuid>,
}

/// The entry and its mark for the sequencer, in the caller's transaction: both or neither.
pub(super) async fn insert_entry(
    tx: &impl ConnectionTrait,
    id: Uuid,
    at: Timestamp,
    by: By<'_>,
    new: &Entry<'_>,
) -> Result<()> {
    for insert in entry_rows(tx.get_database_backend(), id, at, by, new)? {
        tx.execute_raw(insert).await?;
    }
    Ok(())
}

/// What stores the entry and its mark.
pub(super) fn entry_rows(
    backend: DbBackend,
    id: Uuid,
    at: Timestamp,
    by: By<'_>,
    new: &Entry<'_>,
) -> Result<[Statement; 2]> {
    let row = entry_row(id, at, &by, new)?;
    let mark = queue::ActiveModel { entry_id: Set(id) };
    Ok([entry::Entity::insert(row).build(backend), queue::Entity::insert(mark).build(backend)])
}

/// Entries of one transaction with their marks, in two statements.
pub(super) async fn insert_entries(
    tx: &impl ConnectionTrait,
    at: Timestamp,
    by: By<'_>,
    new: &[(Uuid, Entry<'_>)],
) -> Result<()> {
    /// SQLite takes 32,766 parameters in one statement.
    const AT_ONCE: usize = 1000;
    for some in new.chunks(AT_ONCE) {
        let rows = some.iter().map(|(id, new)| entry_row(*id, at, &by, new)).collect::<Result<Vec<_>>>()?;
        entry::Entity::insert_many(rows).exec_without_returning(tx).await?;
        let marks = some.iter().map(|(id, _)| queue::ActiveModel { entry_id: Set(*id) });
        queue::Entity::insert_many(marks).exec_without_returning(tx).await?;
    }
    Ok(())
}

fn entry_row(id: Uuid, at: Timestamp, by: &By<'_>, new: &Entry<'_>) -> Result<entry::ActiveModel> {
    Ok(entry::ActiveModel {
        id: Set(id),
        at: Set(at.0),
        actor_id: Set(by.actor_id),
        actor_side: Set(by.actor_side.to_owned()),
        action: Set(new.action.to_owned()),
        object_kind: Set(new.object_kind.to_owned()),
        object_id: Set(new.object_id),
        request_id: Set(by.request_id),
        detail: Set(canonical(&new.detail)?),
        content_digest: Set(lp_digest(new.content).to_vec()),
    })
}

pub(super) async fn places_of(db: &impl ConnectionTrait, entries: &[Uuid]) -> Result<Vec<place::Model>> {
    if entries.is_empty() {
        return Ok(Vec::new());
    }
    let of_these = place::Column::EntryId.is_in(entries.iter().copied());
    Ok(place::Entity::find().filter(of_these).all(db).await?)
}

pub(super) async fn entries(db: &impl ConnectionTrait, ids: &[Uuid]) -> Result<Vec<entry::Model>> {
    const AT_ONCE: usize = 500;
    let mut found = Vec::new();
    for some in ids.chunks(AT_ONCE) {
        // Always as many, the last one again: every other number would be a statement of its own, compiled and kept.
        let filled = some.iter().chain(std::iter::repeat_n(some.last(), AT_ONCE - some.len()).flatten());
        let of_these = entry::Column::Id.is_in(filled.copied());
        found.extend(entry::Entity::find().filter(of_these).all(db).await?);
    }
    Ok(found)
}

pub(super) async fn deployment(db: &impl ConnectionTrait) -> Result<Uuid> {
    let row = db.query_one_raw(sql(db, "SELECT id FROM deployment", [])).await?;
    let row = row.ok_or_else(|| Error::new(Code::Internal).because("the deployment has no id yet"))?;
    Ok(row.try_get("", "id")?)
}

pub(super) async fn backlog(db: &impl ConnectionTrait) -> Result<u64> {
    Ok(queue::Entity::find().count(db).await?)
}

/// The entries that have waited longest: ids are UUIDv7, so their order is the order of appending.
pub(super) async fn next_batch(db: &impl ConnectionTrait, limit: u64) -> Result<Vec<Stored>> {
    const NEXT: &str = "SELECT e.* FROM ledger_queue q JOIN ledger_entries e ON e.id = q.entry_id \
                        ORDER BY q.entry_id LIMIT $1";
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = db.query_all_raw(sql(db, NEXT, [limit.into()])).await?;
    rows.iter().map(|row| Ok(Stored::from_query_result(row, "")?)).collect()
}

impl FromQueryResult for Stored {
    fn from_query_result(row: &QueryResult, pre: &str) -> Result<Self, sea_orm::DbErr> {
        let row = entry::Model::from_query_result(row, pre)?;
        Ok(Self {
            id: row.id,
            at: row.at,
            actor_id: row.actor_id,
            actor_side: row.actor_side,
            action: row.action,
            object_kind: row.object_kind,
            object_id: row.object_id,
            request_id: row.request_id,
            detail: row.detail,
            content_digest: row.content_digest,
        })
    }
}

pub(super) async fn last_checkpoint(db: &impl ConnectionTrait) -> Result<Option<checkpoint::Model>> {
    Ok(checkpoint::Entity::find().order_by_desc(checkpoint::Column::Size).one(db).await?)
}

/// The number of places, as the last checkpoint says.
pub(super) async fn size(db: &impl ConnectionTrait) -> Result<i64> {
    Ok(last_checkpoint(db).await?.map_or(0, |c| c.size))
}

pub(super) async fn tip(db: &impl ConnectionTrait) -> Result<Option<Tip>> {
    let Some(last) = last_checkpoint(db).await? else { return Ok(None) };
    let place = place::Entity::find_by_id(last.size).one(db).await?;
    let bad = || Error::new(Code::Internal).because("the last ledger checkpoint has no place");
    let place = place.ok_or_else(bad)?;
    Ok(Some(Tip {
        size: u64::try_from(last.size).map_err(|_| bad())?,
        hash: hash(&place.hash)?,
        placed_at: place.placed_at,
        root: hash(&last.root)?,
        frontier: last.frontier,
    }))
}

pub(super) fn hash(bytes: &[u8]) -> Result<Hash> {
    bytes.try_into().map_err(|_| Error::new(Code::Internal).because("a stored hash is not 32 bytes"))
}

const LEASE: &str = "ledger";

pub(super) async fn leased_by_other(db: &impl ConnectionTrait, holder: Uuid, now: Timestamp) -> Result<bool> {
    let held = lease::Entity::find_by_id(LEASE).one(db).await?;
    Ok(held.is_some_and(|l| l.holder != holder && l.held_until > now.0))
}

/// `false` when another holds it.
pub(super) async fn take_lease(
    tx: &impl ConnectionTrait,
    holder: Uuid,
    now: Timestamp,
    until: Timestamp,
) -> Result<bool> {
    let row =
        lease::ActiveModel { name: Set(LEASE.to_owned()), holder: Set(holder), held_until: Set(until.0) };
    let free = Expr::col((lease::Entity, lease::Column::Holder)).eq(holder).or(Expr::col((
        lease::Entity,
        lease::Column::HeldUntil,
    ))
    .lte(now.0));
    let conflict = OnConflict::column(lease::Column::Name)
        .update_columns([lease::Column::Holder, lease::Column::HeldUntil])
        .action_and_where(free)
        .to_owned();
    let taken = lease::Entity::insert(row).on_conflict(conflict).exec_without_returning(tx).await?;
    Ok(taken == 1)
}

pub(super) async fn release_lease(db: &impl ConnectionTrait, holder: Uuid) -> Result<()> {
    lease::Entity::delete_many()
        .filter(lease::Column::Name.eq(LEASE))
        .filter(lease::Column::Holder.eq(holder))
        .exec(db)
        .await?;
    Ok(())
}

pub(super) struct Placed {
    pub seq: i64,
    pub entry_id: Uuid,
    pub hash: Hash,
}

pub(super) struct Batch {
    pub placed: Vec<Placed>,
    pub placed_at: i64,
    pub root: Hash,
    pub frontier: Vec<u8>,
}

pub(super) async fn write_batch(tx: &impl ConnectionTrait, batch: &Batch) -> Result<()> {
    let Some(last) = batch.placed.last() else { return Ok(()) };
    let rows = batch.placed.iter().map(|p| place::ActiveModel {
        seq: Set(p.seq),
        entry_id: Set(p.entry_id),
        hash: Set(p.hash.to_vec()),
        placed_at: Set(batch.placed_at),
    });
    place::Entity::insert_many(rows).exec_without_returning(tx).await?;
    let checkpoint = checkpoint::ActiveModel {
        size: Set(last.seq),
        root: Set(batch.root.to_vec()),
        frontier: Set(batch.frontier.clone()),
        at: Set(batch.placed_at),
    };
    checkpoint::Entity::insert(checkpoint).exec_without_returning(tx).await?;
    let ids = batch.placed.iter().map(|p| p.entry_id);
    let gone =
        queue::Entity::delete_many().filter(queue::Column::EntryId.is_in(ids)).exec(tx).await?.rows_affected;
    if gone != batch.placed.len() as u64 {
        return Err(Error::new(Code::Internal).because("an entry left the ledger queue by itself"));
    }
    Ok(())
}

/// Raw text for both databases: `$1` is a parameter on either.
pub(super) fn sql<const N: usize>(
    db: &impl ConnectionTrait,
    text: &str,
    values: [sea_orm::Value; N],
) -> Statement {
    Statement::from_sql_and_values(db.get_database_backend(), text, values)
}

/// Places after `seq` with what they point at, in order. A column that does not read is left to the
/// verifier to name, so rows are handed on unread.
pub(super) async fn places_after(
    db: &impl ConnectionTrait,
    seq: i64,
    limit: u64,
) -> Result<Vec<QueryResult>> {
    const PAGE: &str = "SELECT p.seq AS p_seq, p.entry_id AS p_entry_id, p.hash AS p_hash, \
        p.placed_at AS p_placed_at, e.* FROM ledger_places p LEFT JOIN ledger_entries e \
        ON e.id = p.entry_id WHERE p.seq > $1 ORDER BY p.seq LIMIT $2";
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    Ok(db.query_all_raw(sql(db, PAGE, [seq.into(), limit.into()])).await?)
}

/// Checkpoints whose size is in `from..=to`, in order, unread as above.
pub(super) async fn checkpoints_in(
    db: &impl ConnectionTrait,
    from: i64,
    to: i64,
) -> Result<Vec<QueryResult>> {
    const PAGE: &str = "SELECT * FROM ledger_checkpoints WHERE size >= $1 AND size <= $2 ORDER BY size";
    Ok(db.query_all_raw(sql(db, PAGE, [from.into(), to.into()])).await?)
}

/// Whether a query finds a row.
pub(super) async fn finds_any(db: &impl ConnectionTrait, text: &str) -> Result<bool> {
    Ok(db.query_one_raw(sql(db, text, [])).await?.is_some())
}

/// Chain hashes of the places `from..to` (from 1), a page at a time.
pub(super) async fn hashes(db: &impl ConnectionTrait, from: i64, to: i64) -> Result<Vec<(i64, Vec<u8>)>> {
    Ok(place::Entity::find()
        .select_only()
        .columns([place::Column::Seq, place::Column::Hash])
        .filter(place::Column::Seq.gte(from))
        .filter(place::Column::Seq.lt(to))
        .order_by_asc(place::Column::Seq)
        .into_tuple()
        .all(db)
        .await?)
}

pub(super) async fn placed_entry(
    db: &impl ConnectionTrait,
    seq: i64,
) -> Result<Option<(place::Model, Stored)>> {
    let Some(place) = place::Entity::find_by_id(seq).one(db).await? else { return Ok(None) };
    const ONE: &str = "SELECT * FROM ledger_entries WHERE id = $1";
    match db.query_one_raw(sql(db, ONE, [place.entry_id.into()])).await? {
        Some(row) => Ok(Some((place, Stored::from_query_result(&row, "")?))),
        None => Ok(None),
    }
}
