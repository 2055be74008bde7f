//! Attachments: checked by what they contain, cleaned of places and devices, sealed on disk under a key
//! of their own that hangs on the uploader first and on the ticket or contract record once linked.
//!
//! What is stored is never what was sent but what came out of the cleaning; a client's file name is
//! never a path.

mod audio;
mod cleaning;
mod download;
pub mod entity;
mod images;
pub mod intake;
pub mod jobs;
pub mod media;
pub mod model;
mod parts;
mod pdf;
mod pdf_objects;
mod routes;
mod sealed;
mod service;
mod store;
pub mod upload;
mod uploads;
mod video;
mod views;

use std::sync::Arc;

use futures_util::future::LocalBoxFuture;
use uuid::Uuid;

use crate::kit::crypto::DataKey;
use crate::kit::ctx::Ctx;
use crate::kit::error::Result;

pub use entity::{DIGEST, FILE_KEY, NAME};
pub use model::Visibility;
pub use routes::routes;
pub use service::{link, link_to_record, of_record, of_ticket};
pub use views::{AttachmentView, AttachmentView as Attachment};

/// What an attachment hangs on once it is no longer loose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    Ticket(Uuid),
    /// A record of the agreement itself: a milestone, a delivery, a maintenance record.
    ContractRecord(Uuid),
}

/// Asked before an attachment that hangs on something is read: the owner's key when this caller may see it,
/// otherwise the same 404 as for what does not exist. The composition root asks the feature that owns it.
pub type Gate = Arc<dyn Fn(Ctx, Owner, Visibility) -> LocalBoxFuture<'static, Result<DataKey>> + Send + Sync>;

use crate::ledger::hex;

#[cfg(test)]
mod tests;
