//! The whole process on SQLite: preparing, refusing to start, serving, stopping; and the idempotency of
//! creating calls, which needs a real database and real keys.

use std::collections::BTreeSet;
use std::sync::atomic::AtomicU32;

use actix_web::body::to_bytes;
use sea_orm::{ConnectionTrait, Statement};
use serde_json::json;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use uuid::Uuid;

use super::*;
use crate::kit::actor::Actor;
use crate::kit::clock::Timestamp;
use crate::kit::crypto::KeyFile;
use crate::kit::ctx::Ctx;
use crate::kit::db::WriteTx;
use crate::kit::error::Code;
use crate::kit::http::IdempotencyKey;
use crate::kit::http::idempotency::{Stored, once};

fn settings(folder: &TempDir) -> Settings {
    let mut settings = Settings::defaults().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    settings.database.url = format!("sqlite://{}", path("lvyue.db")).into();
    settings.blob.url = format!("file://{}", path("blobs"));
    settings.keys.file = folder.path().join("keys.toml");
    settings.wechat.appid = "wxdemo0000000001".into();
    settings.wechat.secret = "secret".to_owned().into();
    settings.http.workers = 2;
    settings
}

async fn app() -> (TempDir, App) {
    let folder = TempDir::new().unwrap();
    let settings = settings(&folder);
    KeyFile::init(&settings.keys.file).unwrap();
    let clock = Clock::steered(Timestamp(1_795_309_323_004));
    prepare(&settings, &clock).await.unwrap();
    prepare(&settings, &clock).await.unwrap();
    let app = App::build(settings, clock).await.unwrap();
    (folder, app)
}

#[tokio::test]
async fn without_migration_or_keys_it_does_not_start() {
    let folder = TempDir::new().unwrap();
    let settings = settings(&folder);
    let missing = App::build(settings.clone(), Clock::System).await.unwrap_err();
    assert!(matches!(missing, StartError::Pending(n) if n > 0), "{missing}");
    assert!(missing.to_string().contains("lvyue migrate"));
    let keyless = prepare(&settings, &Clock::System).await.unwrap_err();
    assert!(matches!(keyless, StartError::Keys(_)), "{keyless}");
    assert!(keyless.to_string().contains("lvyue keys init"));
    assert!(!settings.keys.file.exists());
}

async fn get(address: std::net::SocketAddr, path: &str) -> String {
    ask(address, "GET", path).await
}

async fn ask(address: std::net::SocketAddr, method: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!("{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).await.unwrap();
    text
}

#[actix_web::test]
async fn it_serves_says_how_it_is_and_stops() {
    let (_folder, app) = app().await;
    let bind = || TcpListener::bind("127.0.0.1:0").unwrap();
    let (public, internal) = (bind(), bind());
    let (address, metrics) = (public.local_addr().unwrap(), internal.local_addr().unwrap());
    let cancel = CancellationToken::new();
    let serving = app.clone();
    let token = cancel.clone();
    let server = actix_web::rt::spawn(async move { serving.serve(public, Some(internal), token).await });
    // One check is a write; a machine whose disk stalls is not ready, says so, and is asked again.
    let mut ready = get(address, "/readyz").await;
    for _ in 0..30 {
        if ready.starts_with("HTTP/1.1 200") {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_secs(1)).await;
        ready = get(address, "/readyz").await;
    }
    assert!(ready.starts_with("HTTP/1.1 200"), "{ready}");
    for check in ["database", "sessions", "keys", "migrations"] {
        assert!(ready.contains(&format!("\"{check}\":\"ok\"")), "{ready}");
    }
    assert!(get(address, "/livez").await.starts_with("HTTP/1.1 200"));
    assert!(get(address, "/metrics").await.starts_with("HTTP/1.1 404"));
    assert!(get(metrics, "/metrics").await.starts_with("HTTP/1.1 200"));
    let document = get(address, "/openapi.json").await;
    assert!(document.contains("\"openapi\":\"3.1.0\""));
    every_documented_operation_is_served_and_asks_who_is_there(address).await;
    cancel.cancel();
    server.await.unwrap().unwrap();
    assert!(TcpStream::connect(address).await.is_err());
    assert!(matches!(app.kit().db.pending_migrations().await, Err(e) if e.code().status() >= 500));
}

/// Without a token nothing else is said: not what is wrong with the body, not whether the id exists.
async fn every_documented_operation_is_served_and_asks_who_is_there(address: std::net::SocketAddr) {
    let wrong = |what: &str, answer: &str| panic!("{what}: {}", answer.lines().next().unwrap_or_default());
    for (pattern, item) in &routes::described().paths.paths {
        let parts =
            pattern.split('/').map(|p| if p.starts_with('{') { Uuid::nil().to_string() } else { p.into() });
        let path = parts.collect::<Vec<_>>().join("/");
        let operations = [
            ("GET", &item.get),
            ("POST", &item.post),
            ("PUT", &item.put),
            ("PATCH", &item.patch),
            ("DELETE", &item.delete),
        ];
        for (method, operation) in operations {
            let Some(operation) = operation else { continue };
            let answer = ask(address, method, &path).await;
            let public = operation.security.iter().flatten().all(|s| *s == Default::default());
            let (what, status) = (format!("{method} {pattern}"), answer.get(9..12).unwrap_or_default());
            match status {
                "401" if !public => {}
                // For anybody, but nobody was given this code.
                "404" if public && pattern.contains('{') => {}
                "404" | "405" | "401" | "500" => wrong(&what, &answer),
                _ if !public => wrong(&what, &answer),
                _ => {}
            }
        }
    }
}

#[test]
fn every_operation_has_a_name_of_its_own_and_a_tag() {
    let mut names = BTreeSet::new();
    for (path, item) in &routes::described().paths.paths {
        assert!(
            [&item.get, &item.post, &item.put, &item.patch, &item.delete].iter().any(|o| o.is_some()),
            "{path}"
        );
        for operation in [&item.get, &item.post, &item.put, &item.patch, &item.delete].into_iter().flatten() {
            let name = operation.operation_id.clone().unwrap();
            assert!(names.insert(name.clone()), "{name} twice");
            assert!(operation.tags.as_ref().is_some_and(|t| !t.is_empty()), "{name}");
        }
    }
}

fn ctx(app: &App) -> Ctx {
    let actor =
        Actor { account_id: Uuid::from_u128(1), session_id: Uuid::from_u128(2), member: None, consent: None };
    Ctx { kit: Arc::clone(app.kit()), actor, request_id: Uuid::nil(), now: app.kit().clock.now() }
}

async fn count(tx: &WriteTx) -> Result<Stored, Error> {
    tx.execute_unprepared(
        "INSERT INTO counters (name, value) VALUES ('effects', 1)
         ON CONFLICT (name) DO UPDATE SET value = counters.value + 1",
    )
    .await?;
    Stored::created("/things/1", 3, &json!({"name": "张三"}))
}

async fn effects(app: &App) -> i64 {
    let db = app.kit().db.reader();
    let sql = "SELECT COALESCE(MAX(value), 0) AS n FROM counters WHERE name = 'effects'";
    let row =
        db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await.unwrap().unwrap();
    row.try_get("", "n").unwrap()
}

#[tokio::test]
async fn a_submission_has_one_effect_and_its_answer_again() {
    let (folder, app) = app().await;
    let (ctx, key) = (ctx(&app), IdempotencyKey("k1".into()));
    let first = once(&ctx, "things.create", &key, b"a", count).await.unwrap();
    assert_eq!(first.status(), 201);
    assert!(!first.headers().contains_key("idempotency-replayed"));
    let again = once(&ctx, "things.create", &key, b"a", count).await.unwrap();
    assert_eq!(again.headers().get("idempotency-replayed").unwrap(), "true");
    for header in ["location", "etag"] {
        assert_eq!(first.headers().get(header), again.headers().get(header), "{header}");
    }
    let (first, again) =
        (to_bytes(first.into_body()).await.unwrap(), to_bytes(again.into_body()).await.unwrap());
    assert_eq!(first, again);
    assert_eq!(effects(&app).await, 1);
    let other = once(&ctx, "things.create", &key, b"b", count).await.unwrap_err();
    assert_eq!(other.code(), Code::IdempotencyKeyReused);
    // Another operation and another account have keys of their own.
    once(&ctx, "others.create", &key, b"a", count).await.unwrap();
    let mut stranger = ctx.clone();
    stranger.actor.account_id = Uuid::from_u128(9);
    once(&stranger, "things.create", &key, b"a", count).await.unwrap();
    assert_eq!(effects(&app).await, 3);
    // The stored answer is sealed.
    app.kit().db.clone().close().await.unwrap();
    let bytes = std::fs::read(folder.path().join("lvyue.db")).unwrap();
    assert!(!bytes.windows(6).any(|w| w == "张三".as_bytes()));
}

#[tokio::test]
async fn many_at_once_have_one_effect() {
    let (_folder, app) = app().await;
    let ctx = ctx(&app);
    let key = IdempotencyKey("k2".into());
    let all = (0..20).map(|_| once(&ctx, "things.create", &key, b"a", count));
    let done = futures_util::future::join_all(all).await;
    let fresh = done.iter().flatten().filter(|r| !r.headers().contains_key("idempotency-replayed")).count();
    assert_eq!(fresh, 1);
    assert!(done.iter().all(|r| match r {
        Ok(answer) => answer.status() == 201,
        Err(error) => error.is(Code::IdempotencyInProgress),
    }));
    assert_eq!(effects(&app).await, 1);
}

#[tokio::test]
async fn a_failed_or_cancelled_effect_leaves_nothing_and_can_be_tried_again() {
    let (_folder, app) = app().await;
    let ctx = ctx(&app);
    let key = IdempotencyKey("k3".into());
    let failing = async |tx: &WriteTx| {
        count(tx).await?;
        Err(Error::new(Code::StorageFull))
    };
    assert!(once(&ctx, "things.create", &key, b"a", failing).await.unwrap_err().is(Code::StorageFull));
    assert_eq!(effects(&app).await, 0);
    let reached = AtomicU32::new(0);
    let hanging = async |tx: &WriteTx| {
        count(tx).await?;
        reached.fetch_add(1, Ordering::SeqCst);
        std::future::pending().await
    };
    let cut =
        tokio::time::timeout(Duration::from_millis(300), once(&ctx, "things.create", &key, b"a", hanging));
    assert!(cut.await.is_err());
    assert_eq!((reached.load(Ordering::SeqCst), effects(&app).await), (1, 0));
    once(&ctx, "things.create", &key, b"a", count).await.unwrap();
    assert_eq!(effects(&app).await, 1);
}

#[tokio::test]
async fn after_two_days_a_key_is_free_again() {
    let (_folder, app) = app().await;
    let key = IdempotencyKey("k4".into());
    once(&ctx(&app), "things.create", &key, b"a", count).await.unwrap();
    app.kit().clock.advance(chrono::TimeDelta::hours(49));
    once(&ctx(&app), "things.create", &key, b"b", count).await.unwrap();
    assert_eq!(effects(&app).await, 2);
    app.kit().clock.advance(chrono::TimeDelta::hours(49));
    assert_eq!(idempotency::sweep(&app.kit().db, app.kit().clock.now()).await.unwrap(), 1);
}
