//! Every wrong request gets its own problem and leaves nothing behind: bodies, headers, ids, sizes, types,
//! paths, methods, cursors.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::client::fresh_key;
use crate::support::document::{operation, operations};
use crate::support::faults::report;
use crate::support::{Answer, Client, World, sql};

/// A call with a JSON body that would be accepted as it stands.
pub struct Call {
    pub operation: &'static str,
    pub who: &'static str,
    pub path: String,
    pub version: Option<i64>,
    pub body: Value,
    /// Of text fields: the most characters.
    pub texts: Vec<(&'static str, usize)>,
    pub required: Vec<&'static str>,
}

/// Who, body, text fields with their most characters, required fields.
type Action = (&'static str, Value, &'static [(&'static str, usize)], &'static [&'static str]);

fn calls(ticket: &str, notice: &Value, breach: &str) -> Vec<Call> {
    let call = |operation,
                who,
                path: String,
                body,
                texts: &[(&'static str, usize)],
                required: &[&'static str]| {
        Call { operation, who, path, version: None, body, texts: texts.to_vec(), required: required.to_vec() }
    };
    let mut calls = vec![
        call(
            "open_session",
            "",
            "/sessions".into(),
            json!({ "code": "web-edge-1234", "device": "手机" }),
            &[("device", 64)],
            &["code"],
        ),
        call(
            "refresh_session",
            "",
            "/sessions/refresh".into(),
            json!({ "refresh_token": "x" }),
            &[],
            &["refresh_token"],
        ),
        call("bind_account", "stranger", "/me/binding".into(), json!({ "invitation": "X" }), &[], &[]),
        call(
            "invite_person",
            "cara",
            "/people/invitations".into(),
            json!({ "employee_no": "A999999", "replace": false }),
            &[],
            &["employee_no"],
        ),
        call(
            "delegate_department",
            "cara",
            "/people/delegates".into(),
            json!({ "employee_no": "A999999" }),
            &[],
            &["employee_no"],
        ),
        call(
            "give_consent",
            "amy",
            "/privacy/consents".into(),
            json!({ "purpose": "service", "notice_version": notice }),
            &[],
            &["purpose", "notice_version"],
        ),
        call(
            "create_ticket",
            "amy",
            "/tickets".into(),
            json!({
                "kind": "fault", "title": "标题", "description": "内容", "severity": "major", "scope": "范围",
                "steps_tried": "试过", "contact": "8012", "attachment_ids": [], "occurred_at": "2026-11-16T00:00:00Z",
            }),
            &[("title", 80), ("description", 5000), ("scope", 200), ("steps_tried", 2000), ("contact", 100)],
            &["kind", "title", "description"],
        ),
        call(
            "post_message",
            "amy",
            format!("/tickets/{ticket}/messages"),
            json!({ "body": "你好", "visibility": "public", "attachment_ids": [] }),
            &[("body", 5000)],
            &["body", "visibility"],
        ),
        call(
            "reveal_contact",
            "vera",
            format!("/tickets/{ticket}/reveal"),
            json!({ "purpose": "电话确认" }),
            &[("purpose", 200)],
            &["purpose"],
        ),
    ];
    let actions: [Action; 11] = [
        ("vera", json!({ "action": "accept", "text": "收到" }), &[("text", 2000)], &["action", "text"]),
        (
            "vera",
            json!({ "action": "ask_client", "question": "？" }),
            &[("question", 2000)],
            &["action", "question"],
        ),
        ("amy", json!({ "action": "supply", "text": "给" }), &[("text", 5000)], &["action", "text"]),
        (
            "vera",
            json!({ "action": "publish_solution", "solution_type": "fix", "text": "好", "eta": "2026-11-20T00:00:00Z" }),
            &[("text", 5000)],
            &["action", "solution_type", "text"],
        ),
        (
            "amy",
            json!({ "action": "reject_solution", "reason": "不" }),
            &[("reason", 2000)],
            &["action", "reason"],
        ),
        ("vera", json!({ "action": "mark_repaired", "text": "好" }), &[("text", 2000)], &["action"]),
        (
            "amy",
            json!({ "action": "confirm", "rating": 5, "comment": "好" }),
            &[("comment", 2000)],
            &["action", "rating"],
        ),
        (
            "amy",
            json!({ "action": "fail_verification", "reason": "不" }),
            &[("reason", 2000)],
            &["action", "reason"],
        ),
        ("amy", json!({ "action": "reopen", "reason": "又" }), &[("reason", 2000)], &["action", "reason"]),
        ("amy", json!({ "action": "withdraw", "reason": "不" }), &[("reason", 2000)], &["action", "reason"]),
        ("amy", json!({ "action": "remind", "text": "急" }), &[("text", 2000)], &["action"]),
    ];
    for (who, body, texts, required) in actions {
        let mut call =
            call("act_on_ticket", who, format!("/tickets/{ticket}/actions"), body, texts, required);
        call.version = Some(1);
        calls.push(call);
    }
    calls.push(call(
        "read_inbox",
        "amy",
        "/inbox/read".into(),
        json!({ "all_before": "2026-11-16T00:00:00Z" }),
        &[],
        &[],
    ));
    let actions: [Action; 3] = [
        (
            "lena",
            json!({ "action": "dispute", "reason": "停电" }),
            &[("reason", 2000)],
            &["action", "reason"],
        ),
        (
            "cara",
            json!({ "action": "answer_dispute", "text": "没有" }),
            &[("text", 2000)],
            &["action", "text"],
        ),
        ("cara", json!({ "action": "waive", "reason": "停电" }), &[("reason", 2000)], &["action", "reason"]),
    ];
    for (who, body, texts, required) in actions {
        let path = format!("/contract/breaches/{breach}/actions");
        let mut call = call("act_on_breach", who, path, body, texts, required);
        call.version = Some(1);
        calls.push(call);
    }
    calls
}

impl Call {
    async fn client(&self, w: &World) -> Client {
        if self.who.is_empty() { w.nobody() } else { w.as_(self.who).await }
    }

    async fn send(&self, w: &World, content_type: &str, body: impl Into<reqwest::Body>) -> Answer {
        let client = self.client(w).await;
        let served = operations().find(|op| op.id == self.operation).unwrap();
        let method = Method::from_bytes(served.method.as_bytes()).unwrap();
        let request = client.request(method, &self.path).header("content-type", content_type);
        let request = request.header("idempotency-key", fresh_key()).body(body);
        let request = match self.version {
            Some(version) => request.header("if-match", version.to_string()),
            None => request,
        };
        client.send(request).await
    }

    async fn json(&self, w: &World, body: &Value) -> Answer {
        self.send(w, "application/json", body.to_string()).await
    }

    fn with(&self, field: &str, value: Value) -> Value {
        let mut body = self.body.clone();
        body[field] = value;
        body
    }

    fn without(&self, field: &str) -> Value {
        let mut body = self.body.clone();
        body.as_object_mut().unwrap().remove(field);
        body
    }
}

#[test]
fn every_operation_with_a_json_body_is_tried() {
    let tried: std::collections::BTreeSet<&str> = calls("", &json!(""), "")
        .into_iter()
        .chain(crate::edge_agreement::calls(&Default::default()))
        .chain(crate::courses::bodies::calls(&Default::default()))
        .chain(crate::learning::bodies::calls(None))
        .chain(crate::search::bodies("", ""))
        .map(|c| c.operation)
        .collect();
    for op in operations().filter(|op| op.spec["requestBody"]["content"]["application/json"].is_object()) {
        assert!(tried.contains(op.id.as_str()), "{}", op.id);
    }
}

story!(wrong_bodies_are_named_and_leave_nothing, async |w: World| {
    let [breach, _] = crate::duties::a_breach_of_each_side(&w).await;
    let agreed = crate::agreement::permissions::Agreed::set(&w).await.paths();
    let taught = crate::learning::permissions::Taught::set(&w).await;
    let written = crate::courses::bodies::place(&w).await;
    let (suggestion, material) = crate::search::suggested(&w).await;
    let ticket = w.submitted().await;
    w.sign_in("stranger").await;
    for who in ["amy", "vera", "cara", "lena", "stranger"] {
        w.as_(who).await;
    }
    crate::duties::all_warned(&w).await;
    w.ledger_settles(Duration::from_secs(1)).await;
    let notice = w.nobody().get("/privacy/notice").await.ok()["version"].clone();
    let before = rows(&w).await;
    let more = crate::edge_agreement::calls(&agreed)
        .into_iter()
        .chain(crate::courses::bodies::calls(&written))
        .chain(crate::learning::bodies::calls(Some(&taught)))
        .chain(crate::search::bodies(&suggestion, &material));
    for call in calls(&ticket, &notice, &breach).into_iter().chain(more) {
        let about = format!("{} {}", call.operation, call.body["action"]);
        let fields: Vec<String> = call.body.as_object().unwrap().keys().cloned().collect();
        call.json(&w, &call.with("is_admin", json!(true))).await.field("is_admin");
        for field in &call.required {
            call.json(&w, &call.without(field)).await.field(field);
        }
        for field in &fields {
            let wrong = if call.body[field].is_number() { json!("five") } else { json!(17) };
            for wrong in [wrong, json!({ "a": [1] }), json!([[true]])] {
                let answer = call.json(&w, &call.with(field, wrong.clone())).await;
                assert_eq!(answer.status, 422, "{about} {field} = {wrong}: {answer}");
                let named = answer.json["errors"][0]["field"].as_str().unwrap();
                assert!(named.starts_with(field.as_str()), "{answer}");
            }
        }
        for (field, most) in &call.texts {
            let longer = "长".repeat(most + 1);
            for wrong in [
                longer.as_str(),
                "a\u{0}b",
                "a\u{202e}b",
                "a\u{2066}b",
                "a\u{1b}[31m",
                "a\u{7f}",
                "\u{fdd0}",
                "a\u{9b}",
            ] {
                let answer = call.json(&w, &call.with(field, json!(wrong))).await;
                assert_eq!(answer.status, 422, "{about} {field} {wrong:?}: {answer}");
                assert!(!answer.json.to_string().contains("长长长"), "the value is not sent back");
                answer.field(field);
            }
        }
        let text = call.body.to_string();
        let doubled = format!("{}, {}", text.trim_end_matches('}'), text.trim_start_matches('{'));
        let answer = call.send(&w, "application/json", doubled).await;
        assert_eq!(answer.status, 422, "{about} doubled: {answer}");
        for rubbish in ["", "{", "[1,2", "nul", "[", "{,}", &format!("{text} x"), &format!("\u{feff}{text}")]
        {
            call.send(&w, "application/json", rubbish.to_owned()).await.refused(400, "BAD_JSON");
        }
        let values: Vec<&Value> = call.body.as_object().unwrap().values().collect();
        let in_order = json!(values).to_string();
        for other in ["[]", &in_order, "null", "\"text\"", "17", "true"] {
            let answer = call.send(&w, "application/json", other.to_owned()).await;
            assert_eq!(answer.status, 422, "{about} {other}: {answer}");
        }
        let broken = [text.as_bytes()[..text.len() - 2].to_vec(), vec![0xff, b'"', b'}']].concat();
        let answer = call.send(&w, "application/json", broken).await;
        assert_eq!(answer.status, 400, "{about} bad UTF-8: {answer}");
        for content_type in [
            "text/plain",
            "application/x-www-form-urlencoded",
            "application/json; charset=gbk",
            "multipart/form-data; boundary=x",
            "",
        ] {
            call.send(&w, content_type, text.clone()).await.refused(415, "MEDIA_TYPE_UNSUPPORTED");
        }
        let huge = format!("{{\"title\":\"{}\"}}", "a".repeat(70_000));
        call.send(&w, "application/json", huge).await.refused(413, "BODY_TOO_LARGE");
        let deep = format!("{}{}", "[".repeat(20_000), "]".repeat(20_000));
        let answer = call.send(&w, "application/json", deep).await;
        assert!([400, 422].contains(&answer.status), "{about} deep: {answer}");
    }
    w.ledger_settles(Duration::from_secs(1)).await;
    assert_eq!(rows(&w).await, before, "nothing was half written");
    w
});

/// Row counts of all that a refused request must not touch.
async fn rows(w: &World) -> Vec<(String, i64)> {
    let own = ["tries", "used_marks", "counters", "leases", "live_sessions", "data_keys"];
    sql::counts(w.db()).await.into_iter().filter(|(table, _)| !own.contains(&table.as_str())).collect()
}

story!(wrong_values_are_named, async |w: World| {
    let amy = w.as_("amy").await;
    let with = |field: &str, value: Value| {
        let mut body = report("标题");
        body[field] = value;
        body
    };
    for (field, value) in [
        ("kind", json!("errand")),
        ("kind", json!("")),
        ("severity", json!("urgent")),
        ("title", json!("  ")),
        ("title", json!("两\n行")),
        ("title", json!("零\u{200b}宽")),
        ("occurred_at", json!("2026-11-17T00:00:00Z")),
        ("occurred_at", json!("yesterday")),
        ("occurred_at", json!("2026-11-16")),
        ("attachment_ids[0]", json!(null)),
    ] {
        let body = if field.contains('[') {
            with("attachment_ids", json!(["not-an-id"]))
        } else {
            with(field, value.clone())
        };
        amy.post("/tickets", body).await.field(field);
    }
    let ten = vec!["0193b3a0-0000-7000-8000-000000000001"; 10];
    amy.post("/tickets", with("attachment_ids", json!(ten))).await.field("attachment_ids");
    let all =
        amy.post("/tickets", json!({ "kind": "fault", "title": "", "description": "" })).await.field("title");
    assert_eq!(all["errors"].as_array().unwrap().len(), 2, "all at once: {all}");
    let ticket = w.accepted().await;
    let vera = w.as_("vera").await;
    for (field, body) in [
        ("eta", json!({ "action": "publish_solution", "solution_type": "plan", "text": "x" })),
        (
            "eta",
            json!({ "action": "publish_solution", "solution_type": "fix", "text": "x", "eta": "2026-11-15T00:00:00Z" }),
        ),
        (
            "eta",
            json!({ "action": "publish_solution", "solution_type": "fix", "text": "x", "eta": "2099-01-01T00:00:00Z" }),
        ),
        ("reason", json!({ "action": "ask_client", "question": "x", "reason": "不属于这个动作" })),
        ("action", json!({ "action": "fly" })),
    ] {
        vera.act_now(&ticket, body).await.field(field);
    }
    let repaired = w.repaired().await;
    for rating in [json!(0), json!(6), json!(-1), json!(4.5), json!(99_999_999_999_i64)] {
        let amy = w.as_("amy").await;
        amy.act_now(&repaired, json!({ "action": "confirm", "rating": rating })).await.field("rating");
    }
    w
});

story!(lengths_are_counted_in_characters_up_to_the_last, async |w: World| {
    let amy = w.as_("amy").await;
    let mut body = report(&"题".repeat(80));
    body["description"] = json!("述".repeat(5000));
    let made = amy.post("/tickets", body).await.created();
    assert_eq!(made["description"].as_str().unwrap().chars().count(), 5000);
    let odd = "emoji 👩‍👩‍👧 e\u{301} 𠮷 <script>alert('x')</script> '; DROP TABLE tickets; --";
    let mut body = report("奇怪的字符");
    body["description"] = json!(odd);
    let made = amy.post("/tickets", body).await.created();
    assert_eq!(made["description"], odd.replace("e\u{301}", "é"));
    w
});

story!(headers_are_demanded_and_checked, async |w: World| {
    let amy = w.as_("amy").await;
    let post = |path: &str| amy.request(Method::POST, path).json(&report("没有键"));
    amy.send(post("/tickets")).await.refused(400, "HEADER_MISSING");
    for key in ["", "\"\"", &"k".repeat(256), "a\tb"] {
        amy.send(post("/tickets").header("idempotency-key", key)).await.refused(400, "BAD_REQUEST");
    }
    let two = post("/tickets").header("idempotency-key", "a").header("idempotency-key", "b");
    amy.send(two).await.refused(400, "BAD_REQUEST");
    let ticket = w.submitted().await;
    let act = || {
        amy.request(Method::POST, &format!("/tickets/{ticket}/actions")).json(&json!({ "action": "remind" }))
    };
    amy.send(act()).await.refused(428, "IF_MATCH_REQUIRED");
    for version in ["*", "W/\"1\"", "abc", "\"1\", \"2\"", "-1", "1.0"] {
        amy.send(act().header("if-match", version)).await.refused(400, "BAD_REQUEST");
    }
    for version in ["0", "2", "\"99\"", "99999999999999999999"] {
        amy.send(act().header("if-match", version)).await.refused(412, "VERSION_STALE");
    }
    amy.send(act().header("if-match", "\"1\"")).await.ok();
    for authorization in ["", "Bearer", "Bearer ", "bearer x y", "Token abc"] {
        let request = w.nobody().request(Method::GET, "/me").header("authorization", authorization);
        assert_eq!(w.nobody().send(request).await.status, 401, "{authorization}");
    }
    w
});

story!(paths_methods_and_parameters_are_checked, async |w: World| {
    let amy = w.as_("amy").await;
    let ticket = w.submitted().await;
    for path in [
        "/tickets/abc",
        "/tickets/0",
        "/tickets/%2e%2e",
        "/tickets/0193b3a0-0000-7000-8000-00000000000Z/messages",
        "/attachments/1",
        "/nothing",
    ] {
        amy.get(path).await.refused(404, "NOT_FOUND");
    }
    for op in operations() {
        let path = op.path.replace("{id}", &ticket).replace("{purpose}", "service");
        let same = operations().filter(|o| o.path == op.path).map(|o| o.method).collect::<Vec<_>>();
        for method in [Method::PUT, Method::PATCH, Method::from_bytes(b"BREW").unwrap()] {
            // Another path may serve it, as /courses/{id} does for /courses/preview.
            if operation(method.as_str(), &path).is_some() {
                continue;
            }
            let answer = amy.send(amy.request(method.clone(), &path)).await;
            assert_eq!(answer.status, 405, "{method} {path}: {answer}");
            for served in &same {
                assert!(
                    answer.header("allow").contains(served.as_str()),
                    "{path}: {}",
                    answer.header("allow")
                );
            }
        }
    }
    for query in [
        "limit=0",
        "limit=101",
        "limit=-1",
        "limit=x",
        "limit=1&limit=2",
        "cursor=xyz",
        "cursor=AAAA",
        "offset=3",
        "scope=everything",
        "kind=x",
        "state=open",
        "assignee=somebody",
        "due_before=tomorrow",
    ] {
        let name = query.split('=').next().unwrap();
        amy.get(&format!("/tickets?{query}")).await.field(name);
    }
    for path in
        ["/me/access-log", &format!("/tickets/{ticket}/messages"), &format!("/tickets/{ticket}/timeline")]
    {
        for query in ["limit=0", "cursor=%00", "x=1"] {
            let answer = amy.get(&format!("{path}?{query}")).await;
            assert_eq!(answer.status, 422, "{path}?{query}: {answer}");
        }
    }
    amy.get("/tickets?cursor=%ff").await.refused(400, "BAD_REQUEST");
    assert_eq!(amy.all("/tickets?q=%25").await.len(), 0, "no wildcard");
    let head = amy.send(amy.request(Method::HEAD, "/me")).await;
    assert_eq!((head.status, head.bytes.len()), (200, 0));
    w
});
