//! What is owed by the agreement, and what only looks like it: a late target or statutory deadline is no breach.

use serde_json::{Value, json};

use super::all_warned;
use crate::support::World;
use crate::support::faults::{id, report};

fn of_kind(kind: &str) -> Value {
    let mut body = report("导出报错");
    body["kind"] = json!(kind);
    body.as_object_mut().unwrap().retain(|name, _| ["kind", "title", "description"].contains(&name.as_str()));
    body
}

story!(a_late_target_and_a_late_statutory_deadline_are_no_breaches, async |w: World| {
    let (amy, cara) = (w.as_("amy").await, w.as_("cara").await);
    let asked = id(&amy.post("/tickets", of_kind("consultation")).await.created());
    let incident = id(&cara.post("/tickets", of_kind("incident")).await.created());
    let fault = id(&amy.report("首页白屏").await);
    w.as_("vera").await.does(&incident, json!({ "action": "notify_client", "text": "已断开外网" })).await;
    let grade = json!({ "action": "propose_grade", "grade": "major", "text": "日志里有手机号" });
    w.as_("lena").await.does(&incident, grade).await;
    cara.does(&incident, json!({ "action": "agree_grade" })).await;
    // Nobody answers, decides or responds; the look-out comes by, and what ends late is looked at as well.
    w.hours(49);
    all_warned(&w).await;
    let (cara, vera) = (w.as_("cara").await, w.as_("vera").await);
    vera.does(&asked, json!({ "action": "answer", "text": "在设置里" })).await;
    cara.does(&incident, json!({ "action": "decide_report", "report": false, "text": "没有外泄" })).await;
    let codes: Vec<Value> = cara.all("/contract/breaches").await.iter().map(|b| b["code"].clone()).collect();
    assert!(codes.contains(&json!("R8")), "{codes:?}");
    assert!(!codes.contains(&json!("W")) && !codes.contains(&json!("N4")), "{codes:?}");
    // They are shown as what they are, late all the same, and everybody who was to be warned was.
    let all = cara.all("/contract/obligations").await;
    for (code, basis) in [("W", "target"), ("N4", "statute"), ("R8", "agreement")] {
        let duty = all.iter().find(|d| d["code"] == code).unwrap();
        assert_eq!((&duty["basis"], &duty["verdict"]), (&json!(basis), &json!("breached")), "{duty}");
        let shown = cara.get(&format!("/contract/obligations/{}", id(duty))).await.ok();
        assert_eq!(shown["breach_id"].is_string(), code == "R8", "{shown}");
        assert_eq!((&shown["due_at"], &shown["record"]), (&duty["due_at"], &duty["record"]));
    }
    assert!(vera.all("/inbox").await.iter().any(|n| n["event"] == "duty.100.W"));
    let clocks = w.as_("amy").await.ticket(&fault).await["clocks"].clone();
    assert!(clocks.as_array().unwrap().iter().all(|c| c["basis"] == "agreement"), "{clocks}");
    // Numbers are of the agreement alone: R8 is not answered yet, S24 neither.
    let summary = cara.get("/contract/obligations/summary").await.ok();
    assert_eq!(
        (&summary["vendor"]["open"], &summary["vendor"]["overdue"]),
        (&json!(2), &json!(2)),
        "{summary}"
    );
    w
});
