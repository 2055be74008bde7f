//! The paths of the inbox: extract, one call, answer.

use actix_web::{HttpResponse, get, post};

use super::requests::{InboxQuery, ReadBody};
use super::service;
use super::views::{Inbox, Unread};
use crate::kit::ctx::Ctx;
use crate::kit::error::Result;
use crate::kit::http::{Json, Mounting, Query, ok};
use crate::kit::page::PageQuery;

/// The inbox, below `/api/v1`.
pub fn routes(cfg: &mut Mounting<'_, '_>) {
    cfg.service(list_inbox).service(read_inbox);
}

/// What the caller was told, newest first, and how much of it is unread.
#[utoipa::path(
    tag = "通知",
    operation_id = "list_inbox",
    params(InboxQuery),
    responses((status = 200, body = Inbox)),
)]
#[get("/inbox")]
async fn list_inbox(ctx: Ctx, query: Query<InboxQuery>) -> Result<HttpResponse> {
    let InboxQuery { unread, limit, cursor } = query.into_inner();
    Ok(ok(&service::list(&ctx, unread.unwrap_or(false), &PageQuery { limit, cursor }).await?))
}

/// Mark notices as read; doing it again changes nothing.
#[utoipa::path(
    tag = "通知",
    operation_id = "read_inbox",
    request_body = ReadBody,
    responses((status = 200, body = Unread)),
)]
#[post("/inbox/read")]
async fn read_inbox(ctx: Ctx, body: Json<ReadBody>) -> Result<HttpResponse> {
    Ok(ok(&service::read(&ctx, body.into_inner()).await?))
}
