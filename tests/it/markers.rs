//! Nothing that says something about a person lies anywhere in the clear: unmistakable values go through
//! everything the program does, good and bad, and are then looked for in whatever it leaves behind.

use std::fs;
use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use lvyue::kit::clock::Clock;
use lvyue::wechat::fake::{Fake, openid_of};
use reqwest::Method;
use serde_json::{Value, json};

use crate::attachments::{files, pdf, photo_with_place};
use crate::support::child::Home;
use crate::support::client::fresh_key;
use crate::support::engine::{APPID, SECRET};
use crate::support::faults::id;
use crate::support::servers::servers;
use crate::support::world::{folder, runtime};
use crate::support::{Client, Engine};

/// What is planted where, and how it must never be found again.
const PLANTED: [(&str, &str); 18] = [
    ("name", "钱标记甲一"),
    ("second name", "孙标记乙二"),
    ("phone", "19987650001"),
    ("second phone", "19987650002"),
    ("email", "qzmarkermail@example.com"),
    ("employee number", "QZM700001"),
    ("title", "标题QZTITLE31"),
    ("description", "内容QZDESCR32"),
    ("scope", "范围QZSCOPE33"),
    ("contact", "QZCONTACT34"),
    ("reply", "回复QZREPLY35"),
    ("note", "备注QZNOTES36"),
    ("solution", "方案QZSOLUT37"),
    ("reason", "原因QZREASN38"),
    ("file name", "QZFNAME39"),
    ("file content", "QZFCONT40"),
    ("device", "QZDEVICE41"),
    ("record", "记录QZRECRD42"),
];
/// Sent in requests that are refused.
const REFUSED: [&str; 5] = ["QZUNKNOWN51", "QZBADJSON52", "QZPATH53", "QZQUERY54", "QZPURPOSE55"];

fn planted(what: &str) -> &'static str {
    PLANTED.iter().find(|(name, _)| *name == what).map(|(_, value)| *value).unwrap()
}

/// The ways in which a value may hide.
fn forms(marker: &str) -> Vec<Vec<u8>> {
    let plain = marker.as_bytes();
    let hex: String = plain.iter().map(|b| format!("{b:02x}")).collect();
    let mut forms = vec![
        plain.to_vec(),
        marker.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        marker.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        hex.to_uppercase().into_bytes(),
        hex.into_bytes(),
    ];
    if !marker.is_ascii() {
        forms.push(plain.iter().flat_map(|b| format!("%{b:02X}").into_bytes()).collect());
        forms.push(
            marker
                .encode_utf16()
                .flat_map(|u| if u < 128 { vec![u as u8] } else { format!("\\u{u:04x}").into_bytes() })
                .collect(),
        );
    }
    // Base64 in its three alignments, without the characters that depend on the neighbours.
    for skipped in 0..3 {
        let padded = [vec![0; skipped], plain.to_vec()].concat();
        let text = STANDARD.encode(&padded).trim_end_matches('=').to_owned();
        let begin = [0, 2, 3][skipped];
        let end = text.len() - usize::from(padded.len() % 3 != 0);
        forms.push(text.as_bytes()[begin..end].to_vec());
        forms.push(text[begin..end].replace('+', "-").replace('/', "_").into_bytes());
    }
    forms
}

struct Search {
    needles: Vec<(String, Vec<u8>)>,
    begins: Vec<bool>,
}

impl Search {
    fn new(markers: &[String]) -> Self {
        let needles: Vec<(String, Vec<u8>)> =
            markers.iter().flat_map(|m| forms(m).into_iter().map(|f| (m.clone(), f))).collect();
        let mut begins = vec![false; 1 << 16];
        for (_, needle) in &needles {
            begins[usize::from(needle[0]) << 8 | usize::from(needle[1])] = true;
        }
        Self { needles, begins }
    }

    fn find(&self, place: &str, bytes: &[u8]) -> Vec<String> {
        let mut found = Vec::new();
        for at in 0..bytes.len().saturating_sub(1) {
            if self.begins[usize::from(bytes[at]) << 8 | usize::from(bytes[at + 1])] {
                let here = self.needles.iter().filter(|(_, n)| bytes[at..].starts_with(n));
                found.extend(here.map(|(marker, _)| format!("{marker} in {place} at {at}")));
            }
        }
        found
    }
}

#[test]
fn the_search_finds_what_is_there() {
    let search = Search::new(&["钱标记甲一".to_owned(), "19987650001".to_owned()]);
    for (marker, needle) in &search.needles {
        let hay = [b"xyz".as_slice(), needle, b"abc"].concat();
        assert!(!search.find("", &hay).is_empty(), "{marker}");
    }
    for skipped in 0..3 {
        let hay = STANDARD.encode(format!("{}19987650001 and more", "x".repeat(skipped)));
        assert!(!search.find("", hay.as_bytes()).is_empty(), "{skipped}");
    }
    assert!(search.find("", b"harmless 1998765000 text").is_empty());
}

fn roster() -> String {
    format!(
        "party,employee_no,name,phone,email,department,roles\nclient,{},{},{},{},市场部,employee;client_manager\nvendor,QZV800001,{},{},,客服部,vendor_agent;vendor_lead\n",
        planted("employee number"),
        planted("name"),
        planted("phone"),
        planted("email"),
        planted("second name"),
        planted("second phone"),
    )
}

async fn come_in(nobody: &Client, name: &str, number: &str) -> Client {
    let body = json!({ "code": format!("web-{name}-{}", fresh_key()), "device": planted("device") });
    let session = nobody.post("/sessions", body).await.created();
    let client = nobody.with_token(session["access_token"].as_str().unwrap());
    // Once wrongly first: what is refused is not written down either.
    client.post("/me/binding", json!({ "invitation": REFUSED[0] })).await.refused(422, "BINDING_REFUSED");
    let body = json!({ "phone_code": format!("phone-{name}-{}", fresh_key()), "employee_no": number });
    client.post("/me/binding", body).await.ok();
    let version = nobody.get("/privacy/notice").await.ok()["version"].clone();
    client
        .post("/privacy/consents", json!({ "purpose": "service", "notice_version": version }))
        .await
        .created();
    client
}

/// Everything a ticket can go through, with a marker in every text.
async fn everything(nobody: &Client) {
    let (amy, vera) = (
        come_in(nobody, "qzamy", planted("employee number")).await,
        come_in(nobody, "qzvera", "QZV800001").await,
    );
    let photo = photo_with_place(planted("file content"));
    let picture =
        id(&amy.upload(&format!("{}.jpg", planted("file name")), "image/jpeg", &photo).await.created());
    let document = String::from_utf8(pdf())
        .unwrap()
        .replace("/Type /Catalog", &format!("/Type /Catalog % {}\n", planted("file content")));
    let uploaded =
        amy.upload(&format!("{}.pdf", planted("file name")), "application/pdf", document.as_bytes()).await;
    let mut attached = vec![picture];
    if uploaded.status == 201 {
        attached.push(id(&uploaded.json));
    }
    let body = json!({
        "kind": "fault", "title": planted("title"), "description": planted("description"), "scope": planted("scope"),
        "steps_tried": planted("description"), "contact": planted("contact"), "attachment_ids": attached,
    });
    let key = fresh_key();
    let made = amy.post_as("/tickets", &key, &body).await.created();
    assert_eq!(made["title"], planted("title"), "the value is there for whom it belongs to");
    amy.post_as("/tickets", &key, &body).await.created();
    let ticket = id(&made);
    let say = |visibility: &str, text: &str| json!({ "body": text, "visibility": visibility });
    let messages = format!("/tickets/{ticket}/messages");
    vera.does(&ticket, json!({ "action": "accept", "text": planted("reply") })).await;
    vera.post(&messages, say("internal", planted("note"))).await.created();
    amy.post(&messages, say("public", planted("reply"))).await.created();
    vera.does(&ticket, json!({ "action": "ask_client", "question": planted("reply") })).await;
    amy.does(&ticket, json!({ "action": "supply", "text": planted("reply") })).await;
    let solution =
        json!({ "action": "publish_solution", "solution_type": "fix", "text": planted("solution") });
    vera.does(&ticket, solution.clone()).await;
    amy.does(&ticket, json!({ "action": "reject_solution", "reason": planted("reason") })).await;
    vera.does(&ticket, solution).await;
    vera.does(&ticket, json!({ "action": "mark_repaired", "text": planted("reply") })).await;
    amy.does(&ticket, json!({ "action": "confirm", "rating": 5, "comment": planted("reply") })).await;
    amy.does(&ticket, json!({ "action": "reopen", "reason": planted("reason") })).await;
    vera.does(
        &ticket,
        json!({ "action": "assign", "assignee_id": vera_id(&vera).await, "note": planted("note") }),
    )
    .await;
    let shown = vera.post(&format!("/tickets/{ticket}/reveal"), json!({ "purpose": REFUSED[4] })).await.ok();
    assert_eq!(shown["reporter_name"], planted("name"));
    for path in ["", "/messages", "/timeline", "/clocks", "/receipt"] {
        amy.get(&format!("/tickets/{ticket}{path}")).await.ok();
    }
    amy.get(&format!("/attachments/{}", attached[0])).await.ok();
    vera.get(&format!("/attachments/{}", attached[0])).await.ok();
    amy.get("/me/access-log").await.ok();
    amy.get("/me").await.ok();
    papers(&amy, &vera).await;
    wrongly(&amy, &ticket).await;
    amy.delete("/sessions/current").await.expect(204);
    amy.get("/me").await.refused(401, "SESSION_ENDED");
}

/// What is no chat: versions, replies, papers, with their signatures.
async fn papers(amy: &Client, vera: &Client) {
    let text = planted("record");
    let day = Clock::System.now().plus_seconds(60 * 86_400).shanghai_date();
    let change =
        json!({ "kind": "change", "title": planted("title"), "description": text, "wished_on": day });
    let change = id(&amy.post("/tickets", change).await.created());
    amy.does(&change, json!({ "action": "edit_notice", "title": text })).await;
    amy.does(&change, json!({ "action": "issue" })).await;
    vera.does(&change, json!({ "action": "log_contact", "text": text, "channel": "phone" })).await;
    let reply = |action: &str| json!({ "action": action, "schedule": text, "cost": text, "quality": text, "decision": "partial" });
    vera.does(&change, reply("draft_reply")).await;
    let replied = vera.does(&change, reply("reply")).await;
    assert!(replied["records"].to_string().contains(text), "the value is there for whom it belongs to");
    amy.does(&change, json!({ "action": "approve" })).await;
    vera.does(&change, json!({ "action": "schedule_change", "planned_on": day, "text": text })).await;
    let incident = json!({ "action": "escalate_to_incident", "text": text });
    let incident = id(&amy.does(&change, incident).await["links"][0]);
    vera.does(&incident, json!({ "action": "notify_client", "text": text })).await;
    amy.act_now(&incident, json!({ "action": "withdraw", "reason": text })).await.ok();
}

async fn vera_id(vera: &Client) -> Value {
    vera.get("/me").await.ok()["id"].clone()
}

/// Requests that fail, each with something that must not be logged.
async fn wrongly(amy: &Client, ticket: &str) {
    let mut body = crate::support::faults::report(planted("title"));
    body[REFUSED[0]] = json!(planted("phone"));
    amy.post("/tickets", body).await.field(REFUSED[0]);
    let mut long = crate::support::faults::report(&planted("title").repeat(20));
    long["severity"] = json!(planted("contact"));
    assert_eq!(amy.post("/tickets", long).await.status, 422);
    let bad = amy
        .request(Method::POST, "/tickets")
        .header("content-type", "application/json")
        .header("idempotency-key", REFUSED[1]);
    amy.send(bad.body(format!("{{\"title\": {} {}", REFUSED[1], planted("phone"))))
        .await
        .refused(400, "BAD_JSON");
    assert_eq!(amy.get(&format!("/{}/{}", REFUSED[2], planted("phone"))).await.status, 404);
    assert_eq!(amy.get(&format!("/tickets/{}", REFUSED[2])).await.status, 404);
    assert_eq!(amy.get(&format!("/tickets?q={}&x={}", REFUSED[3], planted("phone"))).await.status, 422);
    amy.get(&format!("/tickets?q={}", REFUSED[3])).await.ok();
    amy.act_at(ticket, 0, json!({ "action": "remind", "text": planted("reply") }))
        .await
        .refused(412, "VERSION_STALE");
    amy.act_now(ticket, json!({ "action": "confirm", "rating": 5, "comment": planted("reply") }))
        .await
        .refused(409, "ACTION_NOT_ALLOWED");
    amy.upload(
        &format!("{}.exe", planted("file name")),
        "application/octet-stream",
        planted("file content").as_bytes(),
    )
    .await
    .refused(415, "ATTACHMENT_TYPE");
    let forged = amy.with_token(&format!("eyJhbGciOiJub25lIn0.{}.", planted("phone")));
    assert_eq!(forged.get("/me").await.status, 401);
    let header = amy
        .request(Method::GET, "/me")
        .header("user-agent", planted("contact"))
        .header("x-request-id", REFUSED[2]);
    amy.send(header).await.ok();
}

fn leaves_nothing(engine: Engine) {
    let folder = folder();
    let (phone, second) = (planted("phone"), planted("second phone"));
    let wechat = Fake::with_people(&[("qzamy", phone), ("qzvera", second)])
        .start(crate::support::world::listener(), APPID, SECRET.to_owned().into(), Clock::System)
        .unwrap();
    let home = Home::new(folder.path(), engine.empty(folder.path()), wechat.base_url());
    fs::write(folder.path().join("roster.csv"), roster()).unwrap();
    home.done(&["keys", "init"]);
    home.done(&["migrate"]);
    let loaded = home.done(&["roster", "import", "roster.csv"]);
    let again = home.done(&["roster", "import", "roster.csv"]);
    let bad = roster().replace("employee;client_manager", "boss").replace(phone, "12");
    fs::write(folder.path().join("bad.csv"), bad).unwrap();
    let refused = crate::support::child::said(&home.run(&["roster", "import", "bad.csv"]));
    fs::remove_file(folder.path().join("roster.csv")).unwrap();
    fs::remove_file(folder.path().join("bad.csv")).unwrap();

    let mut markers: Vec<String> = PLANTED.iter().map(|(_, v)| (*v).to_owned()).collect();
    markers.extend(REFUSED.map(str::to_owned));
    markers.extend(["qzamy", "qzvera"].map(openid_of));
    markers.push(format!("86{phone}"));
    let search = Search::new(&markers);
    let mut found = Vec::new();
    for (what, text) in
        [("the import", loaded), ("the second import", again), ("the refused import", refused)]
    {
        found.extend(search.find(what, text.as_bytes()));
    }
    runtime().block_on(async {
        let mut command = home.command(&["serve"]);
        command.env("LVYUE__LOG__FILTER", "debug,sqlx=debug,sea_orm=debug");
        let mut serving = home.start(command);
        everything(&serving.ready().await).await;
        // While it runs: what lies in the log of the database and in temporary places.
        found.extend(look(&search, folder.path()));
        found.extend(look_into_servers(&search, engine, &home));
        assert!(serving.stop().await.success());
    });
    found.extend(look(&search, folder.path()));
    found.extend(look_into_servers(&search, engine, &home));
    let log = home.log();
    assert!(
        log.contains("request refused") && log.contains("lvyue::access"),
        "the log is a debug log: {log}"
    );
    let audit = home.run(&["audit", "verify"]);
    assert!(audit.status.success());
    found.sort();
    found.dedup();
    assert!(found.is_empty(), "{} places: {:#?}", found.len(), &found[..found.len().min(30)]);
}

/// Every file of the process: log, database with its -wal and -shm, blobs, temporary files.
fn look(search: &Search, folder: &std::path::Path) -> Vec<String> {
    let all = files(folder);
    assert!(all.iter().any(|f| f.to_string_lossy().contains("blobs")), "there are blobs to look at");
    all.iter()
        .flat_map(|file| search.find(&file.display().to_string(), &fs::read(file).unwrap_or_default()))
        .collect()
}

fn look_into_servers(search: &Search, engine: Engine, home: &Home) -> Vec<String> {
    if engine == Engine::Embedded {
        return Vec::new();
    }
    let dump = Command::new("pg_dump").args(["--inserts", &home.place.database]).output().expect("pg_dump");
    assert!(dump.status.success() && dump.stdout.len() > 10_000, "{}", String::from_utf8_lossy(&dump.stderr));
    let mut found = search.find("pg_dump", &dump.stdout);
    let port = servers().redis_port.to_string();
    let cli =
        |args: &[&str]| Command::new("redis-cli").args(["-p", &port]).args(args).output().expect("redis-cli");
    cli(&["CONFIG", "SET", "rdbcompression", "no"]);
    let rdb = home.folder.join("dump.rdb");
    assert!(cli(&["--rdb", &rdb.display().to_string()]).status.success());
    let bytes = fs::read(&rdb).unwrap();
    assert!(bytes.len() > 200);
    fs::remove_file(&rdb).unwrap();
    found.extend(search.find("redis", &bytes));
    found
}

#[test]
fn nothing_personal_lies_in_the_clear_embedded() {
    leaves_nothing(Engine::Embedded);
}

#[test]
fn nothing_personal_lies_in_the_clear_production() {
    leaves_nothing(Engine::Production);
}
