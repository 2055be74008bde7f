//! The paths: extract, one call, answer.

use actix_web::web::Data;
use actix_web::{HttpResponse, delete, get, post};
use uuid::Uuid;

use super::requests::{DelegateBody, InviteBody};
use super::service;
use super::views::{Delegate, Invitation};
use crate::identity::{BindingBody, Me};
use crate::kit::ctx::Ctx;
use crate::kit::error::Result;
use crate::kit::http::{ClientIp, Json, Mounting, Path, ProblemBody, created, no_content, ok};
use crate::kit::page::Page;
use crate::wechat;

pub fn routes(cfg: &mut Mounting<'_, '_>) {
    cfg.service(bind).service(invite).service(list_delegates).service(delegate).service(revoke_delegation);
}

/// Become a person of the roster, by invitation or by phone and employee number. An invitation for somebody who is
/// bound takes the place of the account that they had.
#[utoipa::path(tag = "身份", operation_id = "bind_account", request_body = BindingBody,
    responses((status = 200, body = Me),
        (status = 409, body = ProblemBody, description = "ALREADY_BOUND"),
        (status = 422, body = ProblemBody, description = "BINDING_REFUSED，或字段不对"),
        (status = 502, body = ProblemBody, description = "WECHAT_UNKNOWN")))]
#[post("/me/binding")]
async fn bind(
    ctx: Ctx,
    wechat: Data<wechat::Client>,
    ip: ClientIp,
    body: Json<BindingBody>,
) -> Result<HttpResponse> {
    Ok(ok(&service::bind(&ctx, &wechat, ip.0, &body.into_inner()).await?))
}

/// A single-use code for somebody of one's own side, good for 72 hours; the ones before it stop working.
#[utoipa::path(tag = "名册", operation_id = "invite_person", request_body = InviteBody,
    responses((status = 201, body = Invitation),
        (status = 409, body = ProblemBody, description = "ALREADY_BOUND，换绑请带 replace"),
        (status = 422, body = ProblemBody, description = "没有这个工号")))]
#[post("/people/invitations")]
async fn invite(ctx: Ctx, body: Json<InviteBody>) -> Result<HttpResponse> {
    Ok(created(None, None, &service::invite(&ctx, &body.into_inner()).await?))
}

/// Employees who may see what their department reported. For the client's managers.
#[utoipa::path(tag = "名册", operation_id = "list_delegates", responses((status = 200, body = Page<Delegate>)))]
#[get("/people/delegates")]
async fn list_delegates(ctx: Ctx) -> Result<HttpResponse> {
    Ok(ok(&service::delegates(&ctx).await?))
}

/// Let an employee see what their department reported; doing it again changes nothing.
#[utoipa::path(tag = "名册", operation_id = "delegate_department", request_body = DelegateBody,
    responses((status = 201, body = Delegate),
        (status = 422, body = ProblemBody, description = "没有这个工号，或不必授权")))]
#[post("/people/delegates")]
async fn delegate(ctx: Ctx, body: Json<DelegateBody>) -> Result<HttpResponse> {
    Ok(created(None, None, &service::delegate(&ctx, &body.into_inner()).await?))
}

/// Take it back.
#[utoipa::path(tag = "名册", operation_id = "revoke_delegation", params(("id" = Uuid, Path)),
    responses((status = 204)))]
#[delete("/people/delegates/{id}")]
async fn revoke_delegation(ctx: Ctx, id: Path<Uuid>) -> Result<HttpResponse> {
    service::revoke(&ctx, id.into_inner()).await?;
    Ok(no_content())
}
