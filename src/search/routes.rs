//! The paths of the search: extract, one call, answer.

use actix_web::{HttpResponse, get, post};
use uuid::Uuid;

use super::requests::{Draft, SearchQuery, Solved};
use super::service;
use super::views::{Found, SuggestionSummary, Suggestions};
use crate::kit::ctx::Ctx;
use crate::kit::error::Result;
use crate::kit::http::{Json, Mounting, Path, Query, no_content, ok};

/// The search, below `/api/v1`.
pub fn routes(cfg: &mut Mounting<'_, '_>) {
    cfg.service(search).service(suggest).service(summarise_suggestions).service(solve_by_suggestion);
}

/// Published materials, and tickets that the caller sees, by words.
#[utoipa::path(
    tag = "搜索",
    operation_id = "search",
    params(SearchQuery),
    responses((status = 200, body = Found)),
)]
#[get("/search")]
async fn search(ctx: Ctx, query: Query<SearchQuery>) -> Result<HttpResponse> {
    Ok(ok(&service::search(&ctx, &query).await?))
}

/// Materials that may answer a ticket before it is sent.
#[utoipa::path(
    tag = "搜索",
    operation_id = "suggest",
    request_body = Draft,
    responses((status = 200, body = Suggestions)),
)]
#[post("/suggestions")]
async fn suggest(ctx: Ctx, body: Json<Draft>) -> Result<HttpResponse> {
    Ok(ok(&service::suggest(&ctx, &body).await?))
}

/// A suggested material solved it; saying so again changes nothing.
#[utoipa::path(
    tag = "搜索",
    operation_id = "solve_by_suggestion",
    request_body = Solved,
    params(("id" = Uuid, Path)),
    responses((status = 204)),
)]
#[post("/suggestions/{id}/solved")]
async fn solve_by_suggestion(ctx: Ctx, id: Path<Uuid>, body: Json<Solved>) -> Result<HttpResponse> {
    service::solved(&ctx, *id, &body).await?;
    Ok(no_content())
}

/// What suggestions were good for.
#[utoipa::path(
    tag = "搜索",
    operation_id = "summarise_suggestions",
    responses((status = 200, body = SuggestionSummary)),
)]
#[get("/suggestions/summary")]
async fn summarise_suggestions(ctx: Ctx) -> Result<HttpResponse> {
    Ok(ok(&service::summary(&ctx).await?))
}
