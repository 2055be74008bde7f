//! Showing a reporter's contact unmasked: for a purpose, written down in the same transaction, and
//! visible to the reporter.

use serde_json::json;
use uuid::Uuid;

use super::history::{self, By, Step};
use super::{body, book, enter, facts, find_permitted, state};
use crate::identity::reveals::OnTicket;
use crate::identity::{people, policy, reveals};
use crate::kit::ctx::Ctx;
use crate::kit::error::{Code, Error, Result};
use crate::tickets::entity::CONTACT;
use crate::tickets::model::Visibility;
use crate::tickets::model::standing::event as words;
use crate::tickets::requests::RevealBody;
use crate::tickets::store::write;
use crate::tickets::views::Revealed;

const FIELDS: &[&str] = &["name", "phone", "contact"];

/// # Errors
/// 404 or 403 as the policy says; 422 without a purpose. Nothing is shown that was not written down.
pub async fn reveal(ctx: &Ctx, id: Uuid, asked: &RevealBody) -> Result<Revealed> {
    enter(ctx)?;
    find_permitted(ctx, id, policy::Action::Reveal).await?;
    let purpose = body::purpose(&asked.purpose)?;

    let book = book(&ctx.kit).await?;
    let tx = ctx.kit.db.write_tx().await?;
    let mut row = write::lock(&tx, id).await?.ok_or_else(|| Error::new(Code::NotFound))?;
    policy::allow(&ctx.actor, policy::Action::Reveal, &facts(ctx, &*tx, &row).await?).require()?;
    let events = write::events(&*tx, id).await?;
    let key = ctx.kit.vault.key(&*tx, row.key_id).await?;
    let contact = row.contact_sealed.as_ref().map(|c| key.open_text(CONTACT, id, c)).transpose()?;
    let reporter = people::contact_of(ctx, &*tx, row.reporter_id).await?;
    let on = OnTicket { id, number: &row.number };
    reveals::record(ctx, &*tx, row.reporter_id, &purpose, FIELDS, Some(on)).await?;
    let same = state(&row.state)?;
    let step = Step {
        id: ctx.kit.ids.fresh()?,
        event: words::REVEAL,
        visibility: Visibility::Public,
        from: Some(same),
        to: same,
        detail: json!({ "fields": FIELDS }),
        text: None,
        content: Vec::new(),
    };
    let change = history::plan((&ctx.kit, &book), &tx, By::Person(ctx), &mut row, &events, step).await?;
    write::update_ticket(&tx, row.version, row).await?;
    history::save((&ctx.kit, &book), &tx, change).await?;
    tx.commit().await?;
    Ok(Revealed { reporter_name: reporter.name, reporter_phone: reporter.phone, contact })
}
