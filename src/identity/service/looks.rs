//! 谁看过我的信息: the looks at the caller's own unmasked data, newest first.

use super::super::entity::PURPOSE;
use super::super::policy::{Action, Facts, authorise};
use super::super::views::Look;
use super::super::{people, store};
use crate::kit::ctx::Ctx;
use crate::kit::error::{Code, Error, Result};
use crate::kit::page::{Cursor, Page};

/// # Errors
/// 403 `NOT_BOUND`; what the database says.
pub async fn list(ctx: &Ctx, limit: u64, after: Option<Cursor>) -> Result<Page<Look>> {
    authorise(&ctx.actor, Action::ReadAccessLog, &Facts::Nothing)?;
    let subject = ctx.member()?.person_id;
    let db = ctx.kit.db.reader();
    let rows = store::reveals_of(db, subject, after.map(|c| c.id), limit.saturating_add(1)).await?;
    let viewers = people::named(ctx, db, rows.iter().map(|r| r.viewer_id)).await?;
    let person = store::person(db, subject).await?.ok_or_else(|| Error::new(Code::NotFound))?;
    let key = ctx.kit.vault.key(db, person.key_id).await?;
    let mut items = Vec::with_capacity(rows.len());
    for row in rows {
        let viewer = viewers.get(&row.viewer_id).cloned();
        items.push(Look {
            at: row.at,
            viewer: viewer.ok_or_else(|| Error::new(Code::Internal).because("a viewer without a person"))?,
            purpose: key.open_text(PURPOSE, row.id, &row.purpose_sealed)?,
            fields: row.fields.split(';').map(str::to_owned).collect(),
            ticket_number: row.ticket_number,
            place: row.id,
        });
    }
    Ok(Page::from_surplus(items, limit, |look| Cursor { key: 0, id: look.place }))
}
