//! The paths of tickets: extract, one call, answer.

use actix_web::{HttpResponse, get, post};
use uuid::Uuid;

use super::model::Command;
use super::requests::{ListQuery, NewMessage, NewTicket, RevealBody};
use super::service;
use super::views::{Message, Receipt, Revealed, Summary, SupportHours, Ticket, TimelineItem, TracedClock};
use crate::kit::ctx::Ctx;
use crate::kit::error::Result;
use crate::kit::http::{Act, IdempotencyKey, IfMatch, Json, Mounting, Path, Query, ok, ok_versioned};
use crate::kit::page::{Page, PageQuery};

/// Everything about tickets, below `/api/v1`.
pub fn routes(cfg: &mut Mounting<'_, '_>) {
    cfg.service(create_ticket)
        .service(list_tickets)
        .service(show_ticket)
        .service(list_messages)
        .service(post_message)
        .service(act_on_ticket)
        .service(show_timeline)
        .service(show_clocks)
        .service(show_receipt)
        .service(reveal_contact)
        .service(show_support_hours);
}

/// Report a fault, ask, notify: a ticket of any kind. The answer is the receipt: it stands in the database before it is given.
#[utoipa::path(
    tag = "工单",
    operation_id = "create_ticket",
    params(("Idempotency-Key" = String, Header, description = "Chosen by the caller, the same for every try")),
    request_body = NewTicket,
    responses((status = 201, body = Ticket, headers(("Location" = String), ("ETag" = String)))),
)]
#[post("/tickets")]
async fn create_ticket(ctx: Ctx, key: IdempotencyKey, body: Json<NewTicket>) -> Result<HttpResponse> {
    service::create(&ctx, &key, body.into_inner()).await
}

/// Tickets that the caller may see, by scope and filters.
#[utoipa::path(
    tag = "工单",
    operation_id = "list_tickets",
    params(ListQuery),
    responses((status = 200, body = Page<Summary>)),
)]
#[get("/tickets")]
async fn list_tickets(ctx: Ctx, query: Query<ListQuery>) -> Result<HttpResponse> {
    Ok(ok(&service::list(&ctx, &query).await?))
}

/// One ticket with its first page of messages, its clocks, and what the caller can do.
#[utoipa::path(
    tag = "工单",
    operation_id = "show_ticket",
    params(("id" = Uuid, Path)),
    responses((status = 200, body = Ticket, headers(("ETag" = String)))),
)]
#[get("/tickets/{id}")]
async fn show_ticket(ctx: Ctx, id: Path<Uuid>) -> Result<HttpResponse> {
    let ticket = service::show(&ctx, *id).await?;
    Ok(ok_versioned(ticket.summary.version, &ticket))
}

/// Messages, oldest first.
#[utoipa::path(
    tag = "工单",
    operation_id = "list_messages",
    params(("id" = Uuid, Path), PageQuery),
    responses((status = 200, body = Page<Message>)),
)]
#[get("/tickets/{id}/messages")]
async fn list_messages(ctx: Ctx, id: Path<Uuid>, page: Query<PageQuery>) -> Result<HttpResponse> {
    Ok(ok(&service::messages(&ctx, *id, &page).await?))
}

/// Reply, or note something for the vendor's own people. The vendor's first public reply accepts the ticket.
#[utoipa::path(
    tag = "工单",
    operation_id = "post_message",
    params(
        ("id" = Uuid, Path),
        ("Idempotency-Key" = String, Header, description = "Chosen by the caller, the same for every try"),
    ),
    request_body = NewMessage,
    responses((status = 201, body = Message, headers(("Location" = String)))),
)]
#[post("/tickets/{id}/messages")]
async fn post_message(
    ctx: Ctx,
    id: Path<Uuid>,
    key: IdempotencyKey,
    body: Json<NewMessage>,
) -> Result<HttpResponse> {
    service::post(&ctx, *id, &key, body.into_inner()).await
}

/// Do an action of the ticket's kind; 409 says in `allowed_actions` what can be done instead.
#[utoipa::path(
    tag = "工单",
    operation_id = "act_on_ticket",
    params(
        ("id" = Uuid, Path),
        ("If-Match" = String, Header, description = "The version that the caller saw"),
    ),
    request_body = Command,
    responses((status = 200, body = Ticket, headers(("ETag" = String)))),
)]
#[post("/tickets/{id}/actions")]
async fn act_on_ticket(ctx: Ctx, id: Path<Uuid>, seen: IfMatch, body: Act<Command>) -> Result<HttpResponse> {
    let ticket = service::act(&ctx, *id, *seen, body.0).await?;
    Ok(ok_versioned(ticket.summary.version, &ticket))
}

/// What happened, oldest first, each with its place in the ledger.
#[utoipa::path(
    tag = "工单",
    operation_id = "show_timeline",
    params(("id" = Uuid, Path), PageQuery),
    responses((status = 200, body = Page<TimelineItem>)),
)]
#[get("/tickets/{id}/timeline")]
async fn show_timeline(ctx: Ctx, id: Path<Uuid>, page: Query<PageQuery>) -> Result<HttpResponse> {
    Ok(ok(&service::timeline(&ctx, *id, &page).await?))
}

/// The clocks with their explanation, day by day.
#[utoipa::path(
    tag = "工单",
    operation_id = "show_clocks",
    params(("id" = Uuid, Path)),
    responses((status = 200, body = Page<TracedClock>)),
)]
#[get("/tickets/{id}/clocks")]
async fn show_clocks(ctx: Ctx, id: Path<Uuid>) -> Result<HttpResponse> {
    Ok(ok(&service::clocks(&ctx, *id).await?))
}

/// 回执: proof of when the notice came in.
#[utoipa::path(
    tag = "工单",
    operation_id = "show_receipt",
    params(("id" = Uuid, Path)),
    responses((status = 200, body = Receipt)),
)]
#[get("/tickets/{id}/receipt")]
async fn show_receipt(ctx: Ctx, id: Path<Uuid>) -> Result<HttpResponse> {
    Ok(ok(&service::receipt(&ctx, *id).await?))
}

/// The reporter's contact, unmasked, for a purpose. Written down, and shown to the reporter.
#[utoipa::path(
    tag = "工单",
    operation_id = "reveal_contact",
    params(("id" = Uuid, Path)),
    request_body = RevealBody,
    responses((status = 200, body = Revealed)),
)]
#[post("/tickets/{id}/reveal")]
async fn reveal_contact(ctx: Ctx, id: Path<Uuid>, body: Json<RevealBody>) -> Result<HttpResponse> {
    Ok(ok(&service::reveal(&ctx, *id, &body).await?))
}

/// Whether support is there now, when it opens next, and until when a question asked now is answered.
#[utoipa::path(
    tag = "工单",
    operation_id = "show_support_hours",
    responses((status = 200, body = SupportHours)),
)]
#[get("/support-hours")]
async fn show_support_hours(ctx: Ctx) -> Result<HttpResponse> {
    Ok(ok(&service::support_hours(&ctx).await?))
}

#[cfg(test)]
mod tests {
    use actix_web::App;
    use utoipa_actix_web::AppExt;

    use super::routes;
    use crate::kit::http::Mounting;

    #[test]
    fn every_operation_is_described() {
        let (_, document) = App::new()
            .into_utoipa_app()
            .service(utoipa_actix_web::scope("/api/v1").configure(|cfg| routes(&mut Mounting::Describe(cfg))))
            .split_for_parts();
        let json = serde_json::to_value(&document).unwrap();
        let paths = json["paths"].as_object().unwrap();
        assert_eq!(paths.values().map(|p| p.as_object().unwrap().len()).sum::<usize>(), 11);
        assert!(paths.contains_key("/api/v1/tickets/{id}/actions"), "{:?}", paths.keys());
        for schema in [
            "Ticket",
            "Summary",
            "TracedClock",
            "Command",
            "action.Reply",
            "RecordBody",
            "PersonRef",
            "Attachment",
        ] {
            assert!(json["components"]["schemas"].get(schema).is_some(), "{schema}");
        }
    }
}
