//! Façade: the media of courses. A medium is content that was looked at and cleaned; within a course the same content
//! is there once, and its digest names it.

use std::collections::HashMap;
use std::path::Path;

use actix_web::HttpResponse;
use actix_web::http::header::HeaderMap;
use sea_orm::ConnectionTrait;
use tokio::io::AsyncReadExt;
use uuid::Uuid;

use super::cleaning::{Cleaned, Traits};
use super::entity::{MEDIA_KEY, media};
use super::intake::Intake;
use super::model::{Kind, Purpose, SentName};
use super::sealed::{Place, Reader};
use super::{routes, store};
use crate::kit::Kit;
use crate::kit::clock::Timestamp;
use crate::kit::ctx::Ctx;
use crate::kit::error::{Code, Error, Result};

const READ: usize = 256 * 1024;

/// What a medium is, without its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Medium {
    pub id: Uuid,
    pub kind: Kind,
    pub size: i64,
    /// In hex; names pictures in texts.
    pub sha256: String,
    pub duration_ms: Option<i64>,
    pub pages: Option<i32>,
    pub width: Option<i32>,
    pub height: Option<i32>,
}

impl Medium {
    fn of(row: &media::Model) -> Result<Self> {
        let kind = Kind::from_media_type(&row.media_type);
        Ok(Self {
            id: row.id,
            kind: kind.ok_or_else(|| Error::new(Code::Internal).because("media.media_type"))?,
            size: row.size,
            sha256: super::hex(&row.sha256),
            duration_ms: row.duration_ms,
            pages: row.pages,
            width: row.width,
            height: row.height,
        })
    }
}

/// Makes the file durable and gives its row, which the caller inserts.
pub(super) async fn kept(
    kit: &Kit,
    cleaned: Cleaned,
    uploader_id: Option<Uuid>,
    course_id: Option<Uuid>,
    now: Timestamp,
) -> Result<media::Model> {
    let Cleaned { id, kind, file_key, written, traits, draft } = cleaned;
    let Traits { pixels, duration_ms, pages } = traits;
    let key = kit.vault.deployment_key(kit.db.reader()).await?;
    draft.publish().await?;
    let number = |n: u32| i32::try_from(n).ok();
    Ok(media::Model {
        id,
        course_id,
        uploader_id,
        key_id: key.id,
        file_key_sealed: key.seal(MEDIA_KEY, id, file_key.as_ref())?,
        media_type: kind.media_type().to_owned(),
        size: i64::try_from(written.size).unwrap_or(i64::MAX),
        sha256: written.sha256.to_vec(),
        duration_ms,
        pages,
        width: pixels.and_then(|(width, _)| number(width)),
        height: pixels.and_then(|(_, height)| number(height)),
        created_at: now,
    })
}

/// A file from this machine's disk, for the importer: looked at like an upload, not yet part of anything.
///
/// # Errors
/// As an upload; the file cannot be read.
pub async fn from_disk(kit: &Kit, path: &Path) -> Result<Loose> {
    let unreadable =
        |e: std::io::Error| Error::new(Code::AttachmentBroken).detail("文件读不出来").because(e.kind());
    let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let mut intake = Intake::begin(kit, Purpose::Course, &name, None).await?;
    let mut file = tokio::fs::File::open(path).await.map_err(unreadable)?;
    let mut buffer = vec![0; READ];
    loop {
        let read = file.read(&mut buffer).await.map_err(unreadable)?;
        if read == 0 {
            break;
        }
        intake.push(buffer.get(..read).unwrap_or_default()).await?;
    }
    let cleaned = intake.finish(kit).await?.cleaned;
    Ok(Loose(kept(kit, cleaned, None, None, kit.clock.now()).await?))
}

/// A medium whose bytes are durable and whose row is not written yet; without it the sweep removes the bytes.
#[derive(Clone, Debug)]
pub struct Loose(media::Model);

impl Loose {
    /// # Errors
    /// None that can be brought about.
    pub fn medium(&self) -> Result<Medium> {
        Medium::of(&self.0)
    }
}

/// Makes it part of a course, in the caller's transaction; the same content is kept once.
///
/// # Errors
/// What the database says.
pub async fn add(tx: &impl ConnectionTrait, loose: Loose, course: Uuid) -> Result<Medium> {
    if let Some(there) = store::media::of_content(tx, course, &loose.0.sha256).await? {
        return Medium::of(&there);
    }
    let row = media::Model { course_id: Some(course), ..loose.0 };
    let medium = Medium::of(&row)?;
    store::media::insert(tx, row).await?;
    Ok(medium)
}

/// Makes the caller's own finished upload part of a course, in the caller's transaction.
///
/// # Errors
/// 422 `ATTACHMENT_NOT_USABLE` for an upload that is somebody else's, unfinished, or gone.
pub async fn take(ctx: &Ctx, tx: &impl ConnectionTrait, upload: Uuid, course: Uuid) -> Result<Medium> {
    let not_usable = || Error::new(Code::AttachmentNotUsable);
    let person = ctx.member()?.person_id;
    let upload = store::media::find_upload(tx, upload).await?.filter(|u| u.uploader_id == person);
    let id = upload.and_then(|u| u.media_id).ok_or_else(not_usable)?;
    let row = store::media::find(tx, id).await?.ok_or_else(not_usable)?;
    if let Some(there) = store::media::of_content(tx, course, &row.sha256).await? {
        return Medium::of(&there);
    }
    // The same upload may be used once more in this course, never in another.
    if row.course_id.is_some() || !store::media::take(tx, id, course).await? {
        return Err(not_usable());
    }
    Medium::of(&row)
}

/// # Errors
/// What the database says.
pub async fn find(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<Medium>> {
    store::media::find(db, id).await?.as_ref().map(Medium::of).transpose()
}

/// By id; ids that nothing has are left out.
///
/// # Errors
/// What the database says.
pub async fn all(db: &impl ConnectionTrait, ids: &[Uuid]) -> Result<HashMap<Uuid, Medium>> {
    let rows = store::media::all(db, ids).await?;
    rows.iter().map(|row| Medium::of(row).map(|m| (m.id, m))).collect()
}

/// The medium of a course that this digest (in hex) names.
///
/// # Errors
/// What the database says.
pub async fn named(db: &impl ConnectionTrait, course: Uuid, sha256: &str) -> Result<Option<Medium>> {
    let Some(digest) = unhex(sha256) else { return Ok(None) };
    store::media::of_content(db, course, &digest).await?.as_ref().map(Medium::of).transpose()
}

pub(super) fn unhex(text: &str) -> Option<Vec<u8>> {
    let pairs = text.as_bytes().as_chunks::<2>().0;
    let digit = |b: u8| char::from(b).to_digit(16);
    let bytes: Option<Vec<u8>> =
        pairs.iter().map(|[a, b]| u8::try_from(digit(*a)? << 4 | digit(*b)?).ok()).collect();
    bytes.filter(|b| b.len() == 32 && text.len() == 64)
}

/// The answer to a reader who may have it: whole, a range, or "not changed".
///
/// # Errors
/// 404 for a medium that is not there; 416.
pub async fn answer(kit: &Kit, id: Uuid, title: &str, asked: &HeaderMap) -> Result<HttpResponse> {
    let row = store::media::find(kit.db.reader(), id).await?.ok_or_else(|| Error::new(Code::NotFound))?;
    let medium = Medium::of(&row)?;
    let key = kit.vault.key(kit.db.reader(), row.key_id).await?;
    let file_key = key.open(MEDIA_KEY, id, &row.file_key_sealed)?;
    let size = u64::try_from(row.size).map_err(|_| Error::new(Code::Internal).because("media.size"))?;
    let place = Place { deployment: kit.vault.deployment_id(), id };
    let reader = Reader::open(kit.blobs.blob(id).await?, &file_key, place, size).await?;
    let name = SentName::parse(title)?.display(medium.kind);
    let served = routes::Served { media_type: row.media_type, name, sha256: medium.sha256, reader };
    routes::answer(served, asked).await
}
