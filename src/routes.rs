//! The only list of what is served, and the OpenAPI document that is made from the same calls.

use std::sync::LazyLock;

use actix_web::web::Data;
use actix_web::{App, HttpResponse, get};
use utoipa::openapi::OpenApi;
use utoipa_actix_web::AppExt;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::kit::http::document;
use crate::{
    classes, contract, courses, duties, files, identity, learning, notices, ops, roster, search, tickets,
};

/// Everything that is served on the public listener.
pub fn mount(cfg: &mut ServiceConfig<'_>) {
    cfg.service(openapi).configure(ops::routes);
    cfg.service(utoipa_actix_web::scope("/api/v1").configure(features));
}

/// The features, each with its own paths below `/api/v1`. Paths are tried in this order: first what phones ask for most.
fn features(cfg: &mut ServiceConfig<'_>) {
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
pub fn served() -> &'static OpenApi {
    static DOCUMENT: LazyLock<OpenApi> = LazyLock::new(|| {
        let (_, document) =
            App::new().into_utoipa_app().openapi(document::begun()).configure(mount).split_for_parts();
        document::finished(document)
    });
    &DOCUMENT
}

/// The document as bytes, once per process.
#[derive(Debug)]
pub struct Document(pub String);

/// This description.
#[utoipa::path(tag = "运行", operation_id = "openapi", security(()), responses((status = 200, description = "OpenAPI 3.1", content_type = "application/json")))]
#[get("/openapi.json")]
async fn openapi(document: Data<Document>) -> HttpResponse {
    HttpResponse::Ok().content_type("application/json").body(document.0.clone())
}
