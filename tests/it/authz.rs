//! The permission matrix, asked of the running server: every operation, every role, what is one's own, what is
//! somebody else's, and what does not exist. What is hidden looks exactly like what is not there.

use std::collections::{BTreeMap, BTreeSet};

use reqwest::Method;
use serde_json::{Value, json};

use crate::agreement::permissions::Agreed;
use crate::courses::permissions::Written;
use crate::learning::permissions::Taught;
use crate::support::client::fresh_key;
use crate::support::document::operations;
use crate::support::faults::{id, report};
use crate::support::{Answer, Client, World};

const ROLES: [&str; 8] = ["nobody", "unbound", "employee", "manager", "agent", "lead", "auditor", "admin"];
const PEOPLE: [&str; 8] = ["", "stranger", "amy", "cara", "vera", "lena", "audrey", "adam"];
const MISSING: &str = "0193b3a0-0000-7000-8000-000000000001";
const MATRIX: &str = include_str!("authz_matrix.toml");

type Matrix = BTreeMap<String, BTreeMap<String, String>>;

/// What the calls are about.
struct Scene {
    own: String,
    foreign: String,
    own_file: String,
    foreign_file: String,
    /// A session of ben.
    session: String,
    vera: String,
    notice: Value,
    /// Of a duty of the vendor, and of one of the client.
    breaches: [String; 2],
    agreed: Agreed,
    taught: Taught,
    written: Written,
    /// What was suggested to amy: whoever knows its id may say that it helped, because nobody's name is kept.
    suggestion: String,
    material: String,
}

impl Scene {
    async fn set(w: &World) -> Self {
        let breaches = crate::duties::a_breach_of_each_side(w).await;
        let agreed = Agreed::set(w).await;
        let taught = Taught::set(w).await;
        let amy = w.as_("amy").await;
        let picture = crate::attachments::png(3, 3);
        let own_file = id(&amy.upload("a.png", "image/png", &picture).await.created());
        let mut body = report("自己的");
        body["attachment_ids"] = json!([own_file]);
        let own = id(&amy.post("/tickets", body).await.created());
        w.as_("vera").await.does(&own, json!({ "action": "accept", "text": "收到" })).await;
        let dan = w.as_("dan").await;
        let foreign_file = id(&dan.upload("b.png", "image/png", &picture).await.created());
        let mut body = report("别人的");
        body["attachment_ids"] = json!([foreign_file]);
        let foreign = id(&dan.post("/tickets", body).await.created());
        let vic = w.as_("vic").await;
        vic.does(&foreign, json!({ "action": "accept", "text": "收到" })).await;
        vic.does(&foreign, json!({ "action": "publish_solution", "solution_type": "fix", "text": "改好了" }))
            .await;
        vic.does(&foreign, json!({ "action": "mark_repaired" })).await;
        dan.does(&foreign, json!({ "action": "confirm", "rating": 5 })).await;
        let session = w.as_("ben").await.all("/sessions").await[0]["id"].as_str().unwrap().to_owned();
        let notice = w.nobody().get("/privacy/notice").await.ok()["version"].clone();
        let vera = w.as_("vera").await.id;
        let written = Written::set(w).await;
        let (suggestion, material) = crate::search::suggested(w).await;
        Self {
            own,
            foreign,
            own_file,
            foreign_file,
            session,
            vera,
            notice,
            breaches,
            agreed,
            taught,
            written,
            suggestion,
            material,
        }
    }

    fn ticket(&self, relation: &str) -> &str {
        match relation {
            "own" => &self.own,
            "foreign" => &self.foreign,
            _ => MISSING,
        }
    }

    fn breach(&self, relation: &str) -> &str {
        match relation {
            "own" => &self.breaches[0],
            "foreign" => &self.breaches[1],
            _ => MISSING,
        }
    }

    fn action(&self, action: &str) -> Value {
        match action {
            "accept" => json!({ "action": action, "text": "收到" }),
            "assign" => json!({ "action": action, "assignee_id": self.vera }),
            "ask_client" => json!({ "action": action, "question": "哪个版本？" }),
            "supply" => json!({ "action": action, "text": "3.4" }),
            "publish_solution" => json!({ "action": action, "solution_type": "fix", "text": "改好了" }),
            "reject_solution" | "fail_verification" | "reopen" | "withdraw" => {
                json!({ "action": action, "reason": "不行" })
            }
            "confirm" => json!({ "action": action, "rating": 5 }),
            "merge" => json!({ "action": action, "into": self.own }),
            _ => crate::support::kinds::body(action, &self.own),
        }
    }
}

/// One cell: the call that a line of the matrix stands for.
async fn ask(w: &World, scene: &Scene, line: &str, relation: &str, client: &Client, who: &str) -> Answer {
    let ticket = scene.ticket(relation);
    let (operation, more) = line.split_once([':', '?']).unwrap_or((line, ""));
    if let Some(answer) = scene.agreed.ask(operation, relation, client, MISSING).await {
        return answer;
    }
    if let Some(answer) = scene.taught.ask((operation, more), relation, client, MISSING).await {
        return answer;
    }
    if let Some(answer) = scene.written.ask(operation, more, relation, client, MISSING).await {
        return answer;
    }
    let of_ticket = |rest: &str| format!("/tickets/{ticket}{rest}");
    match operation {
        "livez" => client.get("/livez").await,
        "readyz" => client.get("/readyz").await,
        "openapi" => client.get("/openapi.json").await,
        "open_session" => {
            client.post("/sessions", json!({ "code": "not-a-wechat-code", "device": "x" })).await
        }
        "refresh_session" => client.post("/sessions/refresh", json!({ "refresh_token": "x" })).await,
        "list_sessions" => client.get("/sessions").await,
        "end_current_session" => {
            let client = if who.is_empty() { client.clone() } else { w.sign_in(who).await };
            client.delete("/sessions/current").await
        }
        "end_session" => {
            let session = match relation {
                "own" if !who.is_empty() => {
                    let other = w.sign_in(who).await;
                    let all = other.all("/sessions").await;
                    id(all.iter().find(|s| s["current"] == true).unwrap())
                }
                "missing" => MISSING.to_owned(),
                _ => scene.session.clone(),
            };
            client.delete(&format!("/sessions/{session}")).await
        }
        "show_me" => client.get("/me").await,
        "bind_account" => client.post("/me/binding", json!({ "invitation": "WRONG-CODE" })).await,
        "list_access_log" => client.get("/me/access-log").await,
        "show_privacy_notice" => client.get("/privacy/notice").await,
        "give_consent" => {
            client
                .post("/privacy/consents", json!({ "purpose": "service", "notice_version": scene.notice }))
                .await
        }
        "withdraw_consent" => {
            let purpose = if relation == "own" { "service" } else { "nothing" };
            let answer = client.delete(&format!("/privacy/consents/{purpose}")).await;
            if answer.status == 204 {
                let body = json!({ "purpose": "service", "notice_version": scene.notice });
                client.post("/privacy/consents", body).await.created();
            }
            answer
        }
        "list_people" => client.get("/people?party=vendor").await,
        "invite_person" => client.post("/people/invitations", json!({ "employee_no": "A999999" })).await,
        "list_delegates" => client.get("/people/delegates").await,
        "delegate_department" => client.post("/people/delegates", json!({ "employee_no": "A999999" })).await,
        "revoke_delegation" => {
            let person = match relation {
                "own" => w.as_("amy").await.id,
                "foreign" => w.as_("dan").await.id,
                _ => MISSING.to_owned(),
            };
            client.delete(&format!("/people/delegates/{person}")).await
        }
        "list_inbox" => client.get("/inbox").await,
        "read_inbox" => client.post("/inbox/read", json!({ "ids": [MISSING] })).await,
        "search" => client.get("/search?q=x").await,
        "suggest" => client.post("/suggestions", json!({ "title": "矩阵" })).await,
        "solve_by_suggestion" => {
            let id = if relation == "missing" { MISSING } else { &scene.suggestion };
            client.post(&format!("/suggestions/{id}/solved"), json!({ "material_id": scene.material })).await
        }
        "summarise_suggestions" => client.get("/suggestions/summary").await,
        "list_obligations" => client.get("/contract/obligations").await,
        "summarise_obligations" => client.get("/contract/obligations/summary").await,
        "show_obligation" => {
            let side = if relation == "foreign" { "client" } else { "vendor" };
            let all = w.as_("cara").await.get(&format!("/contract/obligations?side={side}")).await.ok();
            let duty = if relation == "missing" { MISSING.to_owned() } else { id(&all["items"][0]) };
            client.get(&format!("/contract/obligations/{duty}")).await
        }
        "list_breaches" => client.get("/contract/breaches").await,
        "show_breach" => client.get(&format!("/contract/breaches/{}", scene.breach(relation))).await,
        "act_on_breach" => {
            let body = crate::duties::breach_action(more);
            crate::duties::act_at(client, scene.breach(relation), 0, body).await
        }
        "upload_attachment" => client.upload("a.png", "image/png", &crate::attachments::png(2, 2)).await,
        "read_attachment" => {
            let file = match relation {
                "own" => &scene.own_file,
                "foreign" => &scene.foreign_file,
                _ => MISSING,
            };
            client.get(&format!("/attachments/{file}")).await
        }
        "create_ticket" => client.post("/tickets", report("矩阵")).await,
        "list_tickets" => client.get(&format!("/tickets?{more}")).await,
        "show_ticket" => client.get(&of_ticket("")).await,
        "list_messages" => client.get(&of_ticket("/messages")).await,
        "show_timeline" => client.get(&of_ticket("/timeline")).await,
        "show_clocks" => client.get(&of_ticket("/clocks")).await,
        "show_receipt" => client.get(&of_ticket("/receipt")).await,
        "post_message" => {
            let visibility = if more.is_empty() { "public" } else { more };
            client.post(&of_ticket("/messages"), json!({ "body": "矩阵", "visibility": visibility })).await
        }
        "show_support_hours" => client.get("/support-hours").await,
        "draft_article" => client.post(&of_ticket("/article"), json!({})).await,
        "reveal_contact" => client.post(&of_ticket("/reveal"), json!({ "purpose": "核对权限" })).await,
        "act_on_ticket" => client.act_at(ticket, 0, scene.action(more)).await,
        _ => panic!("no call is written for {line}"),
    }
}

fn matrix() -> Matrix {
    toml::from_str(MATRIX).unwrap()
}

#[test]
fn every_operation_and_action_has_its_line() {
    let matrix = matrix();
    let lines: BTreeSet<&str> = matrix.keys().map(|l| l.split([':', '?']).next().unwrap()).collect();
    let there: BTreeSet<String> = operations().map(|op| op.id).collect();
    let there: BTreeSet<&str> = there.iter().map(String::as_str).collect();
    assert_eq!(lines, there);
    for action in lvyue::tickets::model::Action::ALL {
        assert!(matrix.contains_key(&format!("act_on_ticket:{}", action.wire())), "{}", action.wire());
    }
    for step in lvyue::courses::model::acts::Step::ALL {
        assert!(matrix.contains_key(&format!("act_on_course:{}", step.wire())), "{}", step.wire());
    }
    for action in lvyue::duties::model::matter::BreachAction::ALL {
        assert!(matrix.contains_key(&format!("act_on_breach:{}", action.wire())), "{}", action.wire());
    }
    for op in operations() {
        for (line, rows) in matrix.iter().filter(|(l, _)| l.split([':', '?']).next() == Some(op.id.as_str()))
        {
            let relations: Vec<&str> = rows.keys().map(String::as_str).collect();
            let expected: &[&str] =
                if op.path.contains('{') { &["foreign", "missing", "own"] } else { &["any"] };
            assert_eq!(relations, expected, "{line}");
        }
    }
}

story!(the_matrix_holds, async |w: World| {
    let scene = Scene::set(&w).await;
    let mut wrong = Vec::new();
    let mut cells = 0;
    for (line, rows) in matrix() {
        let mut hidden: BTreeMap<usize, Vec<Value>> = BTreeMap::new();
        for (relation, statuses) in rows {
            let statuses: Vec<u16> = statuses.split_whitespace().map(|s| s.parse().unwrap()).collect();
            assert_eq!(statuses.len(), ROLES.len(), "{line}");
            for (role, expected) in statuses.iter().enumerate() {
                let who = PEOPLE[role];
                let client = if who.is_empty() { w.nobody() } else { w.as_(who).await };
                let answer = ask(&w, &scene, &line, &relation, &client, who).await;
                cells += 1;
                if answer.status != *expected {
                    wrong.push(format!("{line} {relation} {}: {expected} expected, {answer}", ROLES[role]));
                }
                if answer.status == 404 {
                    let mut body = answer.json.clone();
                    body["request_id"] = Value::Null;
                    hidden.entry(role).or_default().push(body);
                }
            }
            // Ended sessions and used-up tries of one line are none of the next one's business.
            w.minutes(5);
        }
        for bodies in hidden.values() {
            assert!(bodies.windows(2).all(|w| w[0] == w[1]), "{line}: hidden and missing differ: {bodies:?}");
        }
    }
    assert!(wrong.is_empty(), "{} of {cells} cells:\n{}", wrong.len(), wrong.join("\n"));
    w
});

story!(foreign_ids_inside_bodies_are_worth_nothing, async |w: World| {
    let scene = Scene::set(&w).await;
    let (amy, vera) = (w.as_("amy").await, w.as_("vera").await);
    let loose =
        id(&w.as_("ben").await.upload("c.png", "image/png", &crate::attachments::png(2, 2)).await.created());
    for file in [&scene.foreign_file, &scene.own_file, &loose, MISSING] {
        let mut body = report("带别人的附件");
        body["attachment_ids"] = json!([file]);
        amy.post("/tickets", body).await.refused(422, "ATTACHMENT_NOT_USABLE");
        let message = json!({ "body": "带别人的附件", "visibility": "public", "attachment_ids": [file] });
        amy.post(&format!("/tickets/{}/messages", scene.own), message)
            .await
            .refused(422, "ATTACHMENT_NOT_USABLE");
    }
    vera.does(&scene.own, json!({ "action": "ask_client", "question": "截图？" })).await;
    let supply = json!({ "action": "supply", "text": "给您", "attachment_ids": [loose] });
    amy.act_now(&scene.own, supply).await.refused(422, "ATTACHMENT_NOT_USABLE");
    // Merging into what one cannot see says the same as into what is not there.
    let seen: Vec<Value> = {
        let mut seen = Vec::new();
        for into in [scene.foreign.as_str(), MISSING] {
            let mut problem =
                vera.act_now(&scene.own, json!({ "action": "merge", "into": into })).await.field("into");
            problem["request_id"] = Value::Null;
            seen.push(problem);
        }
        seen
    };
    assert_eq!(seen[0], seen[1]);
    // Assigning to somebody of the client, to nobody; reporting for a vendor's person, for nobody.
    for nobody in [amy.id.as_str(), MISSING] {
        w.as_("lena")
            .await
            .act_now(&scene.own, json!({ "action": "assign", "assignee_id": nobody }))
            .await
            .field("assignee_id");
    }
    for nobody in [vera.id.as_str(), MISSING] {
        let mut body = report("代报");
        body["on_behalf_of"] = json!(nobody);
        vera.post("/tickets", body).await.field("on_behalf_of");
    }
    // Filters see no further than the caller.
    let dan = w.as_("dan").await.id;
    for query in [format!("assignee={dan}"), format!("assignee={MISSING}"), "q=GZ-2026".to_owned()] {
        let seen = amy.all(&format!("/tickets?{query}")).await;
        assert!(seen.iter().all(|t| t["reporter"]["id"] == json!(amy.id)), "{query}: {seen:?}");
    }
    w
});

story!(what_is_not_asked_for_is_not_told, async |w: World| {
    let scene = Scene::set(&w).await;
    for who in ["amy", "cara", "vera", "lena", "audrey"] {
        let seen = w.as_(who).await.ticket(&scene.own).await.to_string();
        for secret in ["19900010001", "A100001", "amy@example.com", "oFAKE"] {
            assert!(!seen.contains(secret), "{who} sees {secret}: {seen}");
        }
        assert_eq!(seen.contains("艾米莉"), who == "amy", "{who}: names are masked for others");
    }
    let people = w.as_("lena").await.all("/people?party=client").await;
    assert!(people.iter().all(|p| p["display_name"].as_str().unwrap().contains('*')), "{people:?}");
    w
});

story!(a_header_does_not_change_who_asks, async |w: World| {
    let amy = w.as_("amy").await;
    for (name, value) in
        [("x-role", "admin"), ("x-forwarded-for", "127.0.0.1"), ("x-http-method-override", "DELETE")]
    {
        let request = amy.request(Method::GET, "/tickets?scope=all").header(name, value);
        amy.send(request).await.refused(403, "FORBIDDEN");
    }
    let request = amy.request(Method::POST, "/tickets").header("idempotency-key", fresh_key());
    let mut body = report("多写一项");
    body["reporter_id"] = json!(MISSING);
    amy.send(request.json(&body)).await.field("reporter_id");
    w
});
