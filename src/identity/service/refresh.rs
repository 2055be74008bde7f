//! A refresh token for the next pair. A token that comes a second time means that two hold it: the session
//! ends for both, and stays ended although the answer is an error.

use std::sync::Arc;

use serde_json::json;

use super::super::store;
use super::super::views::SessionAnswer;
use super::Arrival;
use super::standing::mint;
use crate::kit::Kit;
use crate::kit::crypto::Tokens;
use crate::kit::ctx::Ctx;
use crate::kit::error::{Code, Error, Result};
use crate::kit::session::{LiveSession, Rotation};
use crate::ledger::{self, Entry};

/// # Errors
/// 401 `SESSION_ENDED` whatever is wrong with the token, its session or its person; 503 when a store is away.
pub async fn refresh(kit: &Arc<Kit>, arrival: Arrival, token: &str) -> Result<SessionAnswer> {
    let ended = |why: &'static str| Error::new(Code::SessionEnded).because(why);
    let now = arrival.now;
    let claim = Tokens::parse_refresh(token)?;
    let live = kit.sessions.find(&claim.sid, now).await?.ok_or_else(|| ended("no live session"))?;
    if !Tokens::refresh_matches(&claim, &live.refresh_mac_key) {
        return Err(ended("refresh token is not ours"));
    }
    let live = match kit.sessions.rotate(&claim.sid, claim.counter, now).await? {
        Rotation::Advanced(live) => {
            store::touch_session(kit.db.writer(), &live).await?;
            live
        }
        Rotation::Repeated(live) => live,
        Rotation::Reused(live) => {
            reused(kit, arrival, &live).await?;
            return Err(ended("refresh token came again"));
        }
        Rotation::Gone => return Err(ended("session ended meanwhile")),
    };
    // A leaver's refresh ends like any other that is over.
    mint(kit, &claim.sid, &live, now).await.map_err(|err| match err.code() {
        Code::Forbidden => ended("the person has left"),
        _ => err,
    })
}

async fn reused(kit: &Arc<Kit>, arrival: Arrival, live: &LiveSession) -> Result<()> {
    let ctx = Ctx {
        kit: Arc::clone(kit),
        actor: live.actor.clone(),
        request_id: arrival.request_id,
        now: arrival.now,
    };
    let tx = kit.db.write_tx().await?;
    store::end_sessions(&*tx, &[live.actor.session_id], ctx.now, "reuse").await?;
    let entry = Entry {
        action: "session.reuse",
        object_kind: "session",
        object_id: live.actor.session_id,
        detail: json!({ "account_id": live.actor.account_id }),
        content: &[],
    };
    ledger::append(&ctx, &*tx, entry).await?;
    tx.commit().await
}
