//! Where the caller is signed in, and ending that. Ending acts on the next request of that device.

use std::collections::HashMap;

use serde_json::json;
use uuid::Uuid;

use super::super::entity::DEVICE;
use super::super::policy::{Action, Facts, authorise};
use super::super::store;
use super::super::views::Device;
use crate::kit::ctx::Ctx;
use crate::kit::error::{Code, Error, Result};
use crate::kit::page::Page;
use crate::ledger::{self, Entry};

/// # Errors
/// 503 when a store is away.
pub async fn list(ctx: &Ctx) -> Result<Page<Device>> {
    authorise(&ctx.actor, Action::ListSessions, &Facts::Nothing)?;
    let db = ctx.kit.db.reader();
    let live = ctx.kit.sessions.list(ctx.actor.account_id, ctx.now).await?;
    let ids: Vec<Uuid> = live.iter().map(|l| l.actor.session_id).collect();
    let rows = store::sessions(db, &ids).await?;
    let by_id: HashMap<Uuid, _> = rows.into_iter().map(|r| (r.id, r)).collect();
    let account = store::account(db, ctx.actor.account_id).await?;
    let account = account.ok_or_else(|| Error::new(Code::SessionEnded))?;
    let key = ctx.kit.vault.key(db, account.key_id).await?;
    let mut items = Vec::with_capacity(live.len());
    for session in live.iter().rev() {
        let id = session.actor.session_id;
        // Live but not yet written down: a login that is under way this moment.
        let Some(row) = by_id.get(&id) else { continue };
        items.push(Device {
            id,
            device: key.open_text(DEVICE, id, &row.device_sealed)?,
            created_at: session.created_at,
            last_seen_at: session.last_seen_at,
            current: id == ctx.actor.session_id,
        });
    }
    Ok(Page::whole(items))
}

/// # Errors
/// 404 for a session that is not the caller's; 503 when a store is away.
pub async fn end(ctx: &Ctx, session_id: Uuid) -> Result<()> {
    let rows = store::sessions(ctx.kit.db.reader(), &[session_id]).await?;
    let row = rows.into_iter().next().ok_or_else(|| Error::new(Code::NotFound))?;
    authorise(&ctx.actor, Action::EndSession, &Facts::OwnedBy(row.account_id))?;
    // The live one first: from here on it opens nothing, whatever happens to the record.
    ctx.kit.sessions.end(row.account_id, session_id).await?;
    if row.ended_at.is_some() {
        return Ok(());
    }
    let tx = ctx.kit.db.write_tx().await?;
    store::end_sessions(&*tx, &[session_id], ctx.now, "signed_out").await?;
    let entry = Entry {
        action: "session.end",
        object_kind: "session",
        object_id: session_id,
        detail: json!({ "by_session": ctx.actor.session_id }),
        content: &[],
    };
    ledger::append(ctx, &*tx, entry).await?;
    tx.commit().await
}
