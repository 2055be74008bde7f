//! The paths of duties and breaches: extract, one call, answer.

use actix_web::{HttpResponse, get, post};
use uuid::Uuid;

use super::requests::{BreachActionBody, BreachQuery, ObligationQuery};
use super::service::{act, list};
use super::views::{Breach, Obligation, ObligationDetail, ObligationSummary};
use crate::kit::ctx::Ctx;
use crate::kit::error::Result;
use crate::kit::http::{IfMatch, Json, Mounting, Path, Query, ok, ok_versioned};
use crate::kit::page::Page;

/// Duties and breaches, below `/api/v1`.
pub fn routes(cfg: &mut Mounting<'_, '_>) {
    cfg.service(list_obligations)
        .service(summarise_obligations)
        .service(show_obligation)
        .service(list_breaches)
        .service(show_breach)
        .service(act_on_breach);
}

/// Every duty of both sides: first what runs, the earliest due first; then what has ended, the latest due first.
/// Employees see the duties of their own tickets with the tickets.
#[utoipa::path(
    tag = "合同",
    operation_id = "list_obligations",
    params(ObligationQuery),
    responses((status = 200, body = Page<Obligation>)),
)]
#[get("/contract/obligations")]
async fn list_obligations(ctx: Ctx, query: Query<ObligationQuery>) -> Result<HttpResponse> {
    Ok(ok(&list::obligations(&ctx, &query).await?))
}

/// How many duties each side has: open, overdue, met, ended late.
#[utoipa::path(
    tag = "合同",
    operation_id = "summarise_obligations",
    responses((status = 200, body = ObligationSummary)),
)]
#[get("/contract/obligations/summary")]
async fn summarise_obligations(ctx: Ctx) -> Result<HttpResponse> {
    Ok(ok(&list::summary(&ctx).await?))
}

/// One duty, with the breach that was written down of it.
#[utoipa::path(
    tag = "合同",
    operation_id = "show_obligation",
    params(("id" = Uuid, Path)),
    responses((status = 200, body = ObligationDetail)),
)]
#[get("/contract/obligations/{id}")]
async fn show_obligation(ctx: Ctx, id: Path<Uuid>) -> Result<HttpResponse> {
    Ok(ok(&list::obligation(&ctx, *id).await?))
}

/// What was not fulfilled in time, the latest first, with all that was said about it.
#[utoipa::path(
    tag = "合同",
    operation_id = "list_breaches",
    params(BreachQuery),
    responses((status = 200, body = Page<Breach>)),
)]
#[get("/contract/breaches")]
async fn list_breaches(ctx: Ctx, query: Query<BreachQuery>) -> Result<HttpResponse> {
    Ok(ok(&list::breaches(&ctx, &query).await?))
}

/// One breach with its history.
#[utoipa::path(
    tag = "合同",
    operation_id = "show_breach",
    params(("id" = Uuid, Path)),
    responses((status = 200, body = Breach, headers(("ETag" = String)))),
)]
#[get("/contract/breaches/{id}")]
async fn show_breach(ctx: Ctx, id: Path<Uuid>) -> Result<HttpResponse> {
    let breach = list::breach(&ctx, *id).await?;
    Ok(ok_versioned(breach.version, &breach))
}

/// Dispute (申辩), answer, waive or confirm; 409 says in `allowed_actions` what can be done instead.
#[utoipa::path(
    tag = "合同",
    operation_id = "act_on_breach",
    params(
        ("id" = Uuid, Path),
        ("If-Match" = String, Header, description = "The version that the caller saw"),
    ),
    request_body = BreachActionBody,
    responses((status = 200, body = Breach, headers(("ETag" = String)))),
)]
#[post("/contract/breaches/{id}/actions")]
async fn act_on_breach(
    ctx: Ctx,
    id: Path<Uuid>,
    seen: IfMatch,
    body: Json<BreachActionBody>,
) -> Result<HttpResponse> {
    let breach = act::act(&ctx, *id, *seen, body.into_inner()).await?;
    Ok(ok_versioned(breach.version, &breach))
}
