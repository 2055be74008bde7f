//! Milestones, deliveries, the maintenance log and the exit.

use actix_web::{HttpResponse, get, post};
use uuid::Uuid;

use crate::contract::requests::{
    DeliveryAct, ExitAct, MaintenanceQuery, MilestoneAct, NewDelivery, NewMaintenance, NewStage,
};
use crate::contract::service::{deliveries, exit, maintenance, milestones};
use crate::contract::views::{Delivery, ExitChecklist, MaintenanceEntry, Milestone};
use crate::kit::ctx::Ctx;
use crate::kit::error::Result;
use crate::kit::http::{Act, IdempotencyKey, IfMatch, Json, Mounting, Path, Query, ok, ok_versioned};
use crate::kit::page::{Page, PageQuery};

pub(super) fn routes(cfg: &mut Mounting<'_, '_>) {
    cfg.service(list_milestones)
        .service(begin_stage)
        .service(show_milestone)
        .service(act_on_milestone)
        .service(list_deliveries)
        .service(create_delivery)
        .service(show_delivery)
        .service(act_on_delivery)
        .service(list_maintenance)
        .service(log_maintenance)
        .service(show_exit)
        .service(act_on_exit);
}

/// Milestones in the order in which they began: requirement document (2.1), plan (3.1), first report (3.2.1),
/// stage inspections (7.2.1).
#[utoipa::path(
    tag = "里程碑",
    operation_id = "list_milestones",
    responses((status = 200, body = Page<Milestone>), (status = 409, description = "NOT_SET_UP")),
)]
#[get("/contract/milestones")]
async fn list_milestones(ctx: Ctx) -> Result<HttpResponse> {
    Ok(ok(&milestones::list(&ctx).await?))
}

/// Begin the functional, performance and security tests of a development stage.
#[utoipa::path(
    tag = "里程碑",
    operation_id = "begin_stage",
    params(("Idempotency-Key" = String, Header, description = "Chosen by the caller, the same for every try")),
    request_body = NewStage,
    responses((status = 201, body = Page<Milestone>, headers(("Location" = String)))),
)]
#[post("/contract/stages")]
async fn begin_stage(ctx: Ctx, key: IdempotencyKey, body: Json<NewStage>) -> Result<HttpResponse> {
    milestones::begin_stage(&ctx, &key, body.into_inner()).await
}

/// One milestone with all its versions.
#[utoipa::path(
    tag = "里程碑",
    operation_id = "show_milestone",
    params(("id" = Uuid, Path)),
    responses(
        (status = 200, body = Milestone, headers(("ETag" = String))),
        (status = 409, description = "NOT_SET_UP"),
    ),
)]
#[get("/contract/milestones/{id}")]
async fn show_milestone(ctx: Ctx, id: Path<Uuid>) -> Result<HttpResponse> {
    let shown = milestones::show(&ctx, *id).await?;
    Ok(ok_versioned(shown.version, &shown))
}

/// Submit, accept or return a milestone, or set the date of the plan.
#[utoipa::path(
    tag = "里程碑",
    operation_id = "act_on_milestone",
    params(
        ("id" = Uuid, Path),
        ("If-Match" = String, Header, description = "The version that the caller saw"),
    ),
    request_body = MilestoneAct,
    responses((status = 200, body = Milestone, headers(("ETag" = String)))),
)]
#[post("/contract/milestones/{id}/actions")]
async fn act_on_milestone(
    ctx: Ctx,
    id: Path<Uuid>,
    seen: IfMatch,
    body: Act<MilestoneAct>,
) -> Result<HttpResponse> {
    let shown = milestones::act(&ctx, *id, *seen, body.0).await?;
    Ok(ok_versioned(shown.version, &shown))
}

/// Deliveries, the newest first.
#[utoipa::path(
    tag = "交付",
    operation_id = "list_deliveries",
    params(PageQuery),
    responses((status = 200, body = Page<Delivery>), (status = 409, description = "NOT_SET_UP")),
)]
#[get("/contract/deliveries")]
async fn list_deliveries(ctx: Ctx, page: Query<PageQuery>) -> Result<HttpResponse> {
    Ok(ok(&deliveries::list(&ctx, &page).await?))
}

/// Submit the package that completes the development (3.3.2), every item with its proof and its IP label (5.2).
#[utoipa::path(
    tag = "交付",
    operation_id = "create_delivery",
    params(("Idempotency-Key" = String, Header, description = "Chosen by the caller, the same for every try")),
    request_body = NewDelivery,
    responses((status = 201, body = Delivery, headers(("Location" = String), ("ETag" = String)))),
)]
#[post("/contract/deliveries")]
async fn create_delivery(ctx: Ctx, key: IdempotencyKey, body: Json<NewDelivery>) -> Result<HttpResponse> {
    deliveries::create(&ctx, &key, body.into_inner()).await
}

/// One delivery with every round of every item.
#[utoipa::path(
    tag = "交付",
    operation_id = "show_delivery",
    params(("id" = Uuid, Path)),
    responses(
        (status = 200, body = Delivery, headers(("ETag" = String))),
        (status = 409, description = "NOT_SET_UP"),
    ),
)]
#[get("/contract/deliveries/{id}")]
async fn show_delivery(ctx: Ctx, id: Path<Uuid>) -> Result<HttpResponse> {
    let shown = deliveries::show(&ctx, *id).await?;
    Ok(ok_versioned(shown.version, &shown))
}

/// Accept or reject an item, submit it again, or sign the whole. The second signature begins the term (1.3): one
/// year to the same date, clamped to the end of the month (民法典 202).
#[utoipa::path(
    tag = "交付",
    operation_id = "act_on_delivery",
    params(
        ("id" = Uuid, Path),
        ("If-Match" = String, Header, description = "The version that the caller saw"),
    ),
    request_body = DeliveryAct,
    responses((status = 200, body = Delivery, headers(("ETag" = String)))),
)]
#[post("/contract/deliveries/{id}/actions")]
async fn act_on_delivery(
    ctx: Ctx,
    id: Path<Uuid>,
    seen: IfMatch,
    body: Act<DeliveryAct>,
) -> Result<HttpResponse> {
    let shown = deliveries::act(&ctx, *id, *seen, body.0).await?;
    Ok(ok_versioned(shown.version, &shown))
}

/// The maintenance log (4.1.1), the latest entry first.
#[utoipa::path(
    tag = "维护",
    operation_id = "list_maintenance",
    params(MaintenanceQuery),
    responses((status = 200, body = Page<MaintenanceEntry>), (status = 409, description = "NOT_SET_UP")),
)]
#[get("/contract/maintenance")]
async fn list_maintenance(ctx: Ctx, query: Query<MaintenanceQuery>) -> Result<HttpResponse> {
    Ok(ok(&maintenance::list(&ctx, &query).await?))
}

/// Write down what was done: 巡检, 备份, 恢复演练, 补丁升级, 优化, 安全加固. A restore drill that went well says
/// how many minutes it took and which instant's data it brought back.
#[utoipa::path(
    tag = "维护",
    operation_id = "log_maintenance",
    params(("Idempotency-Key" = String, Header, description = "Chosen by the caller, the same for every try")),
    request_body = NewMaintenance,
    responses((status = 201, body = MaintenanceEntry, headers(("Location" = String)))),
)]
#[post("/contract/maintenance")]
async fn log_maintenance(ctx: Ctx, key: IdempotencyKey, body: Json<NewMaintenance>) -> Result<HttpResponse> {
    maintenance::log(&ctx, &key, body.into_inner()).await
}

/// The exit checklist (5.2.3, 个人信息保护法 21); 404 until the term has ended.
#[utoipa::path(
    tag = "交付",
    operation_id = "show_exit",
    responses(
        (status = 200, body = ExitChecklist, headers(("ETag" = String))),
        (status = 404, description = "协议还没有届满"),
        (status = 409, description = "NOT_SET_UP"),
    ),
)]
#[get("/contract/exit")]
async fn show_exit(ctx: Ctx) -> Result<HttpResponse> {
    let shown = exit::show(&ctx).await?;
    Ok(ok_versioned(shown.version, &shown))
}

/// Do, confirm or return an item of the exit checklist.
#[utoipa::path(
    tag = "交付",
    operation_id = "act_on_exit",
    params(("If-Match" = String, Header, description = "The version that the caller saw")),
    request_body = ExitAct,
    responses(
        (status = 200, body = ExitChecklist, headers(("ETag" = String))),
        (status = 404, description = "协议还没有届满"),
    ),
)]
#[post("/contract/exit/actions")]
async fn act_on_exit(ctx: Ctx, seen: IfMatch, body: Act<ExitAct>) -> Result<HttpResponse> {
    let shown = exit::act(&ctx, *seen, body.0).await?;
    Ok(ok_versioned(shown.version, &shown))
}
