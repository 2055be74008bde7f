//! Invitations: 128 random bits that let one account become one person, once, for 72 hours.

use serde_json::json;

use super::super::entity::invitation;
use super::super::{model, store};
use super::binding::{employee_no_index, normal_invitation};
use crate::kit::Kit;
use crate::kit::actor::Side;
use crate::kit::crypto::blind;
use crate::kit::error::{Code, Error, Result};
use crate::ledger::{self, Entry};

const LIFE_SECONDS: i64 = 72 * 3600;
/// Crockford's base 32: no I, L, O, U, so that it can be read out and typed.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Makes an invitation for the person of that number; the ones before it stop working. `code` is given
/// only by the demo, which wants one that can stand in a text.
///
/// # Errors
/// 404 for an unknown or departed person; 409 for one who is bound already; what the database says.
pub async fn invite(kit: &Kit, side: Side, employee_no: &str, code: Option<&str>) -> Result<String> {
    let number = blind::employee_no("employee_no", employee_no)?;
    let index = employee_no_index(kit, side, &number)?;
    let code = match code {
        Some(code) => code.to_owned(),
        None => spelled(kit.ids.random()?),
    };
    let now = kit.clock.now();
    let tx = kit.db.write_tx().await?;
    let person = store::person_by_number(&*tx, &index).await?.filter(|p| p.status == model::ACTIVE);
    let person =
        person.ok_or_else(|| Error::new(Code::NotFound).detail("名册里没有这个工号，或此人已离职"))?;
    if store::account_of(&*tx, person.id).await?.is_some() {
        return Err(Error::new(Code::AlreadyBound).detail("此人已经绑定过微信账号"));
    }
    let id = kit.ids.fresh()?;
    store::drop_invitations(&*tx, person.id, now).await?;
    let row = invitation::Model {
        id,
        person_id: person.id,
        code_digest: kit.vault.digest("invitation", normal_invitation(&code).as_bytes()),
        expires_at: now.plus_seconds(LIFE_SECONDS),
        used_at: None,
        created_at: now,
    };
    store::add_invitation(&*tx, row).await?;
    let entry = Entry {
        action: "person.invite",
        object_kind: "person",
        object_id: person.id,
        detail: json!({ "invitation_id": id }),
        content: &[],
    };
    ledger::append_system(kit, &*tx, entry).await?;
    tx.commit().await?;
    Ok(code)
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
