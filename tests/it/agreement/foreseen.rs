//! What a proposal would do is shown before anybody signs, and whom it moved is told when it has done so.

use serde_json::{Value, json};

use crate::support::faults::id;
use crate::support::{World, sql};

async fn stored(w: &World) -> [i64; 3] {
    let count = async |table: &str| sql::number(w.db(), &format!("SELECT COUNT(*) FROM {table}")).await;
    [count("annex_versions").await, count("notices").await, count("idempotency_keys").await]
}

story!(a_dry_run_shows_all_and_stores_nothing, async |w: World| {
    w.agreed().await;
    let (cara, lena) = (w.as_("cara").await, w.as_("lena").await);
    let before = stored(&w).await;
    let change = |preview: bool| json!({ "changes": { "P8": "no" }, "reason": "试试", "preview": preview });
    let seen = cara.post("/contract/parameters", change(true)).await.ok();
    assert_eq!((&seen["changes"][0]["code"], &seen["people_changed"]), (&json!("P8"), &json!(false)));
    assert_eq!((&seen["moved"][1]["code"], &seen["moved_total"]), (&json!("D30"), &json!(2)), "{seen}");
    let year = |preview: bool| json!({ "year_file": crate::agreement::calendars::year_2027(), "source": "试试", "preview": preview });
    let days = lena.post("/calendar/imports", year(true)).await.ok();
    assert_eq!(days["year"], 2027);
    assert!(days["differences"].as_array().unwrap().iter().any(|d| d["date"] == "2027-01-09"), "{days}");
    // What would be refused is refused all the same.
    let same = json!({ "changes": { "P8": "yes" }, "reason": "试试", "preview": true });
    cara.post("/contract/parameters", same).await.field("changes");
    w.as_("vera").await.post("/contract/parameters", change(true)).await.refused(403, "FORBIDDEN");
    assert_eq!(stored(&w).await, before, "nothing is stored, told, or remembered");
    assert_eq!(cara.get("/contract").await.ok()["pending"], json!([]));
    // The proposal then says the same.
    let proposed = cara.post("/contract/parameters", change(false)).await.created();
    for member in ["changes", "moved", "moved_total"] {
        assert_eq!(proposed[member], seen[member], "{member}");
    }
    let proposed = lena.post("/calendar/imports", year(false)).await.created();
    assert_eq!(proposed["differences"], days["differences"]);
    w
});

story!(tighter_severities_are_foreseen_and_told_once, async |w: World| {
    w.agreed().await;
    let mut worst = crate::support::faults::report("全厂打不了卡");
    worst["severity"] = json!("critical");
    let worst = w.as_("amy").await.post("/tickets", worst).await.created();
    let other = w.as_("amy").await.report("字体偏小").await;
    let tighter = json!({ "critical": { "response": "2 natural hours", "solution": "12 natural hours" } });
    let change = json!({ "changes": { "P6": tighter }, "reason": "严重的要快" });
    let seen = w.as_("cara").await.post("/contract/parameters", change).await.created();
    let moved: Vec<(&Value, &Value)> =
        seen["moved"].as_array().unwrap().iter().map(|m| (&m["number"], &m["code"])).collect();
    let number = &worst["number"];
    assert_eq!(moved, [(number, &json!("R8")), (number, &json!("S24"))], "{seen}");
    let path = format!("/contract/parameters/{}", id(&seen));
    w.as_("lena").await.acts(&path, &seen, json!({ "action": "sign" })).await.ok();
    w.minutes(2);
    while lvyue::tickets::jobs::rederive(w.app.kit()).await.unwrap() > 0 {}
    let amy = w.as_("amy").await;
    let clocks = amy.ticket(&id(&worst)).await["clocks"].clone();
    for clock in clocks.as_array().unwrap() {
        let foreseen = seen["moved"].as_array().unwrap().iter().find(|m| m["code"] == clock["code"]).unwrap();
        assert_eq!(clock["due_at"], foreseen["to"], "what was foreseen came about");
    }
    // One notice for both deadlines, to who reported and to who would work on it; none about the other fault.
    for who in ["amy", "lena"] {
        let inbox = w.as_(who).await.all("/inbox").await;
        let told: Vec<&Value> = inbox.iter().filter(|n| n["event"] == "ticket.due_moved").collect();
        assert_eq!(told.len(), 1, "{who}: {told:?}");
        assert_eq!(told[0]["about"]["id"], worst["id"]);
        let text = told[0]["text"].as_str().unwrap();
        assert!(text.contains("响应") && text.contains("另有 1 项"), "{text}");
    }
    let unmoved = amy.ticket(&id(&other)).await;
    assert_eq!(unmoved["next_due_at"], other["next_due_at"]);
    w
});
