//! What clients see of an attachment and of an upload that is on its way.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::entity::{DIGEST, Model, NAME, upload};
use crate::kit::crypto::DataKey;
use crate::kit::error::{Code, Error, Result};

/// An attachment: its contents are at `GET /api/v1/attachments/{id}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Attachment)]
pub struct AttachmentView {
    pub id: Uuid,
    /// File name for display; its extension fits the media type.
    pub name: String,
    /// Bytes.
    pub size: i64,
    /// `image/jpeg`, `image/png`, `image/webp`, `video/mp4`, `video/quicktime` or `application/pdf`.
    pub media_type: String,
    /// Of the contents as stored, in hex.
    pub sha256: String,
    /// Pixels, of images.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub width: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub height: Option<i32>,
    /// The message that carries it; `None` belongs to the ticket itself. For grouping, not for the wire.
    #[serde(skip)]
    pub message_id: Option<Uuid>,
    #[serde(skip)]
    pub uploader_id: Uuid,
}

impl AttachmentView {
    pub(super) fn open(row: &Model, key: &DataKey) -> Result<Self> {
        let digest = key.open(DIGEST, row.id, &row.digest_sealed)?;
        if digest.len() != 32 {
            return Err(Error::new(Code::DecryptFailed).because("a stored digest is not SHA-256"));
        }
        Ok(Self {
            id: row.id,
            name: key.open_text(NAME, row.id, &row.name_sealed)?,
            size: row.size,
            media_type: row.media_type.clone(),
            sha256: super::hex(&digest),
            width: row.width,
            height: row.height,
            message_id: row.message_id,
            uploader_id: row.uploader_id,
        })
    }
}

/// A file that is going to be uploaded.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewUpload {
    /// The file's name; its extension must fit the type. It is not kept.
    #[schema(max_length = 255)]
    pub name: String,
    /// Bytes: videos and sound up to 1 GiB, PDF up to 100 MiB, pictures up to 20 MiB.
    #[schema(minimum = 1)]
    pub size: i64,
    /// `video/mp4`, `video/quicktime`, `audio/mp4`, `audio/mpeg`, `application/pdf`, `image/jpeg`, `image/png` or
    /// `image/webp`.
    #[schema(max_length = 100)]
    pub media_type: String,
    /// Of the whole file, in hex: then what arrived is compared with it.
    #[schema(min_length = 64, max_length = 64)]
    pub sha256: Option<String>,
}

/// How far an upload got.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Upload)]
pub struct UploadView {
    pub id: Uuid,
    /// Bytes that have arrived: go on from there.
    pub offset: i64,
    /// Bytes of the whole.
    pub size: i64,
    pub media_type: String,
    /// Whole, looked at, and ready to be part of a course.
    pub ready: bool,
}

impl UploadView {
    pub(super) fn of(row: &upload::Model) -> Self {
        Self {
            id: row.id,
            offset: row.received,
            size: row.size,
            media_type: row.media_type.clone(),
            ready: row.media_id.is_some(),
        }
    }
}
