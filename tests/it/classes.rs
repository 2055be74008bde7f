//! Classes from the plan to the roster that both sides signed.

use chrono::TimeDelta;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::faults::id;
use crate::support::{Answer, Client, World, sql};

/// A class that both sides agreed on.
pub struct Class {
    pub id: String,
}

pub fn plan(w: &World, departments: Value) -> Value {
    let at = |hours: i64| w.clock.now().plus_seconds(hours * 3600).to_string();
    json!({
        "category": "operation", "title": "基本操作培训", "mode": "on_site", "place": "三楼会议室",
        "agenda": "一、报障；二、查进度", "starts_at": at(24), "ends_at": at(26), "departments": departments,
    })
}

pub async fn propose(w: &World, departments: Value) -> Value {
    let mut body = plan(w, departments);
    body["trainer_id"] = json!(w.as_("vera").await.id);
    w.as_("lena").await.post("/training-sessions", body).await.created()
}

/// Proposed by lena with vera as trainer, agreed by cara.
pub async fn a_class(w: &World, departments: Value) -> Class {
    let class = Class { id: id(&propose(w, departments).await) };
    class.act(w, "cara", json!({ "action": "agree" })).await.ok();
    class
}

pub async fn act_at(client: &Client, class: &str, version: i64, body: Value) -> Answer {
    let request = client.request(Method::POST, &format!("/training-sessions/{class}/actions"));
    client.send(request.header("if-match", format!("\"{version}\"")).json(&body)).await
}

impl Class {
    pub fn path(&self, rest: &str) -> String {
        format!("/training-sessions/{}{rest}", self.id)
    }

    pub async fn seen(&self, w: &World, who: &str) -> Value {
        w.as_(who).await.get(&self.path("")).await.ok()
    }

    /// An action on the class as it is now.
    pub async fn act(&self, w: &World, who: &str, body: Value) -> Answer {
        let version = self.seen(w, who).await["version"].as_i64().unwrap();
        act_at(&w.as_(who).await, &self.id, version, body).await
    }

    /// Its hour has come.
    pub async fn start(&self, w: &World) {
        let starts_at = self.seen(w, "vera").await["starts_at"].as_str().unwrap().to_owned();
        w.at(&starts_at);
        self.act(w, "vera", json!({ "action": "start" })).await.ok();
    }

    pub async fn code(&self, w: &World, purpose: &str) -> String {
        let shown =
            w.as_("vera").await.get(&self.path(&format!("/sign-in-code?purpose={purpose}"))).await.ok();
        shown["code"].as_str().unwrap().to_owned()
    }

    pub async fn sign_in(&self, w: &World, who: &str) {
        let code = self.code(w, "sign_in").await;
        w.as_(who).await.post(&self.path("/sign-in"), json!({ "code": code })).await.ok();
    }

    pub async fn finish(&self, w: &World) {
        self.act(w, "vera", json!({ "action": "finish", "minutes": "讲了报障和查进度" })).await.ok();
    }
}

fn open(class: &Value) -> Vec<&str> {
    class["allowed_actions"].as_array().unwrap().iter().map(|a| a.as_str().unwrap()).collect()
}

story!(a_class_from_the_plan_to_the_signed_roster, async |w: World| {
    w.agreed().await;
    // Both sides plan it; employees learn of it when both have agreed.
    let class = Class { id: id(&propose(&w, json!(["市场部", "生产部"])).await) };
    w.as_("amy").await.get(&class.path("")).await.refused(404, "NOT_FOUND");
    assert_eq!(w.as_("amy").await.all("/training-sessions").await, [] as [Value; 0]);
    let refused =
        class.act(&w, "lena", json!({ "action": "agree" })).await.refused(409, "ACTION_NOT_ALLOWED");
    assert_eq!(refused["allowed_actions"], json!(["change", "cancel"]));
    assert_eq!(open(&class.seen(&w, "cara").await), ["agree", "decline", "change", "cancel"]);
    let agreed = class.act(&w, "cara", json!({ "action": "agree" })).await.ok();
    assert_eq!((&agreed["state"], &agreed["number"]), (&json!("agreed"), &json!("PX-2026-000001")));
    // Told: the proposer and the trainer; everybody of the two departments.
    assert_eq!((w.told("class.agreed").await, w.told("class.announced").await), (2, 4));

    // Enrolling, as many at once as want to; who is not invited does not.
    let mine = class.seen(&w, "amy").await;
    assert_eq!((open(&mine), &mine["roster"]), (vec!["enrol"], &Value::Null));
    for who in ["amy", "ben", "dan"] {
        let client = w.as_(who).await;
        let version = agreed["version"].as_i64().unwrap();
        let mine = act_at(&client, &class.id, version, json!({ "action": "enrol" })).await.ok();
        assert_eq!(mine["my"]["enrolled"], true, "{who}");
    }
    class.act(&w, "cara", json!({ "action": "enrol" })).await.refused(409, "ACTION_NOT_ALLOWED");
    assert_eq!(class.act(&w, "ben", json!({ "action": "leave" })).await.ok()["enrolled"], 2);
    assert_eq!(w.as_("amy").await.all("/training-sessions?scope=mine").await.len(), 1);
    assert_eq!(w.as_("ben").await.all("/training-sessions?scope=mine").await.len(), 0);

    // A change of the plan needs the other side again.
    let later = w.clock.now().plus_seconds(48 * 3600);
    let change = json!({ "action": "change", "starts_at": later, "ends_at": later.plus_seconds(7200) });
    assert_eq!(class.act(&w, "cara", change).await.ok()["state"], "proposed");
    class.act(&w, "cara", json!({ "action": "agree" })).await.refused(409, "ACTION_NOT_ALLOWED");
    assert_eq!(class.act(&w, "lena", json!({ "action": "agree" })).await.ok()["enrolled"], 2);
    class.act(&w, "vera", json!({ "action": "start" })).await.refused(409, "ACTION_NOT_ALLOWED");
    w.as_("vera").await.get(&class.path("/sign-in-code")).await.refused(409, "ACTION_NOT_ALLOWED");

    // Its hour: the trainer starts it and shows the code; people in the room sign in.
    class.start(&w).await;
    let code = class.code(&w, "sign_in").await;
    let amy = w.as_("amy").await;
    let here = amy.post(&class.path("/sign-in"), json!({ "code": code })).await.ok();
    let first = here["my"]["signed_in_at"].clone();
    assert_eq!(first, json!(w.clock.now()));
    w.pass(TimeDelta::seconds(1));
    let again = class.code(&w, "sign_in").await;
    assert_eq!(
        amy.post(&class.path("/sign-in"), json!({ "code": again })).await.ok()["my"]["signed_in_at"],
        first
    );
    // Relayed to ben, who is not in the room: dead when it arrives.
    w.pass(TimeDelta::seconds(20));
    let ben = w.as_("ben").await;
    ben.post(&class.path("/sign-in"), json!({ "code": code })).await.refused(422, "SIGN_IN_CODE_STALE");
    let out = class.code(&w, "sign_out").await;
    ben.post(&class.path("/sign-in"), json!({ "code": out })).await.refused(422, "SIGN_IN_CODE_STALE");
    for _ in 0..8 {
        ben.post(&class.path("/sign-in"), json!({ "code": "12345x" }))
            .await
            .refused(422, "SIGN_IN_CODE_STALE");
    }
    let good = class.code(&w, "sign_in").await;
    ben.post(&class.path("/sign-in"), json!({ "code": good })).await.refused(429, "TOO_MANY_REQUESTS");
    for who in ["amy", "cara"] {
        w.as_(who).await.get(&class.path("/sign-in-code")).await.refused(403, "FORBIDDEN");
    }
    // cara comes without having enrolled; dan's phone is flat.
    class.sign_in(&w, "cara").await;
    let dan = w.as_("dan").await.id;
    let marked = json!({ "action": "mark_present", "person_id": dan, "reason": "手机没电，本人在场" });
    class.act(&w, "vera", marked.clone()).await.ok();
    class.act(&w, "vera", marked).await.field("person_id");
    let nobody = json!({ "action": "mark_present", "person_id": w.as_("lena").await.id, "reason": "在场" });
    class.act(&w, "vera", nobody).await.field("person_id");

    // Signing out: by itself in the last ten minutes, and only who signed in.
    w.minutes(115);
    let shown = w.as_("vera").await.get(&class.path("/sign-in-code")).await.ok();
    assert_eq!(shown["purpose"], "sign_out");
    let code = json!({ "code": shown["code"] });
    let amy = w.as_("amy").await;
    assert!(amy.post(&class.path("/sign-out"), code.clone()).await.ok()["my"]["signed_out_at"].is_string());
    w.as_("ben").await.post(&class.path("/sign-out"), code).await.refused(409, "ACTION_NOT_ALLOWED");

    // Minutes and a photo.
    let vera = w.as_("vera").await;
    let photo = id(&vera.upload("现场.png", "image/png", &crate::attachments::png(3, 3)).await.created());
    let finish = json!({ "action": "finish", "minutes": "讲了报障和查进度", "attachment_ids": [photo] });
    let held = class.act(&w, "vera", finish).await.ok();
    assert_eq!((&held["state"], held["photos"].as_array().unwrap().len()), (&json!("held"), 1));
    amy.post(&class.path("/sign-in"), json!({ "code": "000000" })).await.refused(409, "ACTION_NOT_ALLOWED");
    assert_eq!(w.as_("cara").await.get(&format!("/attachments/{photo}")).await.status, 200);
    w.as_("amy").await.get(&format!("/attachments/{photo}")).await.refused(404, "NOT_FOUND");

    // Both sign; the roster stands from the first signature on.
    let roster = class.seen(&w, "audrey").await["roster"].clone();
    let methods: Vec<&Value> = roster.as_array().unwrap().iter().map(|l| &l["method"]).collect();
    assert_eq!(methods.len(), 3, "{roster}");
    assert_eq!(methods.iter().filter(|m| **m == "marked").count(), 1);
    assert!(roster.to_string().contains("手机没电"));
    class.act(&w, "vera", json!({ "action": "sign_roster" })).await.refused(403, "FORBIDDEN");
    assert_eq!(class.act(&w, "cara", json!({ "action": "sign_roster" })).await.ok()["state"], "held");
    let marked = json!({ "action": "mark_present", "person_id": w.as_("ben").await.id, "reason": "晚到" });
    class.act(&w, "lena", marked).await.refused(409, "ACTION_NOT_ALLOWED");
    class.act(&w, "cara", json!({ "action": "sign_roster" })).await.refused(409, "ACTION_NOT_ALLOWED");
    let signed = class.act(&w, "lena", json!({ "action": "sign_roster" })).await.ok();
    assert_eq!(signed["state"], "signed");
    assert!(signed["signed"]["client"]["at"].is_string() && signed["signed"]["vendor"]["at"].is_string());
    assert_eq!(open(&signed), [""; 0]);
    let mine = class.seen(&w, "amy").await;
    assert_eq!((&mine["roster"], &mine["minutes"]), (&Value::Null, &json!("讲了报障和查进度")));
    assert_eq!(w.as_("amy").await.all("/training-sessions?scope=past").await.len(), 1);
    // Both signatures vouch for the same bytes.
    let digests = "SELECT content_digest FROM ledger_entries WHERE action = 'class.roster_signed'";
    let digests = sql::rows(w.db(), digests).await;
    let digests: Vec<Vec<u8>> = digests.iter().map(|r| r.try_get_by_index(0).unwrap()).collect();
    assert_eq!(digests.len(), 2);
    assert_eq!(digests[0], digests[1]);
    w
});

story!(a_class_can_be_full_called_off_or_refused, async |w: World| {
    w.agreed().await;
    let mut body = plan(&w, json!([]));
    body["capacity"] = json!(1);
    // cara proposes; the lead who agrees is the trainer.
    let class = Class { id: id(&w.as_("cara").await.post("/training-sessions", body).await.created()) };
    let agreed = class.act(&w, "lena", json!({ "action": "agree" })).await.ok();
    assert_eq!(agreed["trainer"]["id"], json!(w.as_("lena").await.id));
    let both = ["amy", "ben"].map(|who| class.act(&w, who, json!({ "action": "enrol" })));
    let mut statuses: Vec<u16> =
        futures_util::future::join_all(both).await.iter().map(|a| a.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409], "one place, two who want it");
    class.act(&w, "amy", json!({ "action": "cancel", "reason": "不想去" })).await.refused(403, "FORBIDDEN");
    let gone = class.act(&w, "cara", json!({ "action": "cancel", "reason": "会议室被占" })).await.ok();
    assert_eq!((&gone["state"], &gone["reason"]), (&json!("cancelled"), &json!("会议室被占")));
    // Whoever enrolled, and the lead, who is the trainer too: once each.
    assert_eq!(w.told("class.cancelled").await, 2);

    let class = Class { id: id(&propose(&w, json!([])).await) };
    class.act(&w, "cara", json!({ "action": "decline", "reason": "时间不合适" })).await.ok();
    w.as_("amy").await.get(&class.path("")).await.refused(404, "NOT_FOUND");

    // What cannot be is refused by name.
    let lena = w.as_("lena").await;
    let soon = w.clock.now().plus_seconds(60).to_string();
    for (name, value, field) in [
        ("title", json!(" "), "title"),
        ("starts_at", json!("2026-01-01T00:00:00Z"), "starts_at"),
        ("starts_at", json!("2028-01-01T00:00:00Z"), "starts_at"),
        ("ends_at", json!(soon), "ends_at"),
        ("departments", json!(["没有的部门"]), "departments[0]"),
        ("capacity", json!(0), "capacity"),
        ("course_id", json!(class.id), "course_id"),
        ("trainer_id", json!(w.as_("amy").await.id), "trainer_id"),
        ("state", json!("agreed"), "state"),
    ] {
        let mut body = plan(&w, json!([]));
        body[name] = value;
        lena.post("/training-sessions", body).await.field(field);
    }
    let version = class.seen(&w, "lena").await["version"].as_i64().unwrap();
    act_at(&lena, &class.id, version - 1, json!({ "action": "cancel", "reason": "旧的" }))
        .await
        .refused(412, "VERSION_STALE");
    w
});

story!(without_an_agreement_there_are_no_classes, async |w: World| {
    w.as_("lena").await.post("/training-sessions", plan(&w, json!([]))).await.refused(409, "NOT_SET_UP");
    w.as_("amy").await.get("/training-sessions").await.refused(409, "NOT_SET_UP");
    w
});

story!(right_codes_are_no_tries_and_wrong_ones_are, async |w: World| {
    w.agreed().await;
    let class = a_class(&w, json!(["*"])).await;
    class.start(&w).await;
    let path = class.path("/sign-in");
    // Twenty right ones within the five minutes: a phone that sends again and again.
    for _ in 0..20 {
        class.sign_in(&w, "amy").await;
    }
    let amy = w.as_("amy").await;
    let right = class.code(&w, "sign_in").await;
    let wrong = if right == "000000" { "000001" } else { "000000" };
    for _ in 0..10 {
        amy.post(&path, json!({ "code": wrong })).await.refused(422, "SIGN_IN_CODE_STALE");
    }
    // After ten wrong ones nothing is told any more, not even that one was right.
    for code in [wrong, right.as_str()] {
        amy.post(&path, json!({ "code": code })).await.refused(429, "TOO_MANY_REQUESTS");
    }
    class.sign_in(&w, "ben").await;
    w.minutes(5);
    class.sign_in(&w, "amy").await;
    w
});
