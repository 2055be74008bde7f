//! Employees who may see what their department reported: the client's manager says who, and takes it back.
//!
//! It is a role that the roster's file cannot give. It stays with the person in this department: who moves or leaves
//! loses it.

use sea_orm::ConnectionTrait;
use serde_json::json;
use uuid::Uuid;

use super::super::entity::person;
use super::super::people::{self, Colleague, member_from};
use super::super::policy::{Action, Facts, Verdict, authorise, decide};
use super::super::{model, store};
use super::invite::{find, unknown};
use super::standing::follow;
use crate::kit::actor::{Role, Side};
use crate::kit::ctx::Ctx;
use crate::kit::error::{Code, Error, Result};
use crate::ledger::{self, Entry};

/// Lets somebody see their department, in the caller's transaction; whose it is. Doing it again changes nothing.
///
/// # Errors
/// 403 for others than the client's manager; 422 for a number that nobody has, or of somebody for whom it means nothing.
pub async fn delegate(ctx: &Ctx, tx: &impl ConnectionTrait, employee_no: &str) -> Result<Uuid> {
    authorise(&ctx.actor, Action::Delegate, &Facts::Nothing)?;
    let row = find(&ctx.kit, tx, Side::Client, employee_no).await?.ok_or_else(unknown)?;
    let member = member_from(&row).ok_or_else(unknown)?;
    let refused = |text: &str| Error::field("employee_no", "NOT_ALLOWED", text);
    if decide(&ctx.actor, Action::Delegate, &Facts::Person(&member)) != Verdict::Allow {
        return Err(refused("只需给普通员工授权：经理和审计本来就看得到"));
    }
    if member.department_id.is_none() {
        return Err(refused("此人在名册里没有部门"));
    }
    if !member.roles.contains(&Role::DepartmentViewer) {
        let roles = member.roles.iter().copied().chain([Role::DepartmentViewer]).collect();
        change(ctx, tx, &row, roles, "person.delegate").await?;
    }
    Ok(row.id)
}

/// Takes it back, in the caller's transaction.
///
/// # Errors
/// 403 for others than the client's manager; 404 for somebody who did not have it.
pub async fn revoke(ctx: &Ctx, tx: &impl ConnectionTrait, id: Uuid) -> Result<()> {
    authorise(&ctx.actor, Action::Delegate, &Facts::Nothing)?;
    let row = store::person(tx, id).await?.filter(|row| row.status == model::ACTIVE);
    let row = row.ok_or_else(|| Error::new(Code::NotFound))?;
    let mut roles = model::roles_from(&row.roles);
    if !roles.contains(&Role::DepartmentViewer) {
        return Err(Error::new(Code::NotFound));
    }
    roles.retain(|role| *role != Role::DepartmentViewer);
    change(ctx, tx, &row, roles, "person.undelegate").await
}

async fn change(
    ctx: &Ctx,
    tx: &impl ConnectionTrait,
    row: &person::Model,
    roles: Vec<Role>,
    action: &'static str,
) -> Result<()> {
    store::set_roles(tx, row, model::roles_to(&roles), ctx.now).await?;
    if let Some(account) = store::account_of(tx, row.id).await? {
        store::advance_authorisation(tx, account.id).await?;
    }
    let entry = Entry {
        action,
        object_kind: "person",
        object_id: row.id,
        detail: json!({ "department_id": row.department_id }),
        content: &[],
    };
    ledger::append(ctx, tx, entry).await?;
    Ok(())
}

/// Everybody who may see their department.
///
/// # Errors
/// 403 for others than the client's manager.
pub async fn delegates(ctx: &Ctx) -> Result<Vec<Colleague>> {
    authorise(&ctx.actor, Action::Delegate, &Facts::Nothing)?;
    let db = ctx.kit.db.reader();
    people::build(ctx, db, store::department_viewers(db).await?).await
}

/// Carries what changed for a person into their live sessions; after the transaction.
///
/// # Errors
/// 503 when a store is away: then it counts from the next token on.
pub async fn follow_person(ctx: &Ctx, id: Uuid) -> Result<()> {
    match store::account_of(ctx.kit.db.reader(), id).await? {
        Some(account) => follow(&ctx.kit, account.id, ctx.now).await,
        None => Ok(()),
    }
}
