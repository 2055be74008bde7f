//! Parameter sets, calendar years and renewals, and the questions that the calendar answers.

use actix_web::{HttpResponse, get, post};
use uuid::Uuid;

use crate::calendar::Due;
use crate::contract::requests::{AnnexAct, CalendarImport, DueQuestion, NewRenewal, ProposedParameters};
use crate::contract::service::{calendar, parameters, renewals};
use crate::contract::views::{
    CalendarPreview, CalendarVersion, CalendarYear, ParameterPreview, ParameterVersion, Renewal,
};
use crate::kit::ctx::Ctx;
use crate::kit::error::Result;
use crate::kit::http::{Act, IdempotencyKey, IfMatch, Json, Mounting, Path, Query, ok, ok_versioned};
use crate::kit::page::{Page, PageQuery};

pub(super) fn routes(cfg: &mut Mounting<'_, '_>) {
    cfg.service(list_parameters)
        .service(propose_parameters)
        .service(show_parameters)
        .service(act_on_parameters)
        .service(list_calendar_imports)
        .service(import_calendar)
        .service(show_calendar_import)
        .service(act_on_calendar_import)
        .service(list_renewals)
        .service(propose_renewal)
        .service(show_renewal)
        .service(act_on_renewal)
        .service(ask_due)
        .service(show_calendar);
}

/// Parameter sets, the newest proposal first.
#[utoipa::path(
    tag = "协议",
    operation_id = "list_parameters",
    params(PageQuery),
    responses((status = 200, body = Page<ParameterVersion>)),
)]
#[get("/contract/parameters")]
async fn list_parameters(ctx: Ctx, page: Query<PageQuery>) -> Result<HttpResponse> {
    Ok(ok(&parameters::list(&ctx, &page).await?))
}

/// Propose changes to the parameters P1–P16. The proposer's side has signed with it; nothing changes before the
/// other side signs too. The answer lists every running deadline that would move.
#[utoipa::path(
    tag = "协议",
    operation_id = "propose_parameters",
    params(("Idempotency-Key" = String, Header, description = "Chosen by the caller, the same for every try")),
    request_body = ProposedParameters,
    responses(
        (status = 200, body = ParameterPreview, description = "With `preview`: nothing was stored"),
        (status = 201, body = ParameterVersion, headers(("Location" = String), ("ETag" = String))),
    ),
)]
#[post("/contract/parameters")]
async fn propose_parameters(
    ctx: Ctx,
    key: IdempotencyKey,
    body: Json<ProposedParameters>,
) -> Result<HttpResponse> {
    parameters::propose(&ctx, &key, body.into_inner()).await
}

/// One parameter set.
#[utoipa::path(
    tag = "协议",
    operation_id = "show_parameters",
    params(("id" = Uuid, Path)),
    responses((status = 200, body = ParameterVersion, headers(("ETag" = String)))),
)]
#[get("/contract/parameters/{id}")]
async fn show_parameters(ctx: Ctx, id: Path<Uuid>) -> Result<HttpResponse> {
    let shown = parameters::show(&ctx, *id).await?;
    Ok(ok_versioned(shown.head.version, &shown))
}

/// Sign, decline or withdraw a parameter set. It takes effect 60 seconds after the second signature at the
/// earliest; `PROPOSAL_STALE` when another set was signed after it was proposed.
#[utoipa::path(
    tag = "协议",
    operation_id = "act_on_parameters",
    params(
        ("id" = Uuid, Path),
        ("If-Match" = String, Header, description = "The version that the caller saw"),
    ),
    request_body = AnnexAct,
    responses((status = 200, body = ParameterVersion, headers(("ETag" = String)))),
)]
#[post("/contract/parameters/{id}/actions")]
async fn act_on_parameters(
    ctx: Ctx,
    id: Path<Uuid>,
    seen: IfMatch,
    body: Act<AnnexAct>,
) -> Result<HttpResponse> {
    let shown = parameters::act(&ctx, *id, *seen, body.0).await?;
    Ok(ok_versioned(shown.head.version, &shown))
}

/// Calendar years on their way, the newest proposal first.
#[utoipa::path(
    tag = "日历",
    operation_id = "list_calendar_imports",
    params(PageQuery),
    responses((status = 200, body = Page<CalendarVersion>)),
)]
#[get("/calendar/imports")]
async fn list_calendar_imports(ctx: Ctx, page: Query<PageQuery>) -> Result<HttpResponse> {
    Ok(ok(&calendar::list(&ctx, &page).await?))
}

/// Propose a year of the calendar from a year file or the pasted notice. The answer shows what it changes: days,
/// and running deadlines. A text that cannot be read names its sentence, and nothing is stored.
#[utoipa::path(
    tag = "日历",
    operation_id = "import_calendar",
    params(("Idempotency-Key" = String, Header, description = "Chosen by the caller, the same for every try")),
    request_body = CalendarImport,
    responses(
        (status = 200, body = CalendarPreview, description = "With `preview`: nothing was stored"),
        (status = 201, body = CalendarVersion, headers(("Location" = String), ("ETag" = String))),
    ),
)]
#[post("/calendar/imports")]
async fn import_calendar(ctx: Ctx, key: IdempotencyKey, body: Json<CalendarImport>) -> Result<HttpResponse> {
    calendar::import(&ctx, &key, body.into_inner()).await
}

/// One calendar year on its way.
#[utoipa::path(
    tag = "日历",
    operation_id = "show_calendar_import",
    params(("id" = Uuid, Path)),
    responses((status = 200, body = CalendarVersion, headers(("ETag" = String)))),
)]
#[get("/calendar/imports/{id}")]
async fn show_calendar_import(ctx: Ctx, id: Path<Uuid>) -> Result<HttpResponse> {
    let shown = calendar::show_version(&ctx, *id).await?;
    Ok(ok_versioned(shown.head.version, &shown))
}

/// Sign, decline or withdraw a calendar year; effective as a parameter set is.
#[utoipa::path(
    tag = "日历",
    operation_id = "act_on_calendar_import",
    params(
        ("id" = Uuid, Path),
        ("If-Match" = String, Header, description = "The version that the caller saw"),
    ),
    request_body = AnnexAct,
    responses((status = 200, body = CalendarVersion, headers(("ETag" = String)))),
)]
#[post("/calendar/imports/{id}/actions")]
async fn act_on_calendar_import(
    ctx: Ctx,
    id: Path<Uuid>,
    seen: IfMatch,
    body: Act<AnnexAct>,
) -> Result<HttpResponse> {
    let shown = calendar::act(&ctx, *id, *seen, body.0).await?;
    Ok(ok_versioned(shown.head.version, &shown))
}

/// Renewals of the term (1.3), the newest first.
#[utoipa::path(
    tag = "协议",
    operation_id = "list_renewals",
    params(PageQuery),
    responses((status = 200, body = Page<Renewal>), (status = 409, description = "NOT_SET_UP")),
)]
#[get("/contract/renewals")]
async fn list_renewals(ctx: Ctx, page: Query<PageQuery>) -> Result<HttpResponse> {
    Ok(ok(&renewals::list(&ctx, &page).await?))
}

/// Propose a later last day of the term. The proposer's side has signed with it; the term stays until the other
/// side signs too. 409 before delivery, after the end, and while another proposal waits.
#[utoipa::path(
    tag = "协议",
    operation_id = "propose_renewal",
    params(("Idempotency-Key" = String, Header, description = "Chosen by the caller, the same for every try")),
    request_body = NewRenewal,
    responses((status = 201, body = Renewal, headers(("Location" = String), ("ETag" = String)))),
)]
#[post("/contract/renewals")]
async fn propose_renewal(ctx: Ctx, key: IdempotencyKey, body: Json<NewRenewal>) -> Result<HttpResponse> {
    renewals::propose(&ctx, &key, body.into_inner()).await
}

/// One renewal.
#[utoipa::path(
    tag = "协议",
    operation_id = "show_renewal",
    params(("id" = Uuid, Path)),
    responses(
        (status = 200, body = Renewal, headers(("ETag" = String))),
        (status = 409, description = "NOT_SET_UP"),
    ),
)]
#[get("/contract/renewals/{id}")]
async fn show_renewal(ctx: Ctx, id: Path<Uuid>) -> Result<HttpResponse> {
    let shown = renewals::show(&ctx, *id).await?;
    Ok(ok_versioned(shown.version, &shown))
}

/// Sign, decline or withdraw a renewal. It holds from the second signature: reminders and the exit follow it.
#[utoipa::path(
    tag = "协议",
    operation_id = "act_on_renewal",
    params(
        ("id" = Uuid, Path),
        ("If-Match" = String, Header, description = "The version that the caller saw"),
    ),
    request_body = AnnexAct,
    responses((status = 200, body = Renewal, headers(("ETag" = String)))),
)]
#[post("/contract/renewals/{id}/actions")]
async fn act_on_renewal(
    ctx: Ctx,
    id: Path<Uuid>,
    seen: IfMatch,
    body: Act<AnnexAct>,
) -> Result<HttpResponse> {
    let shown = renewals::act(&ctx, *id, *seen, body.0).await?;
    Ok(ok_versioned(shown.version, &shown))
}

/// When an allowance is used up, day by day: the function that tickets use, with the calendar and the parameters
/// in force now. `lvyue calendar due` prints the same.
#[utoipa::path(
    tag = "日历",
    operation_id = "ask_due",
    request_body = DueQuestion,
    responses((status = 200, body = Due)),
)]
#[post("/calendar/due")]
async fn ask_due(ctx: Ctx, body: Json<DueQuestion>) -> Result<HttpResponse> {
    Ok(ok(&calendar::ask(&ctx, &body).await?))
}

/// The days of a year, 1970 to 2100, by the calendar in force now.
#[utoipa::path(
    tag = "日历",
    operation_id = "show_calendar",
    params(("year" = i32, Path, minimum = 1970, maximum = 2100)),
    responses((status = 200, body = CalendarYear)),
)]
#[get("/calendar/{year}")]
async fn show_calendar(ctx: Ctx, year: Path<i32>) -> Result<HttpResponse> {
    Ok(ok(&calendar::show(&ctx, *year).await?))
}
