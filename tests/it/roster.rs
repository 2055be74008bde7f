//! What people of the roster hand to each other: another WeChat account after a lost phone, and the sight of a department.

use lvyue::identity;
use lvyue::kit::db::Db;
use migrations::Migrator;
use sea_orm_migration::MigratorTrait;
use serde_json::{Value, json};

use crate::support::faults::id;
use crate::support::world::{folder, runtime};
use crate::support::{Client, Engine, World, people, sql};

async fn invite(by: &Client, number: &str, replace: bool) -> crate::support::Answer {
    by.post("/people/invitations", json!({ "employee_no": number, "replace": replace })).await
}

async fn events(client: &Client) -> Vec<String> {
    let inbox = client.all("/inbox").await;
    inbox.iter().map(|n| n["event"].as_str().unwrap().to_owned()).collect()
}

story!(a_lost_phone_is_replaced_by_an_invitation, async |w: World| {
    let lost = w.login("amy", "丢了的手机").await;
    let amy = w.nobody().with_token(lost["access_token"].as_str().unwrap());
    let before = amy.get("/me").await.ok();
    let ticket = id(&w.as_("amy").await.report("丢手机之前报的").await);
    let (cara, adam, lena) = (w.as_("cara").await, w.as_("adam").await, w.as_("lena").await);

    // Each for their own side, and nobody for somebody who may more.
    invite(&amy, "A100002", true).await.refused(403, "FORBIDDEN");
    invite(&w.as_("vera").await, "V200002", true).await.refused(403, "FORBIDDEN");
    invite(&cara, "A100005", true).await.refused(403, "FORBIDDEN");
    invite(&cara, "A100004", true).await.refused(403, "FORBIDDEN");
    invite(&adam, "A100004", true).await.refused(403, "FORBIDDEN");
    for (who, number) in [(&cara, "V200001"), (&lena, "A100001"), (&cara, "A999999")] {
        invite(who, number, true).await.field("employee_no");
    }
    invite(&lena, "V200001", true).await.created();
    invite(&adam, "A100002", true).await.created();
    assert_eq!(w.told("person.rebound").await, 0, "nothing was used yet");

    invite(&cara, "A100001", false).await.refused(409, "ALREADY_BOUND");
    let older = invite(&cara, "A100001", true).await.created();
    let made = invite(&cara, "A100001", true).await.created();
    assert_eq!((&made["replaces"], &made["person"]["id"]), (&json!(true), &before["id"]));
    assert_eq!(made["person"]["display_name"], "艾**");
    let code = made["code"].as_str().unwrap();
    assert!(events(&amy).await.contains(&"person.invited_again".to_owned()), "she learns of it first");
    let by_others = events(&cara).await.into_iter().filter(|e| e == "person.invited_again_by").count();
    assert_eq!(by_others, 1, "of what adam did, not of her own");

    let fresh = w.sign_in("amynew").await;
    let bind = |code: &str| json!({ "invitation": code });
    for wrong in ["ABCD-EFGH-JKMN", older["code"].as_str().unwrap()] {
        fresh.post("/me/binding", bind(wrong)).await.refused(422, "BINDING_REFUSED");
    }
    assert_eq!(amy.get("/me").await.status, 200, "a wrong code does nothing to anybody");
    let bound = fresh.post("/me/binding", bind(code)).await.ok();
    assert_eq!((&bound["bound"], &bound["id"]), (&json!(true), &before["id"]));

    amy.get("/me").await.refused(401, "SESSION_ENDED");
    let refresh = json!({ "refresh_token": lost["refresh_token"] });
    w.nobody().post("/sessions/refresh", refresh).await.refused(401, "SESSION_ENDED");
    let old = w.login("amy", "丢了的手机").await;
    assert_eq!(old["me"]["bound"], false, "the WeChat of the lost phone is nobody's");
    let finder = w.nobody().with_token(old["access_token"].as_str().unwrap());
    finder.get(&format!("/tickets/{ticket}")).await.refused(403, "NOT_BOUND");
    finder.post("/me/binding", bind(code)).await.refused(422, "BINDING_REFUSED");

    fresh.get("/tickets").await.refused(428, "CONSENT_REQUIRED");
    let version = w.nobody().get("/privacy/notice").await.ok()["version"].clone();
    fresh
        .post("/privacy/consents", json!({ "purpose": "service", "notice_version": version }))
        .await
        .created();
    assert_eq!(fresh.ticket(&ticket).await["title"], "丢手机之前报的");
    assert!(events(&fresh).await.contains(&"person.rebound".to_owned()));
    assert!(events(&cara).await.contains(&"person.rebound_by_invitation".to_owned()));
    w.ledger_settles(std::time::Duration::from_secs(1)).await;
    let replaced = "SELECT COUNT(*) FROM ledger_entries WHERE action = 'account.replace'";
    assert_eq!(sql::number(w.db(), replaced).await, 1);
    let ended = "SELECT COUNT(*) FROM sessions WHERE end_reason = 'replaced'";
    assert!(sql::number(w.db(), ended).await >= 1);
    w
});

story!(a_first_invitation_lapses_with_the_binding, async |w: World| {
    let cara = w.as_("cara").await;
    let made = invite(&cara, "A100009", false).await.created();
    assert_eq!(made["replaces"], false);
    let nora = w.sign_in("nora").await;
    let by_phone = json!({ "phone_code": "phone-nora-first", "employee_no": "A100009" });
    nora.post("/me/binding", by_phone).await.ok();
    // It was made for somebody who was not bound: it takes nobody's place.
    let other = w.sign_in("finder").await;
    let code = json!({ "invitation": made["code"] });
    other.post("/me/binding", code).await.refused(422, "BINDING_REFUSED");
    assert_eq!(nora.get("/me").await.ok()["bound"], true);
    w
});

story!(an_employee_sees_their_department_while_the_manager_lets_them, async |w: World| {
    let (amy, ben, cara) = (w.as_("amy").await, w.as_("ben").await, w.as_("cara").await);
    let own = amy.report("市场部的打印机").await;
    let fault = id(&own);
    let foreign = id(&w.as_("dan").await.report("生产部的打印机").await);
    let incident = json!({ "kind": "incident", "title": "疑似泄露", "description": "有陌生登录" });
    let incident = id(&amy.post("/tickets", incident).await.created());
    let department = "/tickets?scope=department";
    ben.get(department).await.refused(403, "FORBIDDEN");
    ben.get(&format!("/tickets/{fault}")).await.refused(404, "NOT_FOUND");

    let delegate = |number: &str| json!({ "employee_no": number });
    for (who, refused) in [("ben", 403), ("lena", 403), ("adam", 403), ("audrey", 403)] {
        w.as_(who).await.post("/people/delegates", delegate("A100002")).await.refused(refused, "FORBIDDEN");
        w.as_(who).await.get("/people/delegates").await.refused(refused, "FORBIDDEN");
    }
    for number in ["A999999", "V200001", "A100004", "A100005"] {
        cara.post("/people/delegates", delegate(number)).await.field("employee_no");
    }
    let given = cara.post("/people/delegates", delegate("a100002")).await.created();
    assert_eq!(
        (&given["person"]["display_name"], &given["person"]["department"]),
        (&json!("毕*"), &json!("市场部"))
    );
    cara.post("/people/delegates", delegate("A100002")).await.created();
    let all = cara.all("/people/delegates").await;
    assert_eq!(all.len(), 1, "twice is once: {all:?}");

    // The same token, from the next request on.
    let ids = |items: &[Value]| items.iter().map(id).collect::<Vec<_>>();
    assert_eq!(ids(&ben.all(department).await), std::slice::from_ref(&fault));
    assert_eq!(ben.get("/me").await.ok()["roles"], json!(["employee", "department_viewer"]));
    let seen = ben.ticket(&fault).await;
    assert!(
        seen["allowed_actions"].as_array().unwrap().contains(&json!("me_too")),
        "{}",
        seen["allowed_actions"]
    );
    assert_eq!(seen["can"], json!({ "reply": false, "internal_note": false, "reveal": false }));
    for hidden in [&foreign, &incident] {
        ben.get(&format!("/tickets/{hidden}")).await.refused(404, "NOT_FOUND");
    }
    ben.post(&format!("/tickets/{fault}/reveal"), json!({ "purpose": "看看" }))
        .await
        .refused(403, "FORBIDDEN");
    let found = ben.get(&format!("/search?q={}", own["number"].as_str().unwrap())).await.ok();
    assert!(found.to_string().contains(&fault), "{found}");
    let followed = ben.does(&fault, json!({ "action": "me_too" })).await;
    assert_eq!((&followed["follows"], &followed["followers"]), (&json!(true), &json!(1)));

    // A new roster that says nothing new takes nothing away; moving does.
    let kit = w.app.kit();
    assert!(identity::load(kit, people::roster().as_bytes()).await.is_ok());
    assert_eq!(ben.all(department).await.len(), 1);
    let gone = cara.delete(&format!("/people/delegates/{}", ben.id)).await;
    gone.expect(204);
    ben.get(department).await.refused(403, "FORBIDDEN");
    assert_eq!(ben.ticket(&fault).await["follows"], true, "what he follows stays his to see");
    cara.delete(&format!("/people/delegates/{}", ben.id)).await.refused(404, "NOT_FOUND");
    let told = events(&ben).await;
    for event in ["person.delegated", "person.undelegated"] {
        assert!(told.contains(&event.to_owned()), "{told:?}");
    }
    cara.post("/people/delegates", delegate("A100002")).await.created();
    let moved = people::roster()
        .replace("毕文,19900010002,ben@example.com,市场部", "毕文,19900010002,ben@example.com,生产部");
    assert_ne!(moved, people::roster());
    assert!(identity::load(kit, moved.as_bytes()).await.is_ok());
    ben.get(department).await.refused(403, "FORBIDDEN");
    assert!(cara.all("/people/delegates").await.is_empty());
    w.ledger_settles(std::time::Duration::from_secs(1)).await;
    for (action, times) in [("person.delegate", 2), ("person.undelegate", 1)] {
        let count = format!("SELECT COUNT(*) FROM ledger_entries WHERE action = '{action}'");
        assert_eq!(sql::number(w.db(), &count).await, times, "{action}");
    }
    w
});

/// Before the step, an invitation could be open although its person was bound meanwhile; it must not begin to replace.
fn open_ones_of_bound_people_end(engine: Engine) {
    const STEP: &str = "m20261125_000027_replacing_invitations";
    let folder = folder();
    let database = engine.copy(folder.path()).database;
    runtime().block_on(async {
        let db = Db::open(&database).await.unwrap();
        let names: Vec<String> = Migrator::migrations().iter().map(|m| m.name().to_owned()).collect();
        let steps = names.len() - names.iter().position(|n| n == STEP).unwrap();
        Migrator::down(db.writer(), Some(u32::try_from(steps).unwrap())).await.unwrap();
        let everybody = "INSERT INTO invitations (id, person_id, code_digest, expires_at, used_at, created_at) \
                         SELECT id, id, phone_bidx, 9999999999999, NULL, 5 FROM people";
        assert_eq!(sql::execute(&db, everybody).await.unwrap(), 10);
        db.close().await.unwrap();
        Db::migrate(&database).await.unwrap();
        let db = Db::open(&database).await.unwrap();
        let open = "SELECT COUNT(*) FROM invitations WHERE expires_at > created_at";
        assert_eq!(sql::number(&db, open).await, 1, "nora's, who is not bound");
        db.close().await.unwrap();
    });
}

#[test]
fn open_ones_of_bound_people_end_embedded() {
    open_ones_of_bound_people_end(Engine::Embedded);
}

#[test]
fn open_ones_of_bound_people_end_production() {
    open_ones_of_bound_people_end(Engine::Production);
}
