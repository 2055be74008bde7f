//! Binding an account to a person of the roster, by invitation or by phone and employee number.
//!
//! The account that tries is limited, never the person tried for, so that nobody can be locked out by
//! others. Wrong, unknown, used and expired get one answer after the same work. The new roles count in
//! the same session from the next request on. An invitation for somebody who is bound replaces the account they had:
//! its sessions end before the new binding counts, and what was opened meanwhile ends after it.

use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use unicode_normalization::UnicodeNormalization;
use uuid::Uuid;

use super::super::entity::{EMPLOYEE_NO_INDEX, PHONE_INDEX, SUBJECT, account, invitation, person};
use super::super::policy::{Action, Facts, authorise};
use super::super::views::{BindingBody, Me};
use super::super::{model, store};
use super::standing::{Standing, follow};
use super::{place_of, profile};
use crate::kit::actor::Side;
use crate::kit::crypto::blind;
use crate::kit::ctx::Ctx;
use crate::kit::db::WriteTx;
use crate::kit::error::{Code, Error, Result};
use crate::ledger::{self, Entry};
use crate::wechat;

const PER_ACCOUNT: (u32, i64) = (5, 15 * 60);
const PER_PLACE: (u32, i64) = (20, 3600);
const PHONE_CODE_SECONDS: i64 = 600;

enum Claim<'a> {
    Invitation(&'a str),
    Phone { code: &'a str, employee_no: &'a str },
}

/// `told` is given the person whose account was replaced, in the transaction of it.
///
/// # Errors
/// 409 `ALREADY_BOUND`, 422 for a body of neither form, 422 `BINDING_REFUSED`, 429
/// `BINDING_TRIES_EXCEEDED`, WeChat's own, 503 when a store is away.
pub async fn bind(
    ctx: &Ctx,
    wechat: &wechat::Client,
    ip: std::net::IpAddr,
    body: &BindingBody,
    told: impl AsyncFnOnce(&WriteTx, Uuid) -> Result<()>,
) -> Result<Me> {
    authorise(&ctx.actor, Action::Bind, &Facts::Nothing)?;
    let claim = claim_of(body)?;
    let account = store::account(ctx.kit.db.reader(), ctx.actor.account_id).await?;
    let account = account.ok_or_else(|| Error::new(Code::SessionEnded).because("no such account"))?;
    if account.person_id.is_some() {
        // Bound by a request whose answer was lost before the sessions heard of it: tell them now.
        follow(&ctx.kit, account.id, ctx.now).await?;
        return Err(Error::new(Code::AlreadyBound));
    }
    limited(ctx, ip).await?;
    let person_id = match claim {
        Claim::Invitation(code) => by_invitation(ctx, &account, code, told).await?,
        Claim::Phone { code, employee_no } => by_phone(ctx, wechat, &account, code, employee_no).await?,
    };
    tracing::info!(account = %account.id, person = %person_id, "bound");
    follow(&ctx.kit, account.id, ctx.now).await?;
    let standing = Standing::read(&ctx.kit, account.id).await?;
    profile::of(&ctx.kit, &standing.ok_or_else(|| Error::new(Code::SessionEnded))?)
}

fn claim_of(body: &BindingBody) -> Result<Claim<'_>> {
    let given = |text: &Option<String>| text.as_deref().is_some_and(|t| !t.trim().is_empty());
    match (given(&body.invitation), given(&body.phone_code), given(&body.employee_no)) {
        (true, false, false) => Ok(Claim::Invitation(body.invitation.as_deref().unwrap_or_default())),
        (false, true, true) => Ok(Claim::Phone {
            code: body.phone_code.as_deref().unwrap_or_default(),
            employee_no: body.employee_no.as_deref().unwrap_or_default(),
        }),
        (false, true, false) => Err(Error::field("employee_no", "REQUIRED", "请填写工号")),
        (false, false, true) => Err(Error::field("phone_code", "REQUIRED", "请授权手机号")),
        (false, false, false) => {
            Err(Error::field("invitation", "REQUIRED", "请填写邀请码，或授权手机号并填写工号"))
        }
        (true, ..) => Err(Error::field("invitation", "ONE_WAY_ONLY", "邀请码和手机号请只用一种")),
    }
}

async fn limited(ctx: &Ctx, ip: std::net::IpAddr) -> Result<()> {
    let limits = &ctx.kit.limits;
    let account = ctx.actor.account_id;
    let refused = |err: Error| match err.code() {
        Code::TooManyRequests => {
            Error::new(Code::BindingTriesExceeded).retry_after(err.retry_after_seconds().unwrap_or(60))
        }
        _ => err,
    };
    let (max, window) = PER_ACCOUNT;
    limits.hit("bind-account", account.as_bytes(), max, window, ctx.now).await.map_err(refused)?;
    let (max, window) = PER_PLACE;
    limits.hit("bind-ip", &place_of(ip), max, window, ctx.now).await.map_err(refused)
}

async fn by_invitation(
    ctx: &Ctx,
    account: &account::Model,
    code: &str,
    told: impl AsyncFnOnce(&WriteTx, Uuid) -> Result<()>,
) -> Result<Uuid> {
    let digest = ctx.kit.vault.digest("invitation", normal_invitation(code).as_bytes());
    let replaced = replaced_by(ctx, &digest).await?;
    if let Some(old) = replaced {
        end_all(ctx, old).await?;
    }
    let tx = ctx.kit.db.write_tx().await?;
    let invitation = store::invitation(&*tx, &digest).await?;
    // An unknown code takes the same steps with ids that nothing has.
    let (id, person_id) = invitation.map_or((Uuid::nil(), Uuid::nil()), |i| (i.id, i.person_id));
    let person = store::person(&*tx, person_id).await?;
    let used = store::use_invitation(&*tx, id, ctx.now).await?;
    let person = person.filter(|p| used && p.status == model::ACTIVE);
    if let Some(person) = &person
        && let Some(old) = store::account_of(&*tx, person.id).await?
    {
        store::unbind_account(&*tx, old.id).await?;
        let entry = Entry {
            action: "account.replace",
            object_kind: "account",
            object_id: old.id,
            detail: json!({ "person_id": person.id, "by": account.id }),
            content: &[],
        };
        ledger::append(ctx, &*tx, entry).await?;
        told(&tx, person.id).await?;
    }
    let bound = finish(ctx, tx, account, person, "invitation").await?;
    if let Some(old) = replaced {
        end_all(ctx, old).await?;
    }
    Ok(bound)
}

/// The account that an invitation which is still good takes the place of.
async fn replaced_by(ctx: &Ctx, digest: &[u8]) -> Result<Option<Uuid>> {
    let db = ctx.kit.db.reader();
    let good = |i: &invitation::Model| i.used_at.is_none() && i.expires_at > ctx.now;
    match store::invitation(db, digest).await?.filter(good) {
        Some(invitation) => Ok(store::account_of(db, invitation.person_id).await?.map(|old| old.id)),
        None => Ok(None),
    }
}

async fn end_all(ctx: &Ctx, account: Uuid) -> Result<()> {
    let ended = ctx.kit.sessions.end_all(account).await?;
    store::end_sessions(ctx.kit.db.writer(), &ended, ctx.now, "replaced").await
}

/// As typed by people: case, spaces and dashes do not matter, nor does O for 0 or I and L for 1.
pub(super) fn normal_invitation(code: &str) -> String {
    let folded: String = code.nfkc().collect::<String>().to_uppercase();
    let kept = folded.chars().filter(|c| c.is_ascii_alphanumeric());
    kept.map(|c| match c {
        'O' => '0',
        'I' | 'L' => '1',
        c => c,
    })
    .take(64)
    .collect()
}

async fn by_phone(
    ctx: &Ctx,
    wechat: &wechat::Client,
    account: &account::Model,
    code: &str,
    employee_no: &str,
) -> Result<Uuid> {
    let kit = &ctx.kit;
    let fresh = kit.limits.mark_used("phone-code", code.as_bytes(), PHONE_CODE_SECONDS, ctx.now).await?;
    if !fresh {
        return Err(refused("phone code used before"));
    }
    let key = kit.vault.key(kit.db.reader(), account.key_id).await?;
    let openid = SecretString::from(key.open_text(SUBJECT, account.id, &account.subject_sealed)?);
    let phone = wechat.phone_number(code, &openid).await.map_err(|err| match err.code() {
        // Ours to answer: a spent code is one more thing that does not match.
        Code::Invalid => refused("phone code refused by WeChat"),
        _ => err,
    })?;
    let phone = blind::phone("phone_code", &format!("+{}", phone.expose_secret()));
    let number = blind::employee_no("employee_no", employee_no);
    let (Ok(phone), Ok(number)) = (phone, number) else { return Err(refused("not a number")) };
    let phone = kit.vault.blind(PHONE_INDEX, phone.as_bytes())?;
    let numbers = [Side::Client, Side::Vendor].map(|side| employee_no_index(ctx.kit.as_ref(), side, &number));
    let numbers = numbers.into_iter().collect::<Result<Vec<_>>>()?;
    let tx = kit.db.write_tx().await?;
    let person = store::person_by_phone_and_number(&*tx, &phone, numbers).await?;
    let person = person.filter(|p| p.status == model::ACTIVE);
    finish(ctx, tx, account, person, "phone").await
}

/// Employee numbers are unique within a party.
pub(in crate::identity) fn employee_no_index(
    kit: &crate::kit::Kit,
    side: Side,
    number: &str,
) -> Result<Vec<u8>> {
    kit.vault.blind(EMPLOYEE_NO_INDEX, format!("{}\0{number}", side.wire()).as_bytes())
}

async fn finish(
    ctx: &Ctx,
    tx: WriteTx,
    account: &account::Model,
    person: Option<person::Model>,
    way: &'static str,
) -> Result<Uuid> {
    let Some(person) = person else { return Err(refused("no such person, or no longer valid")) };
    if !store::bind_account(&*tx, account.id, person.id).await? {
        return Err(refused("the person or the account is bound already"));
    }
    // What was handed out before would take the place of this account.
    store::drop_invitations(&*tx, person.id, ctx.now).await?;
    let entry = Entry {
        action: "account.bind",
        object_kind: "account",
        object_id: account.id,
        detail: json!({ "person_id": person.id, "way": way, "roles": model::roles_from(&person.roles) }),
        content: &[],
    };
    ledger::append(ctx, &*tx, entry).await?;
    tx.commit().await?;
    Ok(person.id)
}

fn refused(why: &'static str) -> Error {
    Error::new(Code::BindingRefused).because(why)
}

#[cfg(test)]
mod tests {
    use super::normal_invitation;

    #[test]
    fn invitations_are_read_as_people_type_them() {
        for typed in ["demo-0001-il", " DEMO 0001 1L ", "ＤＥＭＯ－ooo1-11"] {
            assert_eq!(normal_invitation(typed), "DEM0000111", "{typed}");
        }
    }
}
