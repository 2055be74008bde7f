//! Resumable uploads of media: bytes arrive in as many requests as the network needs, and become a medium when all
//! are there and the content was looked at.
//!
//! What arrived is durable every 16 MiB and whenever a request ends, however it ends: whoever asks how far it got
//! goes on from there, after a lost connection, with another process, after a crash.

use actix_web::web::Payload;
use futures_util::StreamExt;
use serde_json::json;
use uuid::Uuid;

use super::cleaning::{self, Cleaned};
use super::entity::{PART_KEY, part, upload};
use super::media;
use super::model::{HEAD, Kind, LOOSE_SECONDS, Purpose, SentName};
use super::parts::{Parts, Piece};
use super::sealed::{Place, Writer};
use super::store::media as store;
use super::views::{NewUpload, UploadView};
use crate::identity::consent;
use crate::identity::policy::{Action, Facts, authorise};
use crate::kit::Kit;
use crate::kit::crypto::stream::{FileKey, new_file_key};
use crate::kit::ctx::Ctx;
use crate::kit::error::{Code, Error, Result};
use crate::kit::http::IdempotencyKey;
use crate::kit::http::idempotency::{Answer, Stored, once};
use crate::ledger;

/// Bytes after which what arrived is made durable.
const PART: u64 = 16 * 1024 * 1024;
/// Unfinished uploads of one person.
const MOST_UNFINISHED: u64 = 10;

fn enter(ctx: &Ctx) -> Result<()> {
    authorise(&ctx.actor, Action::WriteCourses, &Facts::Nothing)?;
    consent::require(ctx)
}

/// Announces a file.
///
/// # Errors
/// 403; 413 and 415 for what would be refused anyway; 422 naming the field; 429 with too many unfinished ones.
pub(super) async fn begin(ctx: &Ctx, key: &IdempotencyKey, body: NewUpload) -> Result<Answer> {
    enter(ctx)?;
    let payload = serde_json::to_vec(&body).map_err(|e| Error::new(Code::Internal).because(e))?;
    let name = SentName::parse(&body.name)?;
    let kind = Kind::ALL.into_iter().find(|k| k.agrees(name.extension(), Some(&body.media_type)));
    let kind = kind.ok_or_else(|| wrong_type(None))?;
    let size = u64::try_from(body.size).unwrap_or(0);
    if size == 0 {
        return Err(Error::field("size", "OUT_OF_RANGE", "文件是空的"));
    }
    if size > kind.most(Purpose::Course) {
        return Err(too_large());
    }
    let sha256 = body.sha256.as_deref().map(digest).transpose()?;
    let person = ctx.member()?.person_id;
    let since = ctx.now.plus_seconds(-LOOSE_SECONDS);
    if store::count_unfinished(ctx.kit.db.reader(), person, since).await? >= MOST_UNFINISHED {
        return Err(Error::new(Code::TooManyRequests)
            .retry_after(3600)
            .detail("还有文件没有传完，请先传完或明天再试"));
    }
    once(ctx, "uploads.begin", key, &payload, async |tx| {
        let row = upload::Model {
            id: ctx.kit.ids.fresh()?,
            uploader_id: person,
            media_type: kind.media_type().to_owned(),
            size: body.size,
            sha256,
            received: 0,
            media_id: None,
            created_at: ctx.now,
        };
        let view = UploadView::of(&row);
        store::insert_upload(&**tx, row).await?;
        Stored::created(format!("/api/v1/uploads/{}", view.id), None, &view)
    })
    .await
}

fn digest(hex: &str) -> Result<Vec<u8>> {
    media::unhex(hex).ok_or_else(|| Error::field("sha256", "WRONG_VALUE", "应为 64 位十六进制数"))
}

fn wrong_type(kind: Option<Kind>) -> Error {
    let text = match kind {
        Some(Kind::Pdf) => "这个文件不是 PDF，请确认没有只改扩展名",
        Some(kind) if kind.is_video() => "这个文件不是 MP4 或 MOV 视频，请确认没有只改扩展名",
        Some(kind) if kind.is_audio() => "这个文件不是 MP3 或 M4A 音频，请确认没有只改扩展名",
        Some(_) => "这个文件不是 JPG、PNG 或 WebP 图片，请确认没有只改扩展名",
        None => "课程可以用 MP4 或 MOV 视频、MP3 或 M4A 音频、PDF，以及 JPG、PNG、WebP 图片",
    };
    Error::new(Code::AttachmentType).detail(text)
}

fn too_large() -> Error {
    Error::new(Code::AttachmentTooLarge)
        .detail("课程的视频和音频不超过 1 GB，PDF 不超过 100 MB，图片不超过 20 MB")
}

async fn own(ctx: &Ctx, id: Uuid) -> Result<upload::Model> {
    enter(ctx)?;
    let person = ctx.member()?.person_id;
    let row = store::find_upload(ctx.kit.db.reader(), id).await?;
    row.filter(|u| u.uploader_id == person).ok_or_else(|| Error::new(Code::NotFound))
}

/// How far it got.
///
/// # Errors
/// 404 for an upload that is not the caller's.
pub(super) async fn show(ctx: &Ctx, id: Uuid) -> Result<UploadView> {
    Ok(UploadView::of(&own(ctx, id).await?))
}

/// Takes bytes from `offset` on; when they are the last, the whole is looked at.
///
/// # Errors
/// 409 `UPLOAD_OFFSET_WRONG` with the `offset` to go on from; 413 for more than was announced; 415 and 422 as the
/// content has it: then the upload is gone.
pub(super) async fn receive(ctx: &Ctx, id: Uuid, offset: i64, body: Payload) -> Result<UploadView> {
    let mut row = own(ctx, id).await?;
    if row.received != offset {
        return Err(elsewhere(row.received));
    }
    if row.media_id.is_none() {
        let kind = Kind::from_media_type(&row.media_type);
        let kind = kind.ok_or_else(|| Error::new(Code::Internal).because("uploads.media_type"))?;
        let taken = take(ctx, &mut row, kind, body).await;
        let done = match taken {
            Ok(()) if row.received == row.size => finish(ctx, &mut row, kind).await,
            taken => taken,
        };
        if let Err(error) = done {
            // What the content is to blame for stays wrong however often it is sent.
            if [Code::AttachmentType, Code::AttachmentBroken, Code::AttachmentTooLarge]
                .contains(&error.code())
            {
                forget(&ctx.kit, id).await?;
            }
            return Err(error);
        }
    }
    Ok(UploadView::of(&row))
}

fn elsewhere(received: i64) -> Error {
    Error::new(Code::UploadOffsetWrong).with("offset", received)
}

/// One piece that is being written.
struct Open {
    id: Uuid,
    key: FileKey,
    writer: Writer,
    size: u64,
}

impl Open {
    async fn begin(kit: &Kit) -> Result<Self> {
        let (id, key) = (kit.ids.fresh()?, new_file_key()?);
        let place = Place { deployment: kit.vault.deployment_id(), id };
        let writer = Writer::begin(&kit.ids, kit.blobs.draft(id).await?, key.as_ref(), place)?;
        Ok(Self { id, key, writer, size: 0 })
    }

    /// Makes it durable and counts it.
    async fn keep(self, ctx: &Ctx, row: &mut upload::Model) -> Result<()> {
        let kit = &ctx.kit;
        let size = i64::try_from(self.size).unwrap_or(i64::MAX);
        let (draft, _) = self.writer.finish().await?;
        draft.publish().await?;
        let sealing = kit.vault.deployment_key(kit.db.reader()).await?;
        let tx = kit.db.write_tx().await?;
        let counted = store::advance(&*tx, row.id, row.received, size).await?;
        if counted {
            let piece = part::Model {
                id: self.id,
                upload_id: row.id,
                from_byte: row.received,
                size,
                key_id: sealing.id,
                file_key_sealed: sealing.seal(PART_KEY, self.id, self.key.as_ref())?,
            };
            store::insert_part(&*tx, piece).await?;
            tx.commit().await?;
            row.received += size;
            return Ok(());
        }
        drop(tx);
        kit.blobs.delete(self.id).await?;
        let now = store::find_upload(kit.db.reader(), row.id).await?;
        Err(elsewhere(now.ok_or_else(|| Error::new(Code::NotFound))?.received))
    }
}

async fn take(ctx: &Ctx, row: &mut upload::Model, kind: Kind, mut body: Payload) -> Result<()> {
    let mut open: Option<Open> = None;
    let mut head = Vec::new();
    let mut failed = None;
    while let Some(bytes) = body.next().await {
        let Ok(mut bytes) = bytes else {
            failed = Some(Error::new(Code::BadRequest).because("the body of an upload was cut"));
            break;
        };
        let pending = open.as_ref().map_or(0, |o| o.size);
        let ahead = u64::try_from(row.size - row.received).unwrap_or(0).saturating_sub(pending);
        if bytes.len() as u64 > ahead {
            return Err(Error::new(Code::AttachmentTooLarge).detail("收到的内容比申报的多，请重新上传"));
        }
        if row.received == 0 && head.len() < HEAD {
            head.extend(bytes.iter().take(HEAD - head.len()));
            let whole = head.len() >= HEAD || head.len() as u64 == u64::try_from(row.size).unwrap_or(0);
            if whole && !is(kind, &head) {
                return Err(wrong_type(Some(kind)));
            }
        }
        while !bytes.is_empty() {
            let mut piece = match open.take() {
                Some(piece) => piece,
                None => Open::begin(&ctx.kit).await?,
            };
            let room = usize::try_from(PART - piece.size).unwrap_or(0).min(bytes.len());
            let now = bytes.split_to(room);
            piece.writer.write(&now).await?;
            piece.size += now.len() as u64;
            if piece.size == PART {
                piece.keep(ctx, row).await?;
            } else {
                open = Some(piece);
            }
        }
    }
    if let Some(piece) = open {
        piece.keep(ctx, row).await?;
    }
    failed.map_or(Ok(()), Err)
}

/// MP4 and MOV are one family, as phones have it; sound in an MP4 is told apart by its name only.
fn is(kind: Kind, head: &[u8]) -> bool {
    Kind::sniff(head).is_some_and(|seen| {
        let family = |k: Kind| k.is_video() || k == Kind::M4a;
        seen == kind || (kind.is_video() && seen.is_video()) || (kind == Kind::M4a && family(seen))
    })
}

/// Looks at the whole; what is good becomes a medium.
async fn finish(ctx: &Ctx, row: &mut upload::Model, kind: Kind) -> Result<()> {
    let kit = &ctx.kit;
    let mut from = parts(kit, row.id).await?;
    let head = from.read(0..from.size().min(HEAD as u64)).await?;
    if !is(kind, &head) {
        return Err(wrong_type(Some(kind)));
    }
    if let Some(announced) = &row.sha256
        && cleaning::digest(&mut from).await? != *announced
    {
        return Err(Error::new(Code::AttachmentBroken).detail("传到的内容和原文件不一致，请重新上传"));
    }
    let cleaned: Cleaned = cleaning::clean(kit, kind, Purpose::Course, &mut from).await?;
    let medium = media::kept(kit, cleaned, Some(row.uploader_id), None, ctx.now).await?;
    let id = medium.id;
    let entry = ledger::Entry {
        action: "media.uploaded",
        object_kind: "media",
        object_id: id,
        detail: json!({ "media_type": medium.media_type, "size": medium.size }),
        content: &[&medium.sha256.clone()],
    };
    let tx = kit.db.write_tx().await?;
    store::insert(&*tx, medium).await?;
    if !store::finish(&*tx, row.id, id).await? {
        // Another request finished it: that one's medium stays.
        drop(tx);
        kit.blobs.delete(id).await?;
        let now = store::find_upload(kit.db.reader(), row.id).await?;
        row.media_id = now.ok_or_else(|| Error::new(Code::NotFound))?.media_id;
        return Ok(());
    }
    ledger::append(ctx, &*tx, entry).await?;
    let pieces = store::parts(&*tx, row.id).await?;
    store::drop_parts(&*tx, row.id).await?;
    tx.commit().await?;
    row.media_id = Some(id);
    for piece in pieces {
        kit.blobs.delete(piece.id).await?;
    }
    Ok(())
}

async fn parts(kit: &Kit, upload: Uuid) -> Result<Parts> {
    let db = kit.db.reader();
    let mut pieces = Vec::new();
    for row in store::parts(db, upload).await? {
        let key = kit.vault.key(db, row.key_id).await?;
        let number =
            |n: i64| u64::try_from(n).map_err(|_| Error::new(Code::Internal).because("upload_parts"));
        pieces.push(Piece {
            id: row.id,
            file_key: key.open(PART_KEY, row.id, &row.file_key_sealed)?,
            from: number(row.from_byte)?,
            size: number(row.size)?,
        });
    }
    Ok(Parts::of(&kit.blobs, kit.vault.deployment_id(), pieces))
}

/// Drops an upload that became nothing, with its pieces.
///
/// # Errors
/// What the database or the store says.
pub(super) async fn forget(kit: &Kit, id: Uuid) -> Result<()> {
    let tx = kit.db.write_tx().await?;
    let pieces = store::parts(&*tx, id).await?;
    store::drop_parts(&*tx, id).await?;
    store::drop_upload(&*tx, id).await?;
    tx.commit().await?;
    for piece in pieces {
        kit.blobs.delete(piece.id).await?;
    }
    Ok(())
}
