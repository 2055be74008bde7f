//! The edge on a real socket, spoken to in raw bytes, because what matters here is what a well-behaved
//! client library would never send.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use actix_web::middleware::from_fn;
use actix_web::web::Data;
use actix_web::{App, HttpResponse, HttpServer, get, patch, post, web};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use utoipa::ToSchema;
use utoipa_actix_web::AppExt;
use uuid::Uuid;

use super::{
    Edge, IdempotencyKey, IfMatch, Json, JsonLimit, KnownPaths, Mounting, Path, Query, document, edge,
};
use crate::kit::clock::Clock;
use crate::kit::config::Settings;
use crate::kit::error::{Code, Error, Result};
use crate::kit::id::Ids;
use crate::kit::page::PageQuery;

#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Note {
    title: String,
}

#[utoipa::path(security(()), responses((status = 200)))]
#[post("/notes")]
async fn echo(note: Json<Note>) -> HttpResponse {
    HttpResponse::Ok().json(&*note)
}

#[utoipa::path(responses((status = 200)), params(PageQuery, ("If-Match" = String, Header), ("Idempotency-Key" = String, Header)))]
#[get("/notes/{id}")]
async fn one(
    _id: Path<Uuid>,
    _query: Query<PageQuery>,
    _v: IfMatch,
    _k: IdempotencyKey,
) -> Result<HttpResponse> {
    Err(Error::new(Code::ActionNotAllowed).with("allowed_actions", vec!["accept"]))
}

#[utoipa::path(responses((status = 200)))]
#[get("/panic")]
async fn fall() -> HttpResponse {
    panic!("张三 13800138000");
}

#[utoipa::path(responses((status = 200)))]
#[get("/slow")]
async fn slow() -> HttpResponse {
    tokio::time::sleep(Duration::from_secs(30)).await;
    HttpResponse::Ok().finish()
}

#[utoipa::path(responses((status = 200)))]
#[get("/foreign")]
async fn foreign() -> HttpResponse {
    HttpResponse::ServiceUnavailable().body("Traceback (most recent call last)")
}

#[utoipa::path(responses((status = 204)))]
#[patch("/notes/{id}")]
async fn amend(_id: Path<Uuid>) -> HttpResponse {
    HttpResponse::NoContent().finish()
}

fn mount(cfg: &mut Mounting<'_, '_>) {
    cfg.service(amend).service(echo).service(one).service(fall).service(slow).service(foreign);
}

fn start(change: impl FnOnce(&mut Settings)) -> SocketAddr {
    let mut settings = Settings::defaults().unwrap();
    settings.http.request_timeout_seconds = 1;
    change(&mut settings);
    let ids = Arc::new(Ids::new(Clock::System));
    let mut listed = Vec::new();
    mount(&mut Mounting::List("", &mut listed));
    let edge = Edge::new(&settings.http, Clock::System, ids, KnownPaths::of(listed), &[]).unwrap();
    let edge = Data::new(edge);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let server = HttpServer::new(move || {
        App::new()
            .app_data(edge.clone())
            .app_data(JsonLimit(1000))
            .configure(|cfg| mount(&mut Mounting::Serve(cfg)))
            .default_service(web::to(edge::unmatched))
            .wrap(from_fn(edge::around))
    });
    actix_web::rt::spawn(server.workers(1).listen(listener).unwrap().run());
    address
}

struct Answer {
    status: u16,
    head: String,
    body: String,
}

impl Answer {
    fn parse(text: &str) -> Self {
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((text, ""));
        let status = head.split(' ').nth(1).and_then(|s| s.parse().ok()).unwrap_or(0);
        Self { status, head: head.to_ascii_lowercase(), body: body.to_owned() }
    }

    /// Checks what every problem must be, and returns it.
    fn problem(&self) -> Value {
        let body: Value =
            serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("{} {}", self.head, self.body));
        assert!(self.head.contains("content-type: application/problem+json"), "{}", self.head);
        assert_eq!(body["status"], self.status);
        assert!(body["title"].as_str().unwrap().chars().any(|c| c > '\u{4e00}'));
        assert!(self.head.contains(&format!("x-request-id: {}", body["request_id"].as_str().unwrap())));
        self.protected();
        body
    }

    fn protected(&self) {
        for header in [
            "strict-transport-security: max-age",
            "content-security-policy: default-src 'none'",
            "x-content-type-options: nosniff",
            "referrer-policy: no-referrer",
            "cache-control: no-store",
        ] {
            assert!(self.head.contains(header), "{header} missing in {}", self.head);
        }
        assert!(!self.head.contains("\r\nserver:"));
        assert!(!self.head.contains("access-control"));
    }
}

async fn ask(address: SocketAddr, line: &str, headers: &str, body: &[u8]) -> Answer {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = format!("{line} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{headers}\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(body).await.unwrap();
    let mut text = Vec::new();
    stream.read_to_end(&mut text).await.unwrap();
    Answer::parse(&String::from_utf8_lossy(&text))
}

async fn note(address: SocketAddr, body: &[u8]) -> Answer {
    let headers = format!("Content-Type: application/json\r\nContent-Length: {}\r\n", body.len());
    ask(address, "POST /notes", &headers, body).await
}

#[actix_web::test]
async fn every_kind_of_bad_input_is_a_problem_with_its_code() {
    let at = start(|_| {});
    let good = note(at, br#"{"title":"a"}"#).await;
    assert_eq!((good.status, good.body.as_str()), (200, r#"{"title":"a"}"#));
    good.protected();
    let huge = format!(r#"{{"title":"{}"}}"#, "x".repeat(2000));
    let cases: [(&[u8], u16, &str); 6] = [
        (b"{", 400, "BAD_JSON"),
        (b"{\"title\":\"\xff\"}", 400, "BAD_JSON"),
        (b"{}", 422, "INVALID"),
        (br#"{"title":1}"#, 422, "INVALID"),
        (br#"{"title":"a","admin":true}"#, 422, "INVALID"),
        (huge.as_bytes(), 413, "BODY_TOO_LARGE"),
    ];
    for (body, status, code) in cases {
        let problem = note(at, body).await.problem();
        assert_eq!((&problem["status"], &problem["code"]), (&status.into(), &code.into()));
    }
    let unknown = note(at, br#"{"title":"a","admin":true}"#).await.problem();
    assert_eq!(unknown["errors"][0]["field"], "admin");
    assert_eq!(unknown["errors"][0]["code"], "UNKNOWN_FIELD");
    let chunked = format!("{:x}\r\n{huge}\r\n0\r\n\r\n", huge.len());
    let headers = "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n";
    assert_eq!(ask(at, "POST /notes", headers, chunked.as_bytes()).await.problem()["status"], 413);
    let form = ask(at, "POST /notes", "Content-Type: text/plain\r\nContent-Length: 1\r\n", b"x").await;
    assert_eq!(form.problem()["code"], "MEDIA_TYPE_UNSUPPORTED");
}

#[actix_web::test]
async fn paths_methods_headers_and_parameters() {
    let at = start(|_| {});
    assert_eq!(ask(at, "GET /nowhere?token=1", "", b"").await.problem()["code"], "NOT_FOUND");
    let id = format!("/notes/{}", Uuid::nil());
    let wrong = ask(at, &format!("DELETE {id}"), "", b"").await;
    assert_eq!(wrong.problem()["code"], "METHOD_NOT_ALLOWED");
    assert!(wrong.head.contains("allow: get, head"), "{}", wrong.head);
    assert_eq!(ask(at, "TRACE /notes", "", b"").await.problem()["status"], 405);
    let get =
        async |path: String, headers: &str| ask(at, &format!("GET {path}"), headers, b"").await.problem();
    assert_eq!(get("/notes/7".into(), "").await["code"], "NOT_FOUND");
    assert_eq!(get(format!("{id}?offset=1"), "").await["errors"][0]["code"], "UNKNOWN_FIELD");
    assert_eq!(get(format!("{id}?limit=x"), "").await["errors"][0]["field"], "limit");
    assert_eq!(get(id.clone(), "").await["code"], "IF_MATCH_REQUIRED");
    assert_eq!(get(id.clone(), "If-Match: W/\"1\"\r\n").await["code"], "BAD_REQUEST");
    assert_eq!(get(id.clone(), "If-Match: 1\r\n").await["code"], "HEADER_MISSING");
    let full = get(id.clone(), "If-Match: \"1\"\r\nIdempotency-Key: k\r\n").await;
    assert_eq!(
        (&full["code"], &full["allowed_actions"][0]),
        (&"ACTION_NOT_ALLOWED".into(), &"accept".into())
    );
    let head = ask(at, &format!("HEAD {id}"), "", b"").await;
    assert_eq!((head.status, head.body.as_str()), (428, ""));
    head.protected();
}

#[actix_web::test]
async fn a_client_without_patch_says_so_in_a_header_and_can_ask_for_nothing_else() {
    let at = start(|_| {});
    let path = "/notes/0199f3a2-0000-7000-8000-000000000000";
    for (method, header, status) in [
        ("PATCH", "", 204),
        ("POST", "X-HTTP-Method-Override: PATCH\r\n", 204),
        ("POST", "", 405),
        ("POST", "X-HTTP-Method-Override: DELETE\r\n", 405),
        ("POST", "X-HTTP-Method-Override: patch\r\n", 405),
        ("DELETE", "X-HTTP-Method-Override: PATCH\r\n", 405),
    ] {
        assert_eq!(
            ask(at, &format!("{method} {path}"), header, b"").await.status,
            status,
            "{method} {header}"
        );
    }
}

#[actix_web::test]
async fn a_panic_is_a_problem_and_the_next_request_works() {
    let at = start(|_| {});
    for _ in 0..3 {
        let fallen = ask(at, "GET /panic", "", b"").await;
        assert_eq!(fallen.problem()["code"], "INTERNAL");
        assert!(!fallen.body.contains("138"));
    }
    assert_eq!(note(at, br#"{"title":"a"}"#).await.status, 200);
    let busy = ask(at, "GET /foreign", "", b"").await;
    assert_eq!(busy.problem()["code"], "OVERLOADED");
    assert!(busy.head.contains("retry-after: ") && !busy.body.contains("Traceback"));
}

#[actix_web::test]
async fn a_slow_body_is_cut_off_and_a_slow_handler_is_ours() {
    let at = start(|_| {});
    let started = std::time::Instant::now();
    let headers = "Content-Type: application/json\r\nContent-Length: 100\r\n";
    let mut stream = TcpStream::connect(at).await.unwrap();
    let head = format!("POST /notes HTTP/1.1\r\nHost: x\r\n{headers}\r\n{{\"ti");
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut text = Vec::new();
    // Not "Connection: close": the server must end it by itself.
    tokio::time::timeout(Duration::from_secs(8), stream.read_to_end(&mut text)).await.unwrap().unwrap();
    let cut = Answer::parse(&String::from_utf8_lossy(&text));
    assert_eq!(cut.problem()["code"], "REQUEST_TIMEOUT");
    assert!(cut.head.contains("connection: close"), "{}", cut.head);
    assert!(started.elapsed() < Duration::from_secs(4));
    assert_eq!(ask(at, "GET /slow", "", b"").await.problem()["code"], "OVERLOADED");
}

#[actix_web::test]
async fn too_many_at_once_and_too_many_a_minute() {
    let at = start(|s| s.http.max_in_flight = 1);
    let first = actix_web::rt::spawn(ask(at, "GET /slow", "", b""));
    tokio::time::sleep(Duration::from_millis(300)).await;
    let full = ask(at, "GET /foreign", "", b"").await;
    assert_eq!(full.problem()["code"], "OVERLOADED");
    assert!(full.head.contains("retry-after: "));
    first.await.unwrap();
    let at = start(|s| s.http.requests_per_minute = 3);
    let mut last = None;
    for _ in 0..4 {
        // The header must not buy a second allowance.
        last = Some(ask(at, "GET /nowhere", "X-Forwarded-For: 9.9.9.9\r\n", b"").await);
    }
    let hasty = last.unwrap();
    assert_eq!(hasty.problem()["code"], "TOO_MANY_REQUESTS");
    assert!(hasty.head.contains("retry-after: "));
}

#[test]
fn documented_operations_carry_common_problems() {
    let app = App::new().into_utoipa_app().openapi(document::begun());
    let (_, document) = app.configure(|cfg| mount(&mut Mounting::Describe(cfg))).split_for_parts();
    let text = document::finished(document).to_json().unwrap();
    let document: Value = serde_json::from_str(&text).unwrap();
    let create = &document["paths"]["/notes"]["post"];
    assert!(create["requestBody"]["content"]["application/json"].is_object(), "{create}");
    for status in ["400", "408", "413", "415", "422", "429", "500", "503"] {
        let content = &create["responses"][status]["content"]["application/problem+json"];
        assert_eq!(content["schema"]["$ref"], "#/components/schemas/ProblemBody", "{status}");
    }
    assert!(create["responses"]["401"].is_null());
    let read = &document["paths"]["/notes/{id}"]["get"];
    assert_eq!(read["security"][0]["bearer"], serde_json::json!([]));
    for status in ["401", "403", "404", "412", "428"] {
        assert!(read["responses"][status].is_object(), "{status}");
    }
    let names: Vec<&str> =
        read["parameters"].as_array().unwrap().iter().map(|p| p["name"].as_str().unwrap()).collect();
    assert!(names.contains(&"id") && names.contains(&"limit"), "{names:?}");
    let schema = &document["components"]["schemas"]["ProblemBody"];
    assert!(schema["properties"]["type"].is_object(), "{schema}");
    assert!(document["components"]["schemas"]["FieldError"].is_object());
}
