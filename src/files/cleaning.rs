//! From what was sent to what stays: looked at whole, cleaned, and written anew under a key of its own. Memory stays
//! bounded: pictures are decoded two at a time, everything else streams.

use ring::digest::{Context, SHA256};
use tokio::sync::Semaphore;
use uuid::Uuid;

use super::model::{Kind, Purpose};
use super::parts::Parts;
use super::sealed::{Place, Writer, Written};
use super::video::{self, Blanks, Film};
use super::{audio, images, pdf};
use crate::kit::Kit;
use crate::kit::blob::Draft;
use crate::kit::crypto::stream::{FileKey, new_file_key};
use crate::kit::error::{Code, Error, Result};

/// Pictures decoded at the same time: at worst 2 × (256 MiB + a turned copy + 20 MiB in).
static DECODING: Semaphore = Semaphore::const_new(2);

/// What a file says about itself, beside its bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Traits {
    pub pixels: Option<(u32, u32)>,
    pub duration_ms: Option<i64>,
    pub pages: Option<i32>,
}

/// A file that stays; nobody sees it before it is published.
#[derive(Debug)]
pub(super) struct Cleaned {
    pub id: Uuid,
    pub kind: Kind,
    pub file_key: FileKey,
    pub written: Written,
    pub traits: Traits,
    pub draft: Draft,
}

/// # Errors
/// 415, 413 and 422 as the content has it; `STORAGE_FULL`.
pub(super) async fn clean(kit: &Kit, kind: Kind, purpose: Purpose, from: &mut Parts) -> Result<Cleaned> {
    let place = Place { deployment: kit.vault.deployment_id(), id: kit.ids.fresh()? };
    let file_key = new_file_key()?;
    let draft = kit.blobs.draft(place.id).await?;
    let mut to = Writer::begin(&kit.ids, draft, file_key.as_ref(), place)?;
    let mut kept = kind;
    let mut traits = Traits::default();
    match kind {
        Kind::Jpeg | Kind::Png | Kind::Webp => {
            let clean = decoded(kind, from).await?;
            kept = clean.kind;
            traits.pixels = Some((clean.width, clean.height));
            to.write(&clean.bytes).await?;
        }
        Kind::Mp4 | Kind::Mov | Kind::M4a => {
            let (blanks, film) = plan(from).await?;
            if kind.is_video() && purpose == Purpose::Course && !film.has_picture {
                return Err(wrong_film("这个视频没有画面，请换一个文件，或作为音频上传"));
            }
            traits.duration_ms = film.duration_ms;
            let size = from.size();
            copy(from, 0..size, &mut to, |offset, bytes| {
                blanks.apply(offset, bytes);
                Ok(())
            })
            .await?;
        }
        Kind::Mp3 => {
            let (frames, ms) = frames(from).await?;
            traits.duration_ms = Some(ms);
            copy(from, frames, &mut to, |_, _| Ok(())).await?;
        }
        Kind::Pdf => {
            let mut scan = pdf::Scan::new();
            let size = from.size();
            copy(from, 0..size, &mut to, |_, bytes| scan.add(bytes)).await?;
            traits.pages = scan.finish()?;
        }
    }
    if purpose == Purpose::Course && (kind.is_video() || kind.is_audio()) && traits.duration_ms.is_none() {
        return Err(wrong_film("文件里没有写明时长，请重新导出后再传"));
    }
    let (draft, written) = to.finish().await?;
    Ok(Cleaned { id: place.id, kind: kept, file_key, written, traits, draft })
}

fn wrong_film(detail: &'static str) -> Error {
    Error::new(Code::AttachmentBroken).detail(detail)
}

async fn decoded(kind: Kind, from: &mut Parts) -> Result<images::Clean> {
    let lost = |_| Error::new(Code::Internal).because("image decoding was lost");
    // Waiting costs no memory: the picture is read once it is its turn.
    let turn = DECODING.acquire().await.map_err(|_| Error::new(Code::Overloaded))?;
    let bytes = from.read(0..from.size()).await?;
    let clean = tokio::task::spawn_blocking(move || images::clean(kind, &bytes)).await.map_err(lost)?;
    drop(turn);
    clean
}

/// Walks the boxes of a video by reading their headers, and `moov` whole.
async fn plan(from: &mut Parts) -> Result<(Blanks, Film)> {
    let size = from.size();
    let mut top = video::Top::default();
    let mut at = 0;
    while at < size {
        let head = from.read(at..size.min(at + video::HEADER as u64)).await?;
        let found = video::header(&head, at, size)?;
        if top.add(found)? {
            let payload = from.read(found.payload..found.end).await?;
            top.movie(&payload, found.payload, size)?;
        }
        at = found.end;
    }
    top.finish()
}

/// Walks the frames of an MP3.
async fn frames(from: &mut Parts) -> Result<(std::ops::Range<u64>, i64)> {
    let size = from.size();
    let head = from.read(0..size.min(audio::TAG)).await?;
    let mut frames = audio::Frames::from(audio::tag(&head));
    while frames.at() + audio::HEADER <= size {
        let head = from.read(frames.at()..frames.at() + audio::HEADER).await?;
        if !frames.add(&head, size) {
            break;
        }
    }
    frames.finish(size)
}

async fn copy(
    from: &mut Parts,
    mut rest: std::ops::Range<u64>,
    to: &mut Writer,
    mut each: impl FnMut(u64, &mut [u8]) -> Result<()>,
) -> Result<()> {
    while rest.start < rest.end {
        let mut part = from.next(&rest).await?;
        if part.is_empty() {
            return Err(Error::new(Code::Internal).because("a file ended early"));
        }
        each(rest.start, &mut part)?;
        to.write(&part).await?;
        rest.start += part.len() as u64;
    }
    Ok(())
}

/// SHA-256 of what was sent.
///
/// # Errors
/// A part that does not open.
pub(super) async fn digest(from: &mut Parts) -> Result<Vec<u8>> {
    let mut digest = Context::new(&SHA256);
    let mut rest = 0..from.size();
    while rest.start < rest.end {
        let part = from.next(&rest).await?;
        if part.is_empty() {
            return Err(Error::new(Code::Internal).because("a file ended early"));
        }
        digest.update(&part);
        rest.start += part.len() as u64;
    }
    Ok(digest.finish().as_ref().to_vec())
}
