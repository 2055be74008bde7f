//! Façade: each look at somebody's unmasked data is written down and shown to that person
//! (个人信息保护法 45). The purpose is sealed under the subject's own key and goes when they go.

use sea_orm::{ActiveValue, ConnectionTrait, EntityTrait};
use serde_json::json;
use uuid::Uuid;

use super::entity::{PURPOSE, reveal};
use super::store;
use crate::kit::ctx::Ctx;
use crate::kit::error::{Code, Error, Result};
use crate::ledger::{self, Entry};

/// The ticket on whose account somebody looked.
#[derive(Clone, Copy, Debug)]
pub struct OnTicket<'a> {
    pub id: Uuid,
    /// As people know it: `GZ-2026-000123`.
    pub number: &'a str,
}

/// Writes the look and its ledger entry, in the transaction that answers it. Returns the ledger entry's id.
///
/// # Errors
/// 404 for an unknown subject; what the database says.
pub async fn record(
    ctx: &Ctx,
    tx: &impl ConnectionTrait,
    subject: Uuid,
    purpose: &str,
    fields: &[&'static str],
    ticket: Option<OnTicket<'_>>,
) -> Result<Uuid> {
    let viewer = ctx.member()?.person_id;
    let person = store::person(tx, subject).await?.ok_or_else(|| Error::new(Code::NotFound))?;
    let key = ctx.kit.vault.key(tx, person.key_id).await?;
    let id = ctx.kit.ids.fresh()?;
    let sealed = key.seal(PURPOSE, id, purpose.as_bytes())?;
    let content = sealed.0.clone();
    reveal::Entity::insert(reveal::ActiveModel {
        id: ActiveValue::Set(id),
        subject_id: ActiveValue::Set(subject),
        viewer_id: ActiveValue::Set(viewer),
        purpose_sealed: ActiveValue::Set(sealed),
        fields: ActiveValue::Set(fields.join(";")),
        ticket_id: ActiveValue::Set(ticket.map(|t| t.id)),
        ticket_number: ActiveValue::Set(ticket.map(|t| t.number.to_owned())),
        at: ActiveValue::Set(ctx.now),
    })
    .exec_without_returning(tx)
    .await?;
    let entry = Entry {
        action: "person.reveal",
        object_kind: "person",
        object_id: subject,
        detail: json!({ "fields": fields, "ticket_id": ticket.map(|t| t.id) }),
        content: &[&content],
    };
    ledger::append(ctx, tx, entry).await
}
