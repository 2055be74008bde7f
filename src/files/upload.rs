//! Use case: somebody uploads a file. The blob is durable before its row exists; a crash in between
//! leaves a blob that nobody can open and that the sweep removes.

use std::cell::Cell;

use actix_web::HttpResponse;

use super::entity::{DIGEST, FILE_KEY, Model, NAME};
use super::intake::{Checked, Published};
use super::model::{LOOSE_SECONDS, MOST_LOOSE, Visibility};
use super::store;
use super::views::AttachmentView;
use crate::identity::policy::{Action, Facts, authorise};
use crate::identity::{consent, people};
use crate::kit::crypto::DataKey;
use crate::kit::ctx::Ctx;
use crate::kit::error::{Code, Error, Result};
use crate::kit::http::{IdempotencyKey, idempotency};

const UPLOADS_PER_HOUR: u32 = 120;

/// Asked before the first byte of the body is read.
///
/// # Errors
/// 403 and 428 for those who may not; 429 for those who upload too much.
pub async fn admit(ctx: &Ctx) -> Result<()> {
    authorise(&ctx.actor, Action::Upload, &Facts::Nothing)?;
    consent::require(ctx)?;
    let person = ctx.member()?.person_id;
    ctx.kit.limits.hit("upload", person.as_bytes(), UPLOADS_PER_HOUR, 3600, ctx.now).await?;
    let since = ctx.now.plus_seconds(-LOOSE_SECONDS);
    if store::count_loose(ctx.kit.db.reader(), person, since).await? >= MOST_LOOSE {
        return Err(Error::new(Code::TooManyRequests)
            .retry_after(3600)
            .detail("有太多附件还没有提交，请先提交工单或留言，或明天再试"));
    }
    Ok(())
}

/// Keeps the checked file as a loose upload of the caller, once for the same key and content.
///
/// # Errors
/// As [`idempotency::once`]; `STORAGE_FULL`.
pub async fn keep(ctx: &Ctx, key: &IdempotencyKey, checked: Checked) -> Result<HttpResponse> {
    let person = ctx.member()?.person_id;
    let person_key = people::key_of(ctx, ctx.kit.db.reader(), person).await?;
    let fingerprint = checked.fingerprint.clone();
    let file = checked.publish().await?;
    let ran = Cell::new(false);
    let done = idempotency::once(ctx, "attachments.upload", key, &fingerprint, async |tx| {
        ran.set(true);
        let row = row_of(ctx, &person_key, &file)?;
        let view = AttachmentView::open(&row, &person_key)?;
        store::insert(&**tx, row).await?;
        idempotency::Stored::created(format!("/api/v1/attachments/{}", view.id), None, &view)
    })
    .await;
    // A repeated submission keeps the first file. After an effect that failed late nobody knows whether
    // the commit got through: then the sweep decides.
    if !ran.get()
        && let Err(err) = ctx.kit.blobs.delete(file.id).await
    {
        tracing::warn!(error = %err, "surplus blob left to the sweep");
    }
    done
}

fn row_of(ctx: &Ctx, key: &DataKey, file: &Published) -> Result<Model> {
    let person = ctx.member()?.person_id;
    let number = |n: u32| i32::try_from(n).ok();
    Ok(Model {
        id: file.id,
        uploader_id: person,
        ticket_id: None,
        message_id: None,
        contract_record_id: None,
        visibility: Visibility::Public.wire().to_owned(),
        key_id: key.id,
        file_key_sealed: key.seal(FILE_KEY, file.id, file.file_key.as_ref())?,
        name_sealed: key.seal(NAME, file.id, file.name.as_bytes())?,
        digest_sealed: key.seal(DIGEST, file.id, &file.written.sha256)?,
        media_type: file.kind.media_type().to_owned(),
        size: i64::try_from(file.written.size).unwrap_or(i64::MAX),
        width: file.traits.pixels.and_then(|(width, _)| number(width)),
        height: file.traits.pixels.and_then(|(_, height)| number(height)),
        created_at: ctx.now.0,
    })
}
