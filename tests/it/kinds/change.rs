//! 变更: draft, notice, contact, reply with its three assessments, decision, work, acceptance.

use serde_json::{Value, json};

use super::{all, does, due, made, new, reached, record, refused, state, verdict};
use crate::support::World;

async fn drafted(w: &World, wished_on: &str) -> String {
    made(w, "amy", "change", json!({ "wished_on": wished_on })).await.0
}

story!(a_change_from_draft_to_acceptance, async |w: World| {
    let (id, draft) = made(&w, "amy", "change", json!({ "wished_on": "2026-12-07" })).await;
    assert!(draft["number"].as_str().unwrap().starts_with("BG-2026-"), "{draft}");
    assert_eq!((state(&draft), &draft["clocks"]), ("draft", &json!([])));
    assert_eq!(draft["particulars"]["earliest_on"], "2026-11-23", "the fifth working day");
    assert_eq!(draft["severity"], Value::Null);
    let digest = draft["receipt"]["digest"].clone();
    // A draft is the client's own affair.
    for vendor in ["vera", "lena"] {
        let client = w.as_(vendor).await;
        client.get(&format!("/tickets/{id}")).await.refused(404, "NOT_FOUND");
        for scope in ["queue", "all"] {
            assert_eq!(client.all(&format!("/tickets?scope={scope}")).await, Vec::<Value>::new(), "{vendor}");
        }
    }
    let edited = w.as_("amy").await;
    let edited = edited.does(&id, json!({ "action": "edit_notice", "title": "审批页加一列金额" })).await;
    assert_eq!((&edited["title"], &edited["receipt"]["digest"]), (&json!("审批页加一列金额"), &digest));
    refused(&w, "amy", &id, "issue", 403, "FORBIDDEN").await;
    all(&w, &id, &[("amy", "submit_for_issue"), ("cara", "return_draft"), ("amy", "submit_for_issue")]).await;

    let issued = does(&w, "cara", &id, "issue").await;
    assert_eq!((state(&issued), reached(&issued)), ("issued", "issued"));
    assert_eq!(due(&issued, "A3"), "2026-11-19T10:00:00.000Z", "three working days, close of business");
    let notice = record(&issued, "notice");
    assert_eq!((&notice["number"], &notice["state"]), (&json!(1), &json!("signed")));
    assert_eq!(notice["body"]["title"], "审批页加一列金额");
    assert_eq!(notice["client_signed"]["by"]["id"], json!(w.as_("cara").await.id));
    refused(&w, "amy", &id, "edit_notice", 409, "ACTION_NOT_ALLOWED").await;

    // A reply needs a contact first, and the signature of the lead.
    let early = refused(&w, "lena", &id, "reply", 409, "ACTION_NOT_ALLOWED").await;
    assert!(early["allowed_actions"].as_array().unwrap().contains(&json!("log_contact")), "{early}");
    does(&w, "vera", &id, "log_contact").await;
    let drafted = does(&w, "vera", &id, "draft_reply").await;
    assert_eq!(record(&drafted, "reply")["state"], "draft");
    assert_eq!(verdict(&drafted, "A3"), "running", "a draft is no reply");
    for client in ["amy", "cara", "audrey"] {
        let seen = w.as_(client).await.ticket(&id).await;
        let drafts = seen["records"].as_array().unwrap().iter().filter(|r| r["type"] == "reply").count();
        assert_eq!(drafts, 0, "{client} sees what the vendor drafts");
        let timeline = w.as_(client).await.all(&format!("/tickets/{id}/timeline")).await;
        assert!(timeline.iter().all(|e| e["event"] != "draft_reply"), "{timeline:?}");
    }
    refused(&w, "vera", &id, "reply", 403, "FORBIDDEN").await;
    w.hours(30);
    let replied = does(&w, "lena", &id, "reply").await;
    assert_eq!((state(&replied), verdict(&replied, "A3").as_str()), ("replied", "met"));
    assert_eq!(record(&replied, "reply")["body"]["quality"], "不受影响");
    assert_eq!(replied["particulars"]["decision"], "accept");
    let approved = does(&w, "cara", &id, "approve").await;
    assert_eq!(state(&approved), "scheduled");
    assert!(record(&approved, "reply")["client_signed"].is_object(), "{approved}");

    refused(&w, "vera", &id, "start_work", 409, "ACTION_NOT_ALLOWED").await;
    let planned = all(&w, &id, &[("lena", "schedule_change"), ("vera", "start_work")]).await;
    assert_eq!(planned["particulars"]["planned_on"], "2026-12-25");
    let handed = all(
        &w,
        &id,
        &[
            ("vera", "submit_for_acceptance"),
            ("cara", "reject_acceptance"),
            ("vera", "submit_for_acceptance"),
        ],
    )
    .await;
    assert_eq!(state(&handed), "awaiting_acceptance");
    assert_eq!(verdict(&handed, "C"), "running", "accepting is the client's duty");
    refused(&w, "amy", &id, "accept_change", 403, "FORBIDDEN").await;
    let closed = does(&w, "cara", &id, "accept_change").await;
    assert_eq!((state(&closed), closed["rating"].as_i64(), reached(&closed)), ("closed", Some(5), "closed"));
    assert_eq!(record(&closed, "acceptance")["state"], "accepted");
    refused(&w, "cara", &id, "reopen", 409, "ACTION_NOT_ALLOWED").await;
    w
});

story!(the_lead_time_is_five_working_days, async |w: World| {
    let short = drafted(&w, "2026-11-20").await;
    let answer = refused(&w, "cara", &short, "issue", 422, "LEAD_TIME_SHORT").await;
    assert_eq!(answer["earliest_on"], "2026-11-23");
    let cara = w.as_("cara").await;
    let issued = cara.does(&short, json!({ "action": "issue", "accept_short": true })).await;
    assert_eq!((state(&issued), &issued["particulars"]["lead_time_waived"]), ("issued", &json!(false)));
    let waived = does(&w, "lena", &short, "waive_lead_time").await;
    assert_eq!(waived["particulars"]["lead_time_waived"], true);
    refused(&w, "lena", &short, "waive_lead_time", 409, "ACTION_NOT_ALLOWED").await;
    let exact = drafted(&w, "2026-11-23").await;
    assert_eq!(state(&does(&w, "cara", &exact, "issue").await), "issued");
    for wrong in ["2026-11-16", "2026-02-30", "2028-01-01"] {
        let body = new("change", json!({ "wished_on": wrong }));
        w.as_("amy").await.post("/tickets", body).await.field("wished_on");
    }
    w.as_("amy").await.post("/tickets", new("change", json!({}))).await.field("wished_on");
    let body = new("fault", json!({ "wished_on": "2026-12-07" }));
    w.as_("amy").await.post("/tickets", body).await.field("wished_on");
    w
});

story!(a_new_version_asks_for_a_new_reply, async |w: World| {
    let id = drafted(&w, "2026-12-07").await;
    all(&w, &id, &[("cara", "issue"), ("vera", "log_contact"), ("lena", "reply")]).await;
    w.hours(24);
    let again = does(&w, "cara", &id, "reconsider").await;
    assert_eq!(state(&again), "issued");
    assert_eq!(record(&again, "notice")["number"], 2);
    assert_eq!(record(&again, "reply")["state"], "superseded");
    assert_eq!(
        (&again["particulars"]["decision"], verdict(&again, "A3").as_str()),
        (&Value::Null, "running")
    );
    assert_eq!(due(&again, "A3"), "2026-11-20T10:00:00.000Z");
    w.hours(24);
    let edited = w.as_("cara").await;
    let edited = edited.does(&id, json!({ "action": "edit_notice", "wished_on": "2026-12-14" })).await;
    assert_eq!((&record(&edited, "notice")["number"], state(&edited)), (&json!(3), "issued"));
    assert_eq!(record(&edited, "notice")["body"]["wished_on"], "2026-12-14");
    assert_eq!(due(&edited, "A3"), "2026-11-23T10:00:00.000Z");
    let decline = json!({
        "action": "reply", "schedule": "做不到", "cost": "太高", "quality": "有风险", "decision": "decline",
    });
    does(&w, "vera", &id, "log_contact").await;
    let declined = w.as_("lena").await.does(&id, decline).await;
    refused(&w, "cara", &id, "approve", 409, "ACTION_NOT_ALLOWED").await;
    assert_eq!(declined["particulars"]["decision"], "decline");
    let withdrawn = does(&w, "cara", &id, "withdraw").await;
    assert_eq!((state(&withdrawn), reached(&withdrawn)), ("withdrawn", "withdrawn"));
    w
});
