//! The paths of the agreement and of the calendar: extract, one call, answer.

mod annexes;
mod records;

use actix_web::{HttpResponse, get};

use super::requests::FeeQuery;
use super::service::{agreement, fees};
use super::views::{Contract, FeePreview};
use crate::kit::ctx::Ctx;
use crate::kit::error::Result;
use crate::kit::http::{Mounting, Query, ok};

/// Everything about the agreement, below `/api/v1`.
pub fn routes(cfg: &mut Mounting<'_, '_>) {
    cfg.service(show_contract).service(preview_fee).configure(annexes::routes).configure(records::routes);
}

/// The agreement: parties, term and phase, parameters in force, what waits for a signature, what its text leaves
/// open. Before `lvyue init` it says `set_up: false`, and the program's defaults hold.
#[utoipa::path(
    tag = "协议",
    operation_id = "show_contract",
    responses((status = 200, body = Contract)),
)]
#[get("/contract")]
async fn show_contract(ctx: Ctx) -> Result<HttpResponse> {
    Ok(ok(&agreement::show(&ctx).await?))
}

/// What annex P13 would take off the fee of a month (4.3.1): a preview, never a charge.
#[utoipa::path(
    tag = "协议",
    operation_id = "preview_fee",
    params(FeeQuery),
    responses((status = 200, body = FeePreview)),
)]
#[get("/contract/fee-preview")]
async fn preview_fee(ctx: Ctx, query: Query<FeeQuery>) -> Result<HttpResponse> {
    Ok(ok(&fees::preview(&ctx, &query.month).await?))
}
