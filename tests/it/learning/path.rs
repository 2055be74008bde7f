//! A course from the list to the certificate, and what a new edition changes about it.

use base64::Engine as _;
use chrono::TimeDelta;
use lvyue::courses::model::{Kind, ShowAnswers};
use reqwest::Method;
use serde_json::{Value, json};

use super::published::{course, id, item, publish, quiz};
use super::quizzes::answers;
use crate::support::{Client, World, sql};

/// Reads an article of ten seconds.
pub async fn read(w: &World, who: &str, material: u128) -> Value {
    let path = format!("/materials/{}/progress", id(material));
    let client = w.as_(who).await;
    client.post(&path, json!({ "player": who, "seq": 1, "dwell_seconds": 0 })).await.ok();
    w.pass(TimeDelta::seconds(10));
    client.post(&path, json!({ "player": who, "seq": 2, "dwell_seconds": 10 })).await.ok()
}

async fn summary(client: &Client, n: u128) -> Value {
    let all = client.all("/courses?limit=1").await;
    all.into_iter().find(|c| c["id"] == json!(id(n))).unwrap()
}

story!(from_the_list_to_the_certificate, async |w: World| {
    w.agreed().await;
    let (quiz, paper) = quiz(13, ShowAnswers::AfterAttempt);
    let mut first = course(1, &w, vec![item(11, Kind::Article), item(12, Kind::Video), quiz.clone()]);
    publish(&w, &first, &[(quiz.id, &paper)]).await;
    let mut voluntary = course(2, &w, vec![item(21, Kind::Article)]);
    voluntary.mandatory_for = vec![];
    publish(&w, &voluntary, &[]).await;

    // The list: mandatory with a date, for the client's people only; unchanged is not sent again.
    let amy = w.as_("amy").await;
    let mine = summary(&amy, 1).await;
    assert_eq!((&mine["mandatory"], &mine["due_on"]), (&json!(true), &json!("2026-12-16")), "{mine}");
    assert_eq!(
        (&mine["my"]["state"], &mine["minutes"], &mine["items"]),
        (&json!("not_started"), &json!(12), &json!(3))
    );
    let theirs = summary(&w.as_("vera").await, 1).await;
    assert_eq!((&theirs["mandatory"], &theirs["due_on"]), (&json!(false), &Value::Null));
    assert_eq!(summary(&amy, 2).await["mandatory"], false);
    let tag = amy.get("/courses").await.header("etag").to_owned();
    let again = amy.request(Method::GET, "/courses").header("if-none-match", &tag);
    assert_eq!(amy.send(again).await.status, 304);
    assert_eq!(amy.all("/courses?category=features").await, [] as [Value; 0]);

    // Article, video, a failed paper, a passed one.
    let progress = read(&w, "amy", 11).await;
    assert_eq!(
        (&progress["completed"], &progress["course"]["percent"]),
        (&json!(true), &json!(33)),
        "{progress}"
    );
    let again = amy.request(Method::GET, "/courses").header("if-none-match", &tag);
    assert_eq!(amy.send(again).await.status, 200);
    let path = format!("/materials/{}/progress", id(12));
    let at = |seq: i64, from: i64, to: i64| json!({ "seq": seq, "from": from, "to": to, "position": to });
    amy.post(&path, at(1, 0, 0)).await.ok();
    w.minutes(10);
    let amy = w.as_("amy").await;
    assert_eq!(amy.post(&path, at(2, 0, 600)).await.ok()["course"]["percent"], 66);
    let attempts = format!("/quizzes/{}/attempts", quiz.id);
    let attempt = amy.post(&attempts, json!(null)).await.created();
    let submit = format!("/attempts/{}/submit", attempt["id"].as_str().unwrap());
    let failed = amy.post(&submit, answers(&attempt, false)).await.ok();
    assert_eq!(
        (&failed["score"], &failed["passed"], &failed["attempts_left"]),
        (&json!(0), &json!(false), &json!(2))
    );
    let shown = amy.get(&format!("/courses/{}", id(1))).await.ok();
    let items = shown["sections"][0]["items"].clone();
    assert_eq!(
        (&items[2]["my"]["state"], &items[2]["quiz"]["best_score"]),
        (&json!("in_progress"), &json!(0))
    );
    assert_eq!(summary(&amy, 1).await["certificate"], Value::Null);
    let attempt = amy.post(&attempts, json!(null)).await.created();
    assert_eq!(attempt["number"], 2);
    let submit = format!("/attempts/{}/submit", attempt["id"].as_str().unwrap());
    let passed = amy.post(&submit, answers(&attempt, true)).await.ok();
    assert_eq!((&passed["score"], &passed["passed"]), (&json!(100), &json!(true)), "{passed}");
    let certificate = passed["certificate"].clone();
    let code = certificate["check_code"].as_str().unwrap().to_owned();
    assert_eq!((&certificate["edition"], &certificate["issued_on"]), (&json!(1), &json!("2026-11-16")));
    let done = summary(&amy, 1).await;
    assert_eq!((&done["my"]["state"], &done["my"]["percent"]), (&json!("completed"), &json!(100)));
    assert_eq!(done["certificate"], certificate);
    assert_eq!(w.told("certificate.issued").await, 1);

    // Anybody who was shown the code may check it; it says no more than initials.
    let nobody = w.nobody();
    let typed = format!("{}-{}", code[..8].to_lowercase(), &code[8..]);
    let check = nobody.get(&format!("/certificates/{typed}")).await.ok();
    assert_eq!(
        (&check["valid"], &check["initials"], &check["has_new"]),
        (&json!(true), &json!("艾**"), &json!(false))
    );
    let page = nobody.get(&format!("/verify/{code}")).await;
    assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"));
    // Its one style is named in the policy, and nothing else may be loaded or run.
    let policy = page.header("content-security-policy").to_owned();
    let page = String::from_utf8(page.bytes).unwrap();
    let style = page.split("<style>").nth(1).unwrap().split("</style>").next().unwrap();
    let digest = ring::digest::digest(&ring::digest::SHA256, style.as_bytes());
    let digest = base64::engine::general_purpose::STANDARD.encode(digest);
    assert!(policy.starts_with("default-src 'none'; frame-ancestors 'none'; "), "{policy}");
    assert!(policy.ends_with(&format!("style-src 'sha256-{digest}'")), "{policy}");
    let plain = page.replace('-', "");
    assert!(page.contains("艾**") && page.contains("课程1") && plain.contains(&code), "{page}");
    for secret in ["艾米莉", "A100001", "1990001"] {
        assert!(!page.contains(secret) && !check.to_string().contains(secret), "{secret}");
    }
    nobody.get("/certificates/2222222222222222").await.refused(404, "NOT_FOUND");

    // A new edition: the article is new, another one came. Nothing is taken back.
    first.edition = 2;
    first.sections[0].items[0].version_id = id(11_002);
    first.sections[0].items[0].version_no = 2;
    first.sections[0].items.push(item(14, Kind::Article));
    publish(&w, &first, &[(quiz.id, &paper)]).await;
    let amy = w.as_("amy").await;
    let now = summary(&amy, 1).await;
    assert_eq!(
        (&now["my"]["state"], &now["my"]["percent"], &now["my"]["has_new"]),
        (&json!("completed"), &json!(75), &json!(true)),
        "{now}"
    );
    let check = nobody.get(&format!("/certificates/{code}")).await.ok();
    assert_eq!(
        (&check["valid"], &check["edition"], &check["has_new"]),
        (&json!(true), &json!(1), &json!(true))
    );
    let shown = amy.get(&format!("/courses/{}", id(1))).await.ok();
    let article = &shown["sections"][0]["items"][0];
    assert_eq!(
        (&article["my"]["state"], &article["my"]["has_new"], &article["my"]["coverage"]),
        (&json!("completed"), &json!(true), &json!(0))
    );
    // Both taken: a second certificate, for the second edition; the first stays.
    read(&w, "amy", 11).await;
    let progress = read(&w, "amy", 14).await;
    assert_eq!(progress["course"]["certificate"]["edition"], 2, "{progress}");
    assert_eq!(w.as_("amy").await.all("/me/certificates").await.len(), 2);
    assert_eq!(nobody.get(&format!("/certificates/{code}")).await.ok()["valid"], true);
    let issued = "SELECT COUNT(*) FROM ledger_entries WHERE action = 'certificate.issued'";
    assert_eq!(sql::number(w.db(), issued).await, 2);
    w
});

story!(a_material_says_what_it_is_and_where_one_stands, async |w: World| {
    let items = vec![item(11, Kind::Article), item(12, Kind::Video), item(13, Kind::Pdf)];
    publish(&w, &course(1, &w, items), &[]).await;
    let amy = w.as_("amy").await;
    let video = amy.get(&format!("/materials/{}", id(12))).await.ok();
    let media = format!("/api/v1/materials/{}/content?t=", id(12));
    assert!(video["content_url"].as_str().unwrap().starts_with(&media), "{video}");
    assert_eq!((&video["previous"]["id"], &video["next"]["kind"]), (&json!(id(11)), &json!("pdf")));
    assert_eq!((&video["duration_ms"], &video["min_coverage"]), (&json!(600_000), &json!(90)));
    // What a player loads cannot send a token: the link in its address opens it.
    let captions = w.nobody().get(video["captions_url"].as_str().unwrap()).await;
    assert!(captions.status == 200 && captions.bytes.starts_with(b"WEBVTT"), "{captions}");
    let article = amy.get(&format!("/materials/{}", id(11))).await.ok();
    assert_eq!((&article["html"], &article["previous"]), (&json!("<p>正文</p>"), &Value::Null));
    amy.get(&format!("/courses/{}", id(9))).await.refused(404, "NOT_FOUND");
    w
});

story!(everybody_is_reminded_once_of_what_is_mandatory, async |w: World| {
    let mut only_some = course(2, &w, vec![item(21, Kind::Article)]);
    only_some.mandatory_for = vec!["生产部".to_owned()];
    publish(&w, &course(1, &w, vec![item(11, Kind::Article)]), &[]).await;
    publish(&w, &only_some, &[]).await;
    // amy is done; whoever is done is told nothing.
    read(&w, "amy", 11).await;
    let round = async || lvyue::learning::jobs::run(w.app.kit()).await.unwrap();
    assert_eq!(round().await, 0);
    w.hours(24 * 23);
    // Six others of the client for the first course, two of 生产部 for the second.
    assert_eq!(round().await, 6 + 2);
    assert_eq!(round().await, 0);
    w.hours(24 * 6);
    assert_eq!((round().await, round().await), (8, 0));
    w.hours(24);
    assert_eq!(round().await, 0, "the day itself");
    w.hours(24);
    assert_eq!((round().await, round().await), (8, 0));
    for (event, count) in [("course.due.7", 8), ("course.due.1", 8), ("course.due.-1", 8)] {
        assert_eq!(w.told(event).await, count, "{event}");
    }
    let ben = w.as_("ben").await.all("/inbox").await;
    assert!(ben[0]["text"].as_str().unwrap().contains("已逾期"), "{ben:?}");
    w
});
