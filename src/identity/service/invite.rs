//! Invitations: 128 random bits that let one account become one person, once, for 72 hours. One that was made for
//! somebody who is bound already takes their place from the account they had: a lost phone, a new WeChat account.

use sea_orm::ConnectionTrait;
use serde_json::json;
use uuid::Uuid;

use super::super::entity::{invitation, person};
use super::super::people::member_from;
use super::super::policy::{Action, Facts, authorise, decide};
use super::super::{model, store};
use super::binding::{employee_no_index, normal_invitation};
use crate::kit::Kit;
use crate::kit::actor::Side;
use crate::kit::clock::Timestamp;
use crate::kit::crypto::blind;
use crate::kit::ctx::Ctx;
use crate::kit::error::{Code, Error, Result};
use crate::ledger::{self, Entry};

const LIFE_SECONDS: i64 = 72 * 3600;
/// Codes that one person may give out in an hour.
const PER_PERSON: (u32, i64) = (20, 3600);
/// Crockford's base 32: no I, L, O, U, so that it can be read out and typed.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A code for one person.
pub struct Invited {
    pub code: String,
    pub person: Uuid,
    pub expires_at: Timestamp,
    /// The person is bound: whoever uses the code takes the place of the account they have.
    pub replaces: bool,
}

/// Makes an invitation in the program's own name; the ones before it stop working. `code` is given only by the demo,
/// which wants one that can stand in a text. `replace` allows one for somebody who is bound.
///
/// # Errors
/// 404 for an unknown or departed person; 409 for one who is bound already; what the database says.
pub async fn invite(
    kit: &Kit,
    side: Side,
    employee_no: &str,
    code: Option<&str>,
    replace: bool,
) -> Result<Invited> {
    let tx = kit.db.write_tx().await?;
    let person = find(kit, &*tx, side, employee_no).await?;
    let person =
        person.ok_or_else(|| Error::new(Code::NotFound).detail("名册里没有这个工号，或此人已离职"))?;
    let (made, id) = make(kit, &*tx, &person, code, replace).await?;
    ledger::append_system(kit, &*tx, entry(&made, id)).await?;
    tx.commit().await?;
    Ok(made)
}

/// As [`invite`], in the name of whoever calls and in their transaction.
///
/// # Errors
/// 403 for those who may not invite this person; 409 for one who is bound already; 422 for a number that nobody of the
/// caller's side has; 429.
pub async fn invite_by(
    ctx: &Ctx,
    tx: &impl ConnectionTrait,
    employee_no: &str,
    replace: bool,
) -> Result<Invited> {
    authorise(&ctx.actor, Action::Invite, &Facts::Nothing)?;
    let person = find(&ctx.kit, tx, ctx.side()?, employee_no).await?.ok_or_else(unknown)?;
    let member = member_from(&person).ok_or_else(unknown)?;
    decide(&ctx.actor, Action::Invite, &Facts::Person(&member)).require()?;
    let (made, id) = make(&ctx.kit, tx, &person, None, replace).await?;
    ledger::append(ctx, tx, entry(&made, id)).await?;
    Ok(made)
}

/// Counts an attempt of the caller to give out a code; before the transaction, because limits have their own.
///
/// # Errors
/// 429.
pub async fn count_invitation(ctx: &Ctx) -> Result<()> {
    let (max, window) = PER_PERSON;
    ctx.kit.limits.hit("invite", ctx.member()?.person_id.as_bytes(), max, window, ctx.now).await
}

pub(super) fn unknown() -> Error {
    Error::field("employee_no", "NOT_FOUND", "名册里没有这个工号，或此人已离职")
}

/// Somebody who is still there, by the number in the roster.
pub(super) async fn find(
    kit: &Kit,
    db: &impl ConnectionTrait,
    side: Side,
    employee_no: &str,
) -> Result<Option<person::Model>> {
    let number = blind::employee_no("employee_no", employee_no)?;
    let index = employee_no_index(kit, side, &number)?;
    Ok(store::person_by_number(db, &index).await?.filter(|p| p.status == model::ACTIVE))
}

async fn make(
    kit: &Kit,
    tx: &impl ConnectionTrait,
    person: &person::Model,
    code: Option<&str>,
    replace: bool,
) -> Result<(Invited, Uuid)> {
    let code = match code {
        Some(code) => code.to_owned(),
        None => spelled(kit.ids.random()?),
    };
    let now = kit.clock.now();
    let replaces = store::account_of(tx, person.id).await?.is_some();
    if replaces && !replace {
        return Err(Error::new(Code::AlreadyBound).detail("此人已经绑定过微信账号；换手机或换微信请用换绑"));
    }
    let (id, expires_at) = (kit.ids.fresh()?, now.plus_seconds(LIFE_SECONDS));
    store::drop_invitations(tx, person.id, now).await?;
    let row = invitation::Model {
        id,
        person_id: person.id,
        code_digest: kit.vault.digest("invitation", normal_invitation(&code).as_bytes()),
        expires_at,
        used_at: None,
        created_at: now,
    };
    store::add_invitation(tx, row).await?;
    Ok((Invited { code, person: person.id, expires_at, replaces }, id))
}

fn entry(made: &Invited, id: Uuid) -> Entry<'static> {
    Entry {
        action: "person.invite",
        object_kind: "person",
        object_id: made.person,
        detail: json!({ "invitation_id": id, "replaces": made.replaces }),
        content: &[],
    }
}

/// 26 characters in groups, as in `7ZZQ-0K3M-…`.
fn spelled(bits: [u8; 16]) -> String {
    let mut rest = u128::from_be_bytes(bits);
    let mut letters = Vec::with_capacity(26);
    for _ in 0..26 {
        let place = usize::try_from(rest % 32).unwrap_or(0);
        letters.push(ALPHABET.get(place).map_or('0', |b| char::from(*b)));
        rest /= 32;
    }
    letters.reverse();
    letters.chunks(5).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_back_as_they_were_written() {
        let code = spelled([0xff; 16]);
        assert_eq!(code, "7ZZZZ-ZZZZZ-ZZZZZ-ZZZZZ-ZZZZZ-Z");
        assert_eq!(normal_invitation(&code), code.replace('-', ""));
        assert_ne!(spelled([1; 16]), spelled([2; 16]));
    }
}
