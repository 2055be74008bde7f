//! An upload as it arrives: bytes go sealed to a draft under a key that only this process knows, are
//! then looked at, cleaned, and written again as the sealed file that stays. Plain bytes never touch the
//! disk.

use ring::digest::{Context, SHA256};
use uuid::Uuid;

use super::cleaning::{self, Cleaned, Traits};
use super::model::{HEAD, Kind, Purpose, SentName};
use super::parts::Parts;
use super::sealed::{Place, Reader, Writer, Written};
use crate::kit::Kit;
use crate::kit::crypto::stream::{FileKey, new_file_key};
use crate::kit::error::{Code, Error, Result};

/// Receives one file.
pub struct Intake {
    purpose: Purpose,
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
    pub(super) cleaned: Cleaned,
    pub(super) name: String,
    /// SHA-256 of what was sent, and its name: the same again is the same submission.
    pub(super) fingerprint: Vec<u8>,
}

impl Intake {
    /// # Errors
    /// A name that misleads; `STORAGE_FULL`.
    pub async fn begin(kit: &Kit, purpose: Purpose, name: &str, declared: Option<&str>) -> Result<Self> {
        let name = SentName::parse(name)?;
        let spool_place = Place { deployment: kit.vault.deployment_id(), id: kit.ids.fresh()? };
        let spool_key = new_file_key()?;
        let draft = kit.blobs.draft(spool_place.id).await?;
        let spool = Writer::begin(&kit.ids, draft, spool_key.as_ref(), spool_place)?;
        Ok(Self {
            purpose,
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
        if self.size > self.kind.unwrap_or(Kind::Mp4).most(self.purpose) {
            return Err(Error::new(Code::AttachmentTooLarge));
        }
        self.sent.update(bytes);
        self.spool.write(bytes).await
    }

    fn decide(&mut self) -> Result<Kind> {
        let kind = Kind::sniff(&self.head)
            .filter(|kind| kind.most(self.purpose) > 0)
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
        let from =
            Reader::open(spooled.written(), self.spool_key.as_ref(), self.spool_place, sent.size).await?;

        let cleaned = cleaning::clean(kit, kind, self.purpose, &mut Parts::whole(from)).await?;
        let name = self.name.display(cleaned.kind);
        Ok(Checked { cleaned, name, fingerprint })
    }
}

impl Checked {
    /// Makes it durable; the row in the database comes after.
    pub(super) async fn publish(self) -> Result<Published> {
        let Cleaned { id, kind, file_key, written, traits, draft } = self.cleaned;
        draft.publish().await?;
        Ok(Published { id, kind, name: self.name, file_key, written, traits })
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
    pub traits: Traits,
}
