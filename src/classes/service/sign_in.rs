//! Signing in and out with the code on the trainer's screen.

use serde_json::json;
use uuid::Uuid;

use super::{allowed, not_now, secret, seen, standing, state, whole};
use crate::classes::entity::{attendance, class};
use crate::classes::model::code::{self, CodePurpose};
use crate::classes::model::{ClassState, Method};
use crate::classes::store;
use crate::classes::views::{ClassView, SignInCode};
use crate::contract;
use crate::identity::policy::Action;
use crate::kit::clock::Timestamp;
use crate::kit::ctx::Ctx;
use crate::kit::error::{Code, Error, Result};
use crate::ledger;

/// Wrong tries of one person: guessing six digits in ten tries is hopeless.
const LIMIT: &str = "class code";
const TRIES: u32 = 10;
const TRIES_SECONDS: i64 = 300;
/// From here on people sign out, unless the trainer asks otherwise.
const LAST_MINUTES_MS: i64 = 10 * 60 * 1000;

/// The code for the trainer's screen.
///
/// # Errors
/// 403, 404; 409 unless the class runs.
pub async fn show_code(ctx: &Ctx, id: Uuid, purpose: Option<CodePurpose>) -> Result<SignInCode> {
    let row = seen(ctx, store::find(ctx.kit.db.reader(), id).await?, Action::RunClass)?;
    if state(&row)? != ClassState::Running {
        let standing = standing(ctx, &row, None, 0).await?;
        return Err(not_now(&allowed(ctx, &row, &standing)));
    }
    let key = contract::key(ctx).await?;
    let by_time = if is_near_the_end(&row, ctx.now) { CodePurpose::SignOut } else { CodePurpose::SignIn };
    let purpose = purpose.unwrap_or(by_time);
    let shown = code::shown(&secret(&row, &key)?, id, purpose, ctx.now);
    Ok(SignInCode {
        code: shown.code,
        purpose,
        expires_at: shown.expires_at,
        refresh_in_ms: shown.refresh_in_ms,
    })
}

fn is_near_the_end(row: &class::Model, now: Timestamp) -> bool {
    now >= row.ends_at.plus_millis(-LAST_MINUTES_MS)
}

/// Signs the caller in or out; doing it again changes nothing.
///
/// # Errors
/// 403, 404; 409 unless the class runs, or for a sign-out of somebody who never signed in; 422
/// `SIGN_IN_CODE_STALE`; 429 after ten wrong tries in five minutes.
pub async fn sign(ctx: &Ctx, id: Uuid, purpose: CodePurpose, tried: &str) -> Result<ClassView> {
    let row = seen(ctx, store::find(ctx.kit.db.reader(), id).await?, Action::AttendClass)?;
    let me = ctx.member()?.person_id;
    // Counted before anything is told, and taken back where it was right: tries at once cannot slip through.
    ctx.kit.limits.hit(LIMIT, me.as_bytes(), TRIES, TRIES_SECONDS, ctx.now).await?;
    let key = contract::key(ctx).await?;
    if state(&row)? != ClassState::Running {
        return Err(Error::new(Code::ActionNotAllowed).detail("培训还没开始或已经结束"));
    }
    if !code::is_taken(&secret(&row, &key)?, id, purpose, tried.trim(), ctx.now) {
        return Err(Error::new(Code::SignInCodeStale));
    }
    ctx.kit.limits.forgive(LIMIT, me.as_bytes()).await?;
    let tx = ctx.kit.db.write_tx().await?;
    // Held, so that nobody comes onto a roster that is being signed.
    let row = store::lock(&tx, id).await?.ok_or_else(|| Error::new(Code::NotFound))?;
    if state(&row)? != ClassState::Running {
        return Err(Error::new(Code::ActionNotAllowed).detail("培训已经结束"));
    }
    let known = store::of_person(&*tx, &[id], me).await?.remove(&id);
    let before = known.clone();
    let fresh = ctx.kit.ids.fresh()?;
    let mut mine = known.unwrap_or(attendance::Model {
        id: fresh,
        class_id: id,
        person_id: me,
        enrolled_at: None,
        signed_in_at: None,
        method: None,
        signed_out_at: None,
        marked_by: None,
        reason_sealed: None,
    });
    let action = match purpose {
        CodePurpose::SignIn => {
            if mine.signed_in_at.is_none() {
                mine.signed_in_at = Some(ctx.now);
                mine.method = Some(Method::Code.wire().to_owned());
            }
            "class.signed_in"
        }
        CodePurpose::SignOut if mine.signed_in_at.is_none() => {
            return Err(Error::new(Code::ActionNotAllowed).detail("还没有签到，不能签退"));
        }
        CodePurpose::SignOut => {
            mine.signed_out_at.get_or_insert(ctx.now);
            "class.signed_out"
        }
    };
    if before.as_ref() != Some(&mine) {
        store::save(&tx, mine).await?;
        let entry = ledger::Entry {
            action,
            object_kind: "class",
            object_id: id,
            detail: json!({ "number": row.number }),
            content: &[],
        };
        ledger::append(ctx, &*tx, entry).await?;
        tx.commit().await?;
    }
    whole(ctx, &row).await
}
