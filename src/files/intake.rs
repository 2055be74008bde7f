//! An upload as it arrives: bytes go sealed to a draft under a key that only this process knows, are
//! then looked at, cleaned, and written again as the sealed file that stays. Plain bytes never touch the
//! disk, and memory stays bounded: images are decoded two at a time, everything else streams.

use ring::digest::{Context, SHA256};
use tokio::sync::Semaphore;
use uuid::Uuid;

use super::images;
use super::model::{HEAD, Kind, SentName};
use super::pdf;
use super::sealed::{Place, Reader, Writer, Written};
use super::video::{self, Blanks};
use crate::kit::Kit;
use crate::kit::blob::Draft;
use crate::kit::crypto::stream::{FileKey, new_file_key};
use crate::kit::error::{Code, Error, Result};

/// Pictures decoded at the same time: at worst 2 × (256 MiB + a turned copy + 20 MiB in).
static DECODING: Semaphore = Semaphore::const_new(2);

/// Receives one file.
pub struct Intake {
    name: SentName,
    declared: Option<String>,
    /// Until the kind is known.
    head: Vec<u8>,
    kind: Option<Kind>,
    sent: Context,
    size: u64,
    spool: Writer,
    spool_key: FileKey,
    spool_place: Place,
}

/// A file that was looked at and cleaned; nobody sees it before it is published.
#[derive(Debug)]
pub struct Checked {
    pub(super) id: Uuid,
    pub(super) kind: Kind,
    pub(super) name: String,
    pub(super) file_key: FileKey,
    pub(super) written: Written,
    pub(super) pixels: Option<(u32, u32)>,
    /// SHA-256 of what was sent, and its name: the same again is the same submission.
    pub(super) fingerprint: Vec<u8>,
    draft: Draft,
}

impl Intake {
    /// # Errors
    /// A name that misleads; `STORAGE_FULL`.
    pub async fn begin(kit: &Kit, name: &str, declared: Option<&str>) -> Result<Self> {
        let name = SentName::parse(name)?;
        let spool_place = Place { deployment: kit.vault.deployment_id(), id: kit.ids.fresh()? };
        let spool_key = new_file_key()?;
        let draft = kit.blobs.draft(spool_place.id).await?;
        let spool = Writer::begin(&kit.ids, draft, spool_key.as_ref(), spool_place)?;
        Ok(Self {
            name,
            declared: declared.map(str::to_owned),
            head: Vec::with_capacity(HEAD),
            kind: None,
            sent: Context::new(&SHA256),
            size: 0,
            spool,
            spool_key,
            spool_place,
        })
    }

    /// Takes the next bytes.
    ///
    /// # Errors
    /// 415 as soon as the beginning tells that it is nothing we take, 413 as soon as it is too much.
    pub async fn push(&mut self, bytes: &[u8]) -> Result<()> {
        self.size += bytes.len() as u64;
        if self.kind.is_none() {
            let room = HEAD.saturating_sub(self.head.len());
            self.head.extend_from_slice(bytes.get(..room).unwrap_or(bytes));
            if self.head.len() >= HEAD {
                self.decide()?;
            }
        }
        if self.size > self.kind.map_or(Kind::Mp4.most(), Kind::most) {
            return Err(Error::new(Code::AttachmentTooLarge));
        }
        self.sent.update(bytes);
        self.spool.write(bytes).await
    }

    fn decide(&mut self) -> Result<Kind> {
        let kind = Kind::sniff(&self.head)
            .filter(|kind| kind.agrees(self.name.extension(), self.declared.as_deref()))
            .ok_or_else(|| Error::new(Code::AttachmentType))?;
        self.kind = Some(kind);
        Ok(kind)
    }

    /// Looks at the whole and writes what stays.
    ///
    /// # Errors
    /// 415, 413 and 422 as the content has it; `STORAGE_FULL`.
    pub async fn finish(mut self, kit: &Kit) -> Result<Checked> {
        let kind = match self.kind {
            Some(kind) => kind,
            None => self.decide()?,
        };
        let mut fingerprint = self.sent.finish().as_ref().to_vec();
        fingerprint.extend_from_slice(self.name.display(kind).as_bytes());
        let (spooled, sent) = self.spool.finish().await?;
        let mut from =
            Reader::open(spooled.written(), self.spool_key.as_ref(), self.spool_place, sent.size).await?;

        let place = Place { deployment: self.spool_place.deployment, id: kit.ids.fresh()? };
        let file_key = new_file_key()?;
        let draft = kit.blobs.draft(place.id).await?;
        let mut to = Writer::begin(&kit.ids, draft, file_key.as_ref(), place)?;
        let mut pixels = None;
        let mut kept = kind;
        match kind {
            Kind::Jpeg | Kind::Png | Kind::Webp => {
                let clean = decoded(kind, &mut from).await?;
                kept = clean.kind;
                pixels = Some((clean.width, clean.height));
                to.write(&clean.bytes).await?;
            }
            Kind::Mp4 | Kind::Mov => {
                let blanks = plan(&mut from).await?;
                copy(&mut from, &mut to, |offset, bytes| {
                    blanks.apply(offset, bytes);
                    Ok(())
                })
                .await?;
            }
            Kind::Pdf => {
                let mut scan = pdf::Scan::default();
                copy(&mut from, &mut to, |_, bytes| scan.add(bytes)).await?;
                scan.finish()?;
            }
        }
        let (draft, written) = to.finish().await?;
        let name = self.name.display(kept);
        Ok(Checked { id: place.id, kind: kept, name, file_key, written, pixels, fingerprint, draft })
    }
}

impl Checked {
    /// Makes it durable; the row in the database comes after.
    pub(super) async fn publish(self) -> Result<Published> {
        self.draft.publish().await?;
        Ok(Published {
            id: self.id,
            kind: self.kind,
            name: self.name,
            file_key: self.file_key,
            written: self.written,
            pixels: self.pixels,
        })
    }
}

/// A file whose blob is durable.
#[derive(Debug)]
pub(super) struct Published {
    pub id: Uuid,
    pub kind: Kind,
    pub name: String,
    pub file_key: FileKey,
    pub written: Written,
    pub pixels: Option<(u32, u32)>,
}

async fn decoded(kind: Kind, from: &mut Reader) -> Result<images::Clean> {
    let lost = |_| Error::new(Code::Internal).because("image decoding was lost");
    // Waiting costs no memory: the picture is read once it is its turn.
    let turn = DECODING.acquire().await.map_err(|_| Error::new(Code::Overloaded))?;
    let bytes = from.read(0..from.size()).await?;
    let clean = tokio::task::spawn_blocking(move || images::clean(kind, &bytes)).await.map_err(lost)?;
    drop(turn);
    clean
}

/// Walks the boxes of a video by reading their headers, and `moov` whole.
async fn plan(from: &mut Reader) -> Result<Blanks> {
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

async fn copy(
    from: &mut Reader,
    to: &mut Writer,
    mut each: impl FnMut(u64, &mut [u8]) -> Result<()>,
) -> Result<()> {
    let mut rest = 0..from.size();
    while rest.start < rest.end {
        let mut part = from.next(&rest).await?;
        each(rest.start, &mut part)?;
        to.write(&part).await?;
        rest.start += part.len() as u64;
    }
    Ok(())
}
