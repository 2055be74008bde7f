//! 质量问题: five working days to a repair that the client has verified; disputes and findings.

use serde_json::{Value, json};

use super::{all, does, due, made, record, refused, state, verdict};
use crate::support::World;

async fn notified(w: &World) -> String {
    made(w, "cara", "quality", json!({ "severity": "major" })).await.0
}

story!(a_proposal_becomes_a_notice_when_the_manager_confirms, async |w: World| {
    let (id, proposed) = made(&w, "amy", "quality", json!({})).await;
    assert_eq!((state(&proposed), &proposed["clocks"]), ("proposed", &json!([])));
    w.as_("lena").await.get(&format!("/tickets/{id}")).await.refused(404, "NOT_FOUND");
    refused(&w, "amy", &id, "confirm_notice", 403, "FORBIDDEN").await;
    w.hours(24);
    let notified = does(&w, "cara", &id, "confirm_notice").await;
    assert_eq!((state(&notified), due(&notified, "Q5").as_str()), ("notified", "2026-11-24T10:00:00.000Z"));
    let (_, direct) = made(&w, "cara", "quality", json!({})).await;
    assert_eq!((state(&direct), direct["severity"].as_str()), ("notified", Some("major")));
    w
});

story!(a_repair_counts_when_it_is_verified, async |w: World| {
    let id = notified(&w).await;
    let repairing = does(&w, "vera", &id, "acknowledge").await;
    assert_eq!(
        (state(&repairing), due(&repairing, "Q5").as_str()),
        ("repairing", "2026-11-23T10:00:00.000Z")
    );
    let vera = w.as_("vera").await;
    vera.act_now(&id, json!({ "action": "mark_repaired" })).await.field("text");
    w.hours(24);
    let repaired = does(&w, "vera", &id, "mark_repaired").await;
    assert_eq!((state(&repaired), verdict(&repaired, "Q5").as_str()), ("repaired", "met"));
    refused(&w, "vera", &id, "pass_verification", 403, "FORBIDDEN").await;
    // A failed verification resumes the same clock; the time of waiting for it does not count.
    w.hours(24);
    let failed = does(&w, "cara", &id, "fail_verification").await;
    assert_eq!((state(&failed), verdict(&failed, "Q5").as_str()), ("repairing", "running"));
    does(&w, "vera", &id, "mark_repaired").await;
    let closed = does(&w, "cara", &id, "pass_verification").await;
    assert_eq!((state(&closed), verdict(&closed, "Q5").as_str()), ("closed", "met"));
    let reopened = does(&w, "cara", &id, "reopen").await;
    assert_eq!((state(&reopened), reopened["cycle"].as_i64()), ("notified", Some(2)));
    w
});

story!(a_dispute_stops_nothing_and_a_finding_needs_both, async |w: World| {
    let id = notified(&w).await;
    refused(&w, "vera", &id, "dispute", 403, "FORBIDDEN").await;
    let disputed = does(&w, "lena", &id, "dispute").await;
    assert_eq!((state(&disputed), verdict(&disputed, "Q5").as_str()), ("disputed", "running"));
    refused(&w, "cara", &id, "agree_finding", 409, "ACTION_NOT_ALLOWED").await;
    let none = json!({ "action": "propose_finding", "valid": false, "text": "是第三方插件的问题" });
    let proposed = w.as_("lena").await.does(&id, none).await;
    assert_eq!(proposed["particulars"]["proposed_finding"], false);
    let agreed = does(&w, "cara", &id, "agree_finding").await;
    assert_eq!((state(&agreed), verdict(&agreed, "Q5").as_str()), ("closed", "void"));
    let finding = record(&agreed, "finding");
    assert!(finding["vendor_signed"].is_object() && finding["client_signed"].is_object(), "{finding}");

    let id = notified(&w).await;
    let valid =
        all(&w, &id, &[("lena", "dispute"), ("lena", "propose_finding"), ("cara", "agree_finding")]).await;
    assert_eq!((state(&valid), verdict(&valid, "Q5").as_str()), ("repairing", "running"));
    assert_eq!(valid["particulars"]["proposed_finding"], Value::Null);
    w
});

story!(a_fault_becomes_a_defect_when_both_agree, async |w: World| {
    let fault = w.submitted().await;
    w.hours(2);
    refused(&w, "vera", &fault, "reclassify", 403, "FORBIDDEN").await;
    let same = json!({ "action": "reclassify", "kind": "fault", "reason": "一样" });
    w.as_("lena").await.act_now(&fault, same).await.field("kind");
    let incident = json!({ "action": "reclassify", "kind": "incident", "reason": "不行" });
    w.as_("lena").await.act_now(&fault, incident).await.field("kind");
    let proposed = does(&w, "lena", &fault, "reclassify").await;
    assert_eq!(proposed["particulars"]["proposed_kind"], "quality");
    refused(&w, "lena", &fault, "reclassify", 409, "ACTION_NOT_ALLOWED").await;
    refused(&w, "amy", &fault, "agree_reclassify", 403, "FORBIDDEN").await;
    let refusal = does(&w, "cara", &fault, "refuse_reclassify").await;
    assert_eq!((&refusal["kind"], &refusal["particulars"]["proposed_kind"]), (&json!("fault"), &Value::Null));
    does(&w, "lena", &fault, "reclassify").await;
    let quality = does(&w, "cara", &fault, "agree_reclassify").await;
    assert_eq!((quality["kind"].as_str(), state(&quality)), (Some("quality"), "notified"));
    assert_eq!(quality["number"], proposed["number"], "a number is for ever");
    assert_eq!(verdict(&quality, "R8"), "void");
    // From when it was received, not from when it was renamed.
    assert_eq!(due(&quality, "Q5"), "2026-11-23T10:00:00.000Z");
    w
});
