//! `GET /livez` and `GET /readyz`, for the machinery around us. No token.

use std::collections::BTreeMap;
use std::sync::Arc;

use actix_web::web::Data;
use actix_web::{HttpResponse, get};

use super::service::Health;
use super::views::Readiness;
use crate::kit::Kit;
use crate::kit::http::Mounting;

pub fn routes(cfg: &mut Mounting<'_, '_>) {
    cfg.service(livez).service(readyz);
}

/// The process answers.
#[utoipa::path(tag = "运行", operation_id = "livez", security(()), responses((status = 200, body = Readiness)))]
#[get("/livez")]
async fn livez() -> HttpResponse {
    HttpResponse::Ok().json(Readiness::of(BTreeMap::new()))
}

/// The process can serve: database, sessions, keys, migrations and disk are well.
#[utoipa::path(tag = "运行", operation_id = "readyz", security(()),
    responses((status = 200, body = Readiness), (status = 503, body = Readiness)))]
#[get("/readyz")]
async fn readyz(health: Data<Health>, kit: Data<Arc<Kit>>) -> HttpResponse {
    let seen = health.readiness(&kit).await;
    if seen.is_ok() { HttpResponse::Ok().json(seen) } else { HttpResponse::ServiceUnavailable().json(seen) }
}
