//! Giving and withdrawing consent. Both are rows that stay; what stands is the last one of a purpose.

use serde_json::json;

use super::super::policy::{Action, Facts, authorise};
use super::super::views::{Consent, ConsentBody};
use super::super::{notice, store};
use super::standing::follow;
use crate::kit::ctx::Ctx;
use crate::kit::error::{Code, Error, Result};
use crate::ledger::{self, Entry};

/// # Errors
/// 422 for a purpose that the notice does not have; 409 `NOTICE_VERSION_STALE`; 503 when a store is away.
pub async fn give(ctx: &Ctx, body: &ConsentBody) -> Result<Consent> {
    authorise(&ctx.actor, Action::GiveConsent, &Facts::Nothing)?;
    let notice = notice::current();
    if !notice.has_purpose(&body.purpose) {
        return Err(Error::field("purpose", "PURPOSE_UNKNOWN", "隐私说明里没有这项用途"));
    }
    if body.notice_version != notice.version {
        return Err(Error::new(Code::NoticeVersionStale).with("notice_version", notice.version.as_str()));
    }
    let account = ctx.actor.account_id;
    let standing = store::standing_consents(ctx.kit.db.reader(), account).await?;
    let same = |c: &Consent| c.purpose == body.purpose && c.notice_version == body.notice_version;
    if let Some(given) = standing.into_iter().find(same) {
        follow(&ctx.kit, account, ctx.now).await?;
        return Ok(given);
    }
    record(ctx, &body.purpose, &body.notice_version, "given").await?;
    Ok(Consent {
        purpose: body.purpose.clone(),
        notice_version: body.notice_version.clone(),
        given_at: ctx.now,
    })
}

/// Withdrawing what was not given changes nothing.
///
/// # Errors
/// 404 for a purpose that the notice does not have; 503 when a store is away.
pub async fn withdraw(ctx: &Ctx, purpose: &str) -> Result<()> {
    authorise(&ctx.actor, Action::WithdrawConsent, &Facts::Nothing)?;
    let standing = store::standing_consents(ctx.kit.db.reader(), ctx.actor.account_id).await?;
    match standing.into_iter().find(|c| c.purpose == purpose) {
        Some(given) => record(ctx, purpose, &given.notice_version, "withdrawn").await,
        None if notice::current().has_purpose(purpose) => {
            follow(&ctx.kit, ctx.actor.account_id, ctx.now).await
        }
        None => Err(Error::new(Code::NotFound)),
    }
}

async fn record(ctx: &Ctx, purpose: &str, version: &str, action: &'static str) -> Result<()> {
    let account = ctx.actor.account_id;
    let tx = ctx.kit.db.write_tx().await?;
    let id = ctx.kit.ids.fresh()?;
    store::add_consent(&*tx, id, account, (purpose, version, action), ctx.now).await?;
    store::advance_authorisation(&*tx, account).await?;
    let entry = Entry {
        action: if action == "given" { "consent.give" } else { "consent.withdraw" },
        object_kind: "account",
        object_id: account,
        detail: json!({ "purpose": purpose, "notice_version": version }),
        content: &[],
    };
    ledger::append(ctx, &*tx, entry).await?;
    tx.commit().await?;
    follow(&ctx.kit, account, ctx.now).await
}
