//! Who the caller is, as they see themselves: their own name whole, the rest masked.

use super::super::entity::{EMPLOYEE_NO, NAME, PHONE};
use super::super::model;
use super::super::policy::{Action, Facts, authorise};
use super::super::views::Me;
use super::standing::Standing;
use crate::kit::Kit;
use crate::kit::ctx::Ctx;
use crate::kit::error::{Code, Error, Result};

const NEWCOMER: &str = "未绑定用户";

/// # Errors
/// 401 for an account that is gone; what the database says.
pub async fn me(ctx: &Ctx) -> Result<Me> {
    authorise(&ctx.actor, Action::ReadMe, &Facts::Nothing)?;
    let standing = Standing::read(&ctx.kit, ctx.actor.account_id).await?;
    of(&ctx.kit, &standing.ok_or_else(|| Error::new(Code::SessionEnded))?)
}

/// # Errors
/// A value that cannot be opened.
pub fn of(kit: &Kit, standing: &Standing) -> Result<Me> {
    let consents = standing.consents().to_vec();
    let bound = standing.member().zip(standing.person());
    let Some((member, (row, department))) = bound else {
        return Ok(Me {
            id: standing.account_id(),
            display_name: NEWCOMER.to_owned(),
            phone_masked: None,
            employee_no_masked: None,
            party: None,
            roles: Vec::new(),
            department: None,
            bound: false,
            consents,
        });
    };
    let key = standing.person_key(kit, row)?;
    let phone = row.phone_sealed.as_ref().map(|p| key.open_text(PHONE, row.id, p)).transpose()?;
    let number =
        row.employee_no_sealed.as_ref().map(|n| key.open_text(EMPLOYEE_NO, row.id, n)).transpose()?;
    Ok(Me {
        id: row.id,
        display_name: key.open_text(NAME, row.id, &row.name_sealed)?,
        phone_masked: phone.as_deref().map(model::mask_phone),
        employee_no_masked: number.as_deref().map(model::mask_employee_no),
        party: Some(member.side),
        roles: member.roles,
        department: department.clone(),
        bound: true,
        consents,
    })
}
