//! Queries of media and of uploads.

use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use uuid::Uuid;

use crate::files::entity::{media, part, upload};
use crate::kit::clock::Timestamp;
use crate::kit::error::Result;

pub(in crate::files) async fn insert(db: &impl ConnectionTrait, row: media::Model) -> Result<()> {
    media::Entity::insert(row.into_active_model()).exec_without_returning(db).await?;
    Ok(())
}

pub(in crate::files) async fn find(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<media::Model>> {
    Ok(media::Entity::find_by_id(id).one(db).await?)
}

pub(in crate::files) async fn all(db: &impl ConnectionTrait, ids: &[Uuid]) -> Result<Vec<media::Model>> {
    Ok(media::Entity::find().filter(media::Column::Id.is_in(ids.iter().copied())).all(db).await?)
}

/// The medium of this content in this course.
pub(in crate::files) async fn of_content(
    db: &impl ConnectionTrait,
    course: Uuid,
    sha256: &[u8],
) -> Result<Option<media::Model>> {
    let of_course = media::Entity::find().filter(media::Column::CourseId.eq(course));
    Ok(of_course.filter(media::Column::Sha256.eq(sha256.to_vec())).one(db).await?)
}

/// `false` when somebody took it in the meantime.
pub(in crate::files) async fn take(db: &impl ConnectionTrait, id: Uuid, course: Uuid) -> Result<bool> {
    let done = media::Entity::update_many()
        .col_expr(media::Column::CourseId, Expr::value(course))
        .filter(media::Column::Id.eq(id))
        .filter(media::Column::CourseId.is_null())
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Media that nobody has used since before that instant.
pub(in crate::files) async fn loose_before(
    db: &impl ConnectionTrait,
    before: Timestamp,
    limit: u64,
) -> Result<Vec<Uuid>> {
    let loose = media::Entity::find().select_only().column(media::Column::Id);
    let loose = loose.filter(media::Column::CourseId.is_null()).filter(media::Column::CreatedAt.lte(before));
    Ok(loose.order_by_asc(media::Column::CreatedAt).limit(limit).into_tuple().all(db).await?)
}

/// `false` when it was taken or dropped in the meantime.
pub(in crate::files) async fn drop_loose(db: &impl ConnectionTrait, id: Uuid) -> Result<bool> {
    let loose = media::Entity::delete_many().filter(media::Column::Id.eq(id));
    Ok(loose.filter(media::Column::CourseId.is_null()).exec(db).await?.rows_affected == 1)
}

pub(in crate::files) async fn insert_upload(db: &impl ConnectionTrait, row: upload::Model) -> Result<()> {
    upload::Entity::insert(row.into_active_model()).exec_without_returning(db).await?;
    Ok(())
}

pub(in crate::files) async fn find_upload(
    db: &impl ConnectionTrait,
    id: Uuid,
) -> Result<Option<upload::Model>> {
    Ok(upload::Entity::find_by_id(id).one(db).await?)
}

/// Uploads of this person that are not whole yet, newer than `since`.
pub(in crate::files) async fn count_unfinished(
    db: &impl ConnectionTrait,
    uploader: Uuid,
    since: Timestamp,
) -> Result<u64> {
    Ok(upload::Entity::find()
        .filter(upload::Column::UploaderId.eq(uploader))
        .filter(upload::Column::MediaId.is_null())
        .filter(upload::Column::CreatedAt.gt(since))
        .count(db)
        .await?)
}

/// Counts bytes that have arrived; `false` when others arrived there first.
pub(in crate::files) async fn advance(
    db: &impl ConnectionTrait,
    id: Uuid,
    from: i64,
    size: i64,
) -> Result<bool> {
    let done = upload::Entity::update_many()
        .col_expr(upload::Column::Received, Expr::value(from.saturating_add(size)))
        .filter(upload::Column::Id.eq(id))
        .filter(upload::Column::Received.eq(from))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// `false` when it was finished or dropped in the meantime.
pub(in crate::files) async fn finish(db: &impl ConnectionTrait, id: Uuid, media: Uuid) -> Result<bool> {
    let done = upload::Entity::update_many()
        .col_expr(upload::Column::MediaId, Expr::value(media))
        .filter(upload::Column::Id.eq(id))
        .filter(upload::Column::MediaId.is_null())
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

pub(in crate::files) async fn insert_part(db: &impl ConnectionTrait, row: part::Model) -> Result<()> {
    part::Entity::insert(row.into_active_model()).exec_without_returning(db).await?;
    Ok(())
}

/// The pieces of an upload, in order.
pub(in crate::files) async fn parts(db: &impl ConnectionTrait, upload: Uuid) -> Result<Vec<part::Model>> {
    let of_upload = part::Entity::find().filter(part::Column::UploadId.eq(upload));
    Ok(of_upload.order_by_asc(part::Column::FromByte).all(db).await?)
}

pub(in crate::files) async fn drop_parts(db: &impl ConnectionTrait, upload: Uuid) -> Result<()> {
    part::Entity::delete_many().filter(part::Column::UploadId.eq(upload)).exec(db).await?;
    Ok(())
}

/// After its parts.
pub(in crate::files) async fn drop_upload(db: &impl ConnectionTrait, id: Uuid) -> Result<()> {
    upload::Entity::delete_by_id(id).exec(db).await?;
    Ok(())
}

/// The upload that a medium came from; nobody needs it once the medium is used or gone.
pub(in crate::files) async fn drop_upload_of(db: &impl ConnectionTrait, media: Uuid) -> Result<()> {
    upload::Entity::delete_many().filter(upload::Column::MediaId.eq(media)).exec(db).await?;
    Ok(())
}

/// Uploads begun before that instant that never became anything.
pub(in crate::files) async fn unfinished_before(
    db: &impl ConnectionTrait,
    before: Timestamp,
    limit: u64,
) -> Result<Vec<Uuid>> {
    let old = upload::Entity::find().select_only().column(upload::Column::Id);
    let old = old.filter(upload::Column::MediaId.is_null()).filter(upload::Column::CreatedAt.lte(before));
    Ok(old.order_by_asc(upload::Column::CreatedAt).limit(limit).into_tuple().all(db).await?)
}

/// Those of `ids` that have a row, as a medium or as a piece.
pub(in crate::files) async fn existing(db: &impl ConnectionTrait, ids: &[Uuid]) -> Result<Vec<Uuid>> {
    let ids = ids.iter().copied();
    let media = media::Entity::find().select_only().column(media::Column::Id);
    let mut known: Vec<Uuid> =
        media.filter(media::Column::Id.is_in(ids.clone())).into_tuple().all(db).await?;
    let parts = part::Entity::find().select_only().column(part::Column::Id);
    known.extend(parts.filter(part::Column::Id.is_in(ids)).into_tuple::<Uuid>().all(db).await?);
    Ok(known)
}
