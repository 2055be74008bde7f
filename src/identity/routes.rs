//! The paths of identity. Signing in, refreshing and the notice need no token; all else takes `Ctx`.

use std::sync::Arc;

use actix_web::web::Data;
use actix_web::{HttpResponse, delete, get, post};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::notice::{self, NoticeView};
use super::people::{self, Colleague};
use super::service::{Arrival, consents, devices, login, looks, profile, refresh};
use super::views::{Consent, ConsentBody, Device, LoginBody, Look, Me, RefreshBody, SessionAnswer};
use crate::kit::Kit;
use crate::kit::actor::Side;
use crate::kit::ctx::Ctx;
use crate::kit::error::Result;
use crate::kit::http::{
    ClientIp, Json, Mounting, Path, ProblemBody, Query, RequestMeta, created, no_content, ok,
};
use crate::kit::page::{Page, PageQuery, window};
use crate::wechat;

pub fn routes(cfg: &mut Mounting<'_, '_>) {
    cfg.service(open_session).service(refresh_session).service(list_sessions);
    // Before {id}: "current" is no id.
    cfg.service(end_current_session).service(end_session);
    cfg.service(read_me).service(read_access_log);
    cfg.service(read_notice).service(give_consent).service(withdraw_consent);
    cfg.service(list_people);
}

type Wechat = Data<wechat::Client>;

fn arrival(kit: &Kit, ip: ClientIp, meta: Option<RequestMeta>) -> Result<Arrival> {
    let (request_id, now) = match meta {
        Some(meta) => (meta.request_id, meta.now),
        None => (kit.ids.fresh()?, kit.clock.now()),
    };
    Ok(Arrival { ip: ip.0, request_id, now })
}

/// Sign in with the code of `wx.login`.
#[utoipa::path(tag = "身份", operation_id = "open_session", security(()), request_body = LoginBody,
    responses((status = 201, body = SessionAnswer),
        (status = 401, body = ProblemBody, description = "LOGIN_CODE_INVALID"),
        (status = 403, body = ProblemBody, description = "ACCOUNT_RISK，或身份已停用"),
        (status = 502, body = ProblemBody, description = "WECHAT_UNKNOWN")))]
#[post("/sessions")]
async fn open_session(
    kit: Data<Arc<Kit>>,
    wechat: Wechat,
    ip: ClientIp,
    req: actix_web::HttpRequest,
    body: Json<LoginBody>,
) -> Result<HttpResponse> {
    let arrival = arrival(&kit, ip, RequestMeta::of(&req))?;
    let answer = login::login(&kit, &wechat, arrival, &body.into_inner()).await?;
    Ok(created(None, None, &answer))
}

/// The next pair of tokens.
#[utoipa::path(tag = "身份", operation_id = "refresh_session", security(()), request_body = RefreshBody,
    responses((status = 200, body = SessionAnswer),
        (status = 401, body = ProblemBody, description = "SESSION_ENDED")))]
#[post("/sessions/refresh")]
async fn refresh_session(
    kit: Data<Arc<Kit>>,
    ip: ClientIp,
    req: actix_web::HttpRequest,
    body: Json<RefreshBody>,
) -> Result<HttpResponse> {
    let arrival = arrival(&kit, ip, RequestMeta::of(&req))?;
    Ok(ok(&refresh::refresh(&kit, arrival, &body.into_inner().refresh_token).await?))
}

/// Where I am signed in.
#[utoipa::path(tag = "身份", operation_id = "list_sessions", responses((status = 200, body = Page<Device>)))]
#[get("/sessions")]
async fn list_sessions(ctx: Ctx) -> Result<HttpResponse> {
    Ok(ok(&devices::list(&ctx).await?))
}

/// Sign this device out.
#[utoipa::path(tag = "身份", operation_id = "end_current_session", responses((status = 204)))]
#[delete("/sessions/current")]
async fn end_current_session(ctx: Ctx) -> Result<HttpResponse> {
    devices::end(&ctx, ctx.actor.session_id).await?;
    Ok(no_content())
}

/// Sign another device out.
#[utoipa::path(tag = "身份", operation_id = "end_session", params(("id" = Uuid, Path)), responses((status = 204)))]
#[delete("/sessions/{id}")]
async fn end_session(ctx: Ctx, id: Path<Uuid>) -> Result<HttpResponse> {
    devices::end(&ctx, id.into_inner()).await?;
    Ok(no_content())
}

/// Who I am.
#[utoipa::path(tag = "身份", operation_id = "show_me", responses((status = 200, body = Me)))]
#[get("/me")]
async fn read_me(ctx: Ctx) -> Result<HttpResponse> {
    Ok(ok(&profile::me(&ctx).await?))
}

/// Who looked at my unmasked data.
#[utoipa::path(tag = "隐私", operation_id = "list_access_log", params(PageQuery),
    responses((status = 200, body = Page<Look>)))]
#[get("/me/access-log")]
async fn read_access_log(ctx: Ctx, query: Query<PageQuery>) -> Result<HttpResponse> {
    let query = query.into_inner();
    let (limit, after) = window(query.limit, query.cursor.as_deref())?;
    Ok(ok(&looks::list(&ctx, limit, after).await?))
}

/// The privacy notice as it stands.
#[utoipa::path(tag = "隐私", operation_id = "show_privacy_notice", security(()),
    responses((status = 200, body = NoticeView)))]
#[get("/privacy/notice")]
async fn read_notice(kit: Data<Arc<Kit>>) -> Result<HttpResponse> {
    Ok(ok(&notice::current().view(&kit.settings.privacy)?))
}

/// Agree to one purpose of the notice.
#[utoipa::path(tag = "隐私", operation_id = "give_consent", request_body = ConsentBody,
    responses((status = 201, body = Consent),
        (status = 409, body = ProblemBody, description = "NOTICE_VERSION_STALE")))]
#[post("/privacy/consents")]
async fn give_consent(ctx: Ctx, body: Json<ConsentBody>) -> Result<HttpResponse> {
    Ok(created(None, None, &consents::give(&ctx, &body.into_inner()).await?))
}

/// Take a consent back.
#[utoipa::path(tag = "隐私", operation_id = "withdraw_consent",
    params(("purpose" = String, Path, max_length = 40)), responses((status = 204)))]
#[delete("/privacy/consents/{purpose}")]
async fn withdraw_consent(ctx: Ctx, purpose: Path<String>) -> Result<HttpResponse> {
    consents::withdraw(&ctx, &purpose.into_inner()).await?;
    Ok(no_content())
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct PeopleQuery {
    /// Whose people; default the vendor's.
    #[param(inline)]
    party: Option<Side>,
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
    #[param(max_length = 200)]
    cursor: Option<String>,
}

/// People to assign to, or to report for. For the vendor's people only.
#[utoipa::path(tag = "身份", operation_id = "list_people", params(PeopleQuery),
    responses((status = 200, body = Page<Colleague>)))]
#[get("/people")]
async fn list_people(ctx: Ctx, query: Query<PeopleQuery>) -> Result<HttpResponse> {
    let query = query.into_inner();
    let (limit, after) = window(query.limit, query.cursor.as_deref())?;
    Ok(ok(&people::page(&ctx, query.party.unwrap_or(Side::Vendor), limit, after).await?))
}
