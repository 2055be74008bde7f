//! The only list of what is served, and the OpenAPI document that is made from the same calls.

use std::sync::LazyLock;

use actix_web::{App, HttpResponse, get, web};
use utoipa::openapi::OpenApi;
use utoipa_actix_web::AppExt;

use crate::kit::http::{KnownPaths, Mounting, document};
use crate::{
    classes, contract, courses, duties, files, identity, learning, notices, ops, roster, search, tickets,
};

const API: &str = "/api/v1";

/// Everything that is served on the public listener.
pub fn mount(cfg: &mut web::ServiceConfig) {
    around(&mut Mounting::Serve(cfg));
    cfg.service(web::scope(API).configure(|cfg| features(&mut Mounting::Serve(cfg))));
}

fn around(cfg: &mut Mounting<'_, '_>) {
    cfg.service(openapi).configure(ops::routes);
}

/// The features, each with its own paths below `/api/v1`. Paths are tried in this order: first what phones ask for most.
fn features(cfg: &mut Mounting<'_, '_>) {
    cfg.configure(tickets::routes)
        .configure(identity::routes)
        .configure(files::routes)
        .configure(notices::routes)
        .configure(roster::routes)
        .configure(duties::routes)
        .configure(contract::routes)
        .configure(search::routes)
        .configure(courses::routes)
        .configure(classes::routes)
        .configure(learning::routes);
}

/// Below these paths a `POST` or `PATCH` may take as long as an upload.
pub const UPLOADS: &[&str] = &["/api/v1/attachments", "/api/v1/uploads"];

/// The finished document, as served and as `lvyue openapi` prints it.
#[must_use]
pub fn described() -> OpenApi {
    let app = App::new().into_utoipa_app().openapi(document::begun());
    let app = app.configure(|cfg| around(&mut Mounting::Describe(cfg)));
    let api = utoipa_actix_web::scope(API).configure(|cfg| features(&mut Mounting::Describe(cfg)));
    let (_, document) = app.service(api).split_for_parts();
    document::finished(document)
}

/// Every path that is served, with its methods.
#[must_use]
pub fn known() -> KnownPaths {
    let mut listed = Vec::new();
    around(&mut Mounting::List("", &mut listed));
    features(&mut Mounting::List(API, &mut listed));
    KnownPaths::of(listed)
}

/// This description.
#[utoipa::path(tag = "运行", operation_id = "openapi", security(()), responses((status = 200, description = "OpenAPI 3.1", content_type = "application/json")))]
#[get("/openapi.json")]
async fn openapi() -> HttpResponse {
    // Made for the first who asks; of strings, maps and numbers, so that writing it cannot fail.
    static TEXT: LazyLock<String> = LazyLock::new(|| described().to_json().unwrap_or_default());
    HttpResponse::Ok().content_type("application/json").body(TEXT.as_str())
}
