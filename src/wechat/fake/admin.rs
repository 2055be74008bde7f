//! The strings to pull over HTTP, for what cannot hold a [`super::FakeHandle`]: browsers and scripts.
//! Bodies must say that they are JSON, so that no web page can send them behind somebody's back.

use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::{self, Bytes, Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::world::{Modes, Script, World};

pub(super) fn routes(config: &mut ServiceConfig) {
    config
        .route("/__fake/script", web::post().to(script))
        .route("/__fake/modes", web::post().to(modes))
        .route("/__fake/codes", web::post().to(issue))
        .route("/__fake/revoke-tokens", web::post().to(revoke))
        .route("/__fake/calls", web::get().to(calls))
        .route("/__fake/violations", web::get().to(violations));
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Issue {
    code: String,
}

async fn script(world: Data<World>, request: HttpRequest, body: Bytes) -> HttpResponse {
    told::<Script>(&request, &body, |script| world.script(script))
}

/// Replaces all modes: what is left out is as at the start.
async fn modes(world: Data<World>, request: HttpRequest, body: Bytes) -> HttpResponse {
    told::<Modes>(&request, &body, |modes| world.modes(|now| *now = modes))
}

async fn issue(world: Data<World>, request: HttpRequest, body: Bytes) -> HttpResponse {
    told::<Issue>(&request, &body, |issue| world.issue(&issue.code))
}

async fn revoke(world: Data<World>, request: HttpRequest, body: Bytes) -> HttpResponse {
    told::<serde_json::Map<String, serde_json::Value>>(&request, &body, |_| world.revoke_tokens())
}

async fn calls(world: Data<World>) -> HttpResponse {
    HttpResponse::Ok().json(world.all_calls())
}

async fn violations(world: Data<World>) -> HttpResponse {
    HttpResponse::Ok().json(world.violations())
}

fn told<T: DeserializeOwned>(request: &HttpRequest, body: &[u8], act: impl FnOnce(T)) -> HttpResponse {
    let said = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    if !said.is_some_and(|said| said.starts_with("application/json")) {
        return HttpResponse::UnsupportedMediaType().body("application/json, please");
    }
    match serde_json::from_slice(body) {
        Ok(order) => {
            act(order);
            HttpResponse::NoContent().finish()
        }
        Err(err) => HttpResponse::BadRequest().body(err.to_string()),
    }
}
