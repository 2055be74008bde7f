//! Use cases: identity changes who somebody is and what they see, the notices tell them and those who answer for it.

use std::net::IpAddr;

use uuid::Uuid;

use super::requests::{DelegateBody, InviteBody};
use super::views::{Delegate, Invitation};
use crate::identity::people::{self, PersonRef};
use crate::identity::policy::{Action, Facts, authorise};
use crate::identity::{self, BindingBody, Me, consent};
use crate::kit::actor::{Role, Side};
use crate::kit::ctx::Ctx;
use crate::kit::db::WriteTx;
use crate::kit::error::{Code, Error, Result};
use crate::kit::page::Page;
use crate::notices::{self, Notice, Recipient};
use crate::wechat;

/// Binds the caller's account; when it takes the place of another, the person and those who may invite are told.
///
/// # Errors
/// Those of [`identity::bind`].
pub async fn bind(ctx: &Ctx, wechat: &wechat::Client, ip: IpAddr, body: &BindingBody) -> Result<Me> {
    let told = async |tx: &WriteTx, person: Uuid| {
        let side = people::member_of(ctx, &**tx, person).await?.map(|member| member.side);
        let own =
            "您的微信绑定已经换成这个微信，原来的全部登录都已结束；如果不是您本人操作，请马上告诉管理员";
        tell(ctx, tx, "person.rebound", person, &[Recipient::Person(person)], own).await?;
        let others = "有人用邀请码换绑了微信，原来的登录都已结束；如果没有人报告换手机，请马上查清";
        tell(ctx, tx, "person.rebound_by_invitation", person, &those_who_invite(side), others).await
    };
    identity::bind(ctx, wechat, ip, body, told).await
}

/// Permitted and consented, in that order: who may not ask is not asked for consent.
fn enter(ctx: &Ctx, action: Action) -> Result<()> {
    authorise(&ctx.actor, action, &Facts::Nothing)?;
    consent::require(ctx)
}

/// A code for somebody of the caller's side.
///
/// # Errors
/// 403, 409 `ALREADY_BOUND` unless `replace`, 422 on the number, 429.
pub async fn invite(ctx: &Ctx, body: &InviteBody) -> Result<Invitation> {
    enter(ctx, Action::Invite)?;
    identity::count_invitation(ctx).await?;
    let tx = ctx.kit.db.write_tx().await?;
    let made = identity::invite_by(ctx, &*tx, &body.employee_no, body.replace).await?;
    if made.replaces {
        // Whoever still holds the old phone learns of it before the code is used.
        let own = "有人为您发了换绑微信的邀请码；如果您没有换手机或微信，请马上告诉管理员";
        tell(ctx, &tx, "person.invited_again", made.person, &[Recipient::Person(made.person)], own).await?;
        let others = "有人发出了换绑微信的邀请码，72 小时内可用一次";
        let to = those_who_invite(ctx.actor.side());
        tell(ctx, &tx, "person.invited_again_by", made.person, &to, others).await?;
    }
    tx.commit().await?;
    let person = shown(ctx, made.person).await?;
    Ok(Invitation { person, code: made.code, expires_at: made.expires_at, replaces: made.replaces })
}

/// Who may see their department.
///
/// # Errors
/// 403 for others than the client's manager.
pub async fn delegates(ctx: &Ctx) -> Result<Page<Delegate>> {
    enter(ctx, Action::Delegate)?;
    let found = identity::delegates(ctx).await?;
    Ok(Page::whole(found.into_iter().map(|one| Delegate { person: one.person }).collect()))
}

/// Lets an employee see their department.
///
/// # Errors
/// 403; 422 on the number.
pub async fn delegate(ctx: &Ctx, body: &DelegateBody) -> Result<Delegate> {
    enter(ctx, Action::Delegate)?;
    let tx = ctx.kit.db.write_tx().await?;
    let person = identity::delegate(ctx, &*tx, &body.employee_no).await?;
    let text = "经理请您留意本部门报的工单：在“工单”的“本部门”里能看到，遇到同样的故障可以点“我也遇到”";
    tell(ctx, &tx, "person.delegated", person, &[Recipient::Person(person)], text).await?;
    tx.commit().await?;
    identity::follow_person(ctx, person).await?;
    Ok(Delegate { person: shown(ctx, person).await? })
}

/// Takes it back.
///
/// # Errors
/// 403; 404 for somebody who did not have it.
pub async fn revoke(ctx: &Ctx, id: Uuid) -> Result<()> {
    enter(ctx, Action::Delegate)?;
    let tx = ctx.kit.db.write_tx().await?;
    identity::revoke(ctx, &*tx, id).await?;
    let text = "经理已收回您对本部门工单的查看授权";
    tell(ctx, &tx, "person.undelegated", id, &[Recipient::Person(id)], text).await?;
    tx.commit().await?;
    identity::follow_person(ctx, id).await
}

async fn shown(ctx: &Ctx, person: Uuid) -> Result<PersonRef> {
    let mut named = people::named(ctx, ctx.kit.db.reader(), [person]).await?;
    named.remove(&person).ok_or_else(|| Error::new(Code::NotFound))
}

/// Those of a side who give out codes for everybody of theirs.
fn those_who_invite(side: Option<Side>) -> Vec<Recipient> {
    match side {
        Some(Side::Client) => vec![Recipient::Role(Role::ClientManager)],
        Some(Side::Vendor) => vec![Recipient::Role(Role::VendorLead)],
        None => Vec::new(),
    }
}

async fn tell(
    ctx: &Ctx,
    tx: &WriteTx,
    event: &str,
    person: Uuid,
    to: &[Recipient],
    text: &str,
) -> Result<()> {
    let notice = Notice {
        event: event.to_owned(),
        object_kind: "person",
        object_id: person,
        number: String::new(),
        text: text.to_owned(),
        urgent: true,
        by: ctx.actor.person_id(),
    };
    notices::tell(&ctx.kit, tx, ctx.now, to, &notice).await
}
