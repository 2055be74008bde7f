//! files (stand-in until its branch lands)

use sea_orm::ConnectionTrait;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::kit::crypto::DataKey;
use crate::kit::ctx::Ctx;
use crate::kit::error::Result;

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Attachment)]
pub struct AttachmentView {
    pub id: Uuid,
    #[serde(skip)]
    pub message_id: Option<Uuid>,
}

pub async fn link(
    _: &Ctx,
    _: &impl ConnectionTrait,
    _: &[Uuid],
    _: Uuid,
    _: &DataKey,
    _: Option<Uuid>,
    _: &str,
) -> Result<Vec<AttachmentView>> {
    Ok(Vec::new())
}

pub async fn of_ticket(
    _: &Ctx,
    _: &impl ConnectionTrait,
    _: Uuid,
    _: &DataKey,
    _: bool,
) -> Result<Vec<AttachmentView>> {
    Ok(Vec::new())
}
