//! 安全事件: anybody may declare it, the vendor tells within an hour, the client decides, nothing closes itself.

use serde_json::{Value, json};

use super::{all, does, due, made, new, record, refused, state, verdict};
use crate::support::World;
use crate::support::faults::id;

story!(an_incident_from_detection_to_review, async |w: World| {
    let (ticket, detected) = made(&w, "vera", "incident", json!({})).await;
    assert!(detected["number"].as_str().unwrap().starts_with("AQ-2026-"));
    assert_eq!((state(&detected), due(&detected, "I1").as_str()), ("detected", "2026-11-16T02:00:00.000Z"));
    assert_eq!(detected["reporter"]["id"], json!(w.as_("vera").await.id));
    assert_eq!(detected["particulars"]["evidence_frozen"], true);
    // The manager sees it at once, whoever found it; employees do not.
    assert_eq!(w.as_("cara").await.all("/tickets?scope=all&kind=incident").await.len(), 1);
    w.as_("amy").await.get(&format!("/tickets/{ticket}")).await.refused(404, "NOT_FOUND");
    w.minutes(40);
    let notified = does(&w, "vera", &ticket, "notify_client").await;
    assert_eq!((state(&notified), verdict(&notified, "I1").as_str()), ("notified", "met"));
    refused(&w, "vera", &ticket, "propose_grade", 403, "FORBIDDEN").await;
    let graded = all(&w, &ticket, &[("lena", "propose_grade"), ("cara", "agree_grade")]).await;
    assert_eq!((state(&graded), graded["particulars"]["grade"].as_str()), ("graded", Some("major")));
    assert_eq!(due(&graded, "N4"), "2026-11-16T05:00:00.000Z", "four hours from detection");
    let draft = graded["particulars"]["personal_notice_draft"].as_str().unwrap();
    for part in ["种类", "原因", "补救措施", "减轻危害", "联系方式"] {
        assert!(draft.contains(part), "{part}: {draft}");
    }
    all(&w, &ticket, &[("vera", "contain"), ("vera", "recover"), ("lena", "submit_review")]).await;
    refused(&w, "cara", &ticket, "accept_review", 409, "ACTION_NOT_ALLOWED").await;
    let decided = does(&w, "cara", &ticket, "decide_report").await;
    assert_eq!(verdict(&decided, "N4"), "met");
    let decided = does(&w, "cara", &ticket, "decide_personal_notice").await;
    assert_eq!(decided["particulars"]["personal_notice"], true);
    assert_eq!(decided["particulars"]["personal_notice_draft"], Value::Null);
    let steps = [("cara", "return_review"), ("lena", "submit_review"), ("cara", "accept_review")];
    let closed = all(&w, &ticket, &steps).await;
    assert_eq!((state(&closed), &closed["particulars"]["evidence_frozen"]), ("closed", &json!(false)));
    assert_eq!(record(&closed, "review")["state"], "accepted");
    w
});

story!(who_may_declare_and_who_may_call_off, async |w: World| {
    for (who, status) in
        [("amy", 201), ("cara", 201), ("vera", 201), ("lena", 201), ("adam", 201), ("audrey", 403)]
    {
        let answer = w.as_(who).await.post("/tickets", new("incident", json!({}))).await;
        assert_eq!(answer.status, status, "{who}: {answer}");
    }
    let (ticket, _) = made(&w, "amy", "incident", json!({})).await;
    refused(&w, "amy", &ticket, "withdraw", 409, "ACTION_NOT_ALLOWED").await;
    // Containing does not wait for the grading.
    let contained = all(&w, &ticket, &[("vera", "notify_client"), ("vera", "contain")]).await;
    assert_eq!(state(&contained), "contained");
    let graded = all(&w, &ticket, &[("lena", "propose_grade"), ("cara", "agree_grade")]).await;
    assert_eq!(state(&graded), "contained");
    let (alarm, _) = made(&w, "vera", "incident", json!({})).await;
    assert_eq!(state(&does(&w, "cara", &alarm, "withdraw").await), "withdrawn");
    w
});

story!(a_fault_is_escalated_without_losing_it, async |w: World| {
    let fault = w.accepted().await;
    let text = json!({ "action": "escalate_to_incident", "text": "日志里有别人的手机号" });
    let source = w.as_("vera").await.does(&fault, text.clone()).await;
    assert_eq!(state(&source), "in_progress", "the fault goes on");
    let link = &source["links"][0];
    assert_eq!(
        (&link["kind"], &link["relation"], &link["backwards"]),
        (&json!("incident"), &json!("incident"), &json!(false))
    );
    let incident = w.as_("cara").await.ticket(&id(link)).await;
    assert_eq!((state(&incident), &incident["description"]), ("detected", &json!("日志里有别人的手机号")));
    assert_eq!(
        (&incident["links"][0]["id"], &incident["links"][0]["backwards"]),
        (&json!(fault), &json!(true))
    );
    // The employee does not see the incident, nor that there is one.
    assert_eq!(w.as_("amy").await.ticket(&fault).await["links"], json!([]));
    // The administrator raises what they do not read, and is shown what they wrote only.
    let version = source["version"].as_i64().unwrap();
    let raised = w.as_("adam").await.act_at(&fault, version, text).await.ok();
    assert_eq!((raised["kind"].as_str(), raised["number"] == source["number"]), (Some("incident"), false));
    w
});
