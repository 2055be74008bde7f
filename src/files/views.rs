//! What clients see of an attachment.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::entity::{DIGEST, Model, NAME};
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
