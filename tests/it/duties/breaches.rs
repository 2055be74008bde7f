//! What is asserted about a duty that was late, and what both sides say about it. Nothing disappears.

use serde_json::{Value, json};

use super::{act_at, all_warned, breach_action};
use crate::support::{Answer, Client, World, sql};

async fn does(client: &Client, breach: &Value, body: Value) -> Answer {
    act_at(client, breach["id"].as_str().unwrap(), breach["version"].as_i64().unwrap(), body).await
}

fn history(breach: &Value) -> Vec<&str> {
    let events = breach["history"].as_array().unwrap().iter();
    events.map(|e| e["event"].as_str().unwrap()).collect()
}

/// The breach of R8 on a ticket that vera accepted an hour too late.
async fn late_response(w: &World) -> Value {
    let ticket = w.submitted().await;
    w.hours(9);
    w.as_("vera").await.does(&ticket, json!({ "action": "accept", "text": "才看到" })).await;
    let all = w.as_("lena").await.all("/contract/breaches").await;
    all.into_iter().find(|b| b["record"]["id"] == json!(ticket)).unwrap()
}

story!(a_breach_is_disputed_answered_and_waived, async |w: World| {
    let breach = late_response(&w).await;
    let (lena, cara) = (w.as_("lena").await, w.as_("cara").await);
    assert_eq!(breach["allowed_actions"], json!(["dispute"]));
    assert_eq!(breach["version"], 1);
    assert_eq!(history(&breach), ["asserted"]);

    // The texts are required, bounded, and of their own action.
    does(&lena, &breach, json!({ "action": "dispute" })).await.field("reason");
    does(&lena, &breach, json!({ "action": "dispute", "reason": "  " })).await.field("reason");
    does(&lena, &breach, json!({ "action": "dispute", "reason": "字".repeat(2001) })).await.field("reason");
    does(&lena, &breach, json!({ "action": "dispute", "reason": "停电", "text": "停电" }))
        .await
        .field("text");
    does(&cara, &breach, json!({ "action": "confirm", "reason": "多写" })).await.field("reason");
    does(&cara, &breach, breach_action("dispute")).await.refused(403, "FORBIDDEN");
    does(&lena, &breach, breach_action("waive")).await.refused(403, "FORBIDDEN");
    act_at(&lena, breach["id"].as_str().unwrap(), 7, breach_action("dispute"))
        .await
        .refused(412, "VERSION_STALE");
    let early =
        does(&cara, &breach, breach_action("answer_dispute")).await.refused(409, "ACTION_NOT_ALLOWED");
    assert_eq!(early["allowed_actions"], json!(["waive", "confirm"]));

    let disputed = does(&lena, &breach, breach_action("dispute")).await.ok();
    assert_eq!((&disputed["status"], &disputed["version"]), (&json!("disputed"), &json!(2)));
    does(&lena, &breach, breach_action("dispute")).await.refused(412, "VERSION_STALE");
    does(&lena, &disputed, breach_action("dispute")).await.refused(409, "ACTION_NOT_ALLOWED");
    let told = w.as_("cara").await.all("/inbox?unread=true").await;
    let told = told.iter().find(|n| n["event"] == "breach.dispute").unwrap();
    assert_eq!((&told["about"]["kind"], &told["about"]["id"]), (&json!("breach"), &breach["id"]));
    assert!(!told["text"].as_str().unwrap().contains("停电"), "{told}");

    let answered = does(&cara, &disputed, breach_action("answer_dispute")).await.ok();
    assert_eq!(answered["status"], "disputed");
    let waived = does(&cara, &answered, breach_action("waive")).await.ok();
    assert_eq!((&waived["status"], &waived["allowed_actions"]), (&json!("waived"), &json!([])));
    does(&cara, &waived, breach_action("confirm")).await.refused(409, "ACTION_NOT_ALLOWED");

    // Both sides and the auditor read all of it, with who said it.
    for who in ["lena", "cara", "vera", "audrey"] {
        let seen =
            w.as_(who).await.get(&format!("/contract/breaches/{}", breach["id"].as_str().unwrap())).await;
        let seen = seen.ok();
        assert_eq!(history(&seen), ["asserted", "dispute", "answer_dispute", "waive"], "{who}");
        let texts: Vec<&Value> = seen["history"].as_array().unwrap().iter().map(|e| &e["text"]).collect();
        assert_eq!(texts[0], &Value::Null);
        assert_eq!((texts[1], texts[2]), (&json!("机房停电，双方都知道"), &json!("停电只有十分钟")));
        assert_eq!(seen["history"][1]["actor"]["id"], json!(lena.id));
        assert_eq!(seen["history"][0]["side"], "system");
    }
    assert_eq!(w.as_("lena").await.all("/contract/breaches?status=asserted").await, [] as [Value; 0]);
    assert_eq!(w.as_("lena").await.all("/contract/breaches?status=waived&side=vendor").await.len(), 1);
    assert_eq!(w.as_("lena").await.all("/contract/breaches?side=client").await, [] as [Value; 0]);
    lena.get("/contract/breaches?status=late").await.field("status");
    lena.get("/contract/breaches?side=both").await.field("side");

    // Sealed where it lies, and each step in the ledger.
    let sealed =
        sql::rows(w.db(), "SELECT text_sealed FROM breach_events WHERE text_sealed IS NOT NULL").await;
    assert_eq!(sealed.len(), 3);
    for row in sealed {
        let bytes: Vec<u8> = row.try_get("", "text_sealed").unwrap();
        assert!(!bytes.windows(6).any(|w| w == "停电".as_bytes()));
    }
    let entries = "SELECT COUNT(*) FROM breach_events e JOIN ledger_entries l ON l.id = e.ledger_id \
                   WHERE l.object_id = e.breach_id AND l.action = 'breach.' || e.event";
    assert_eq!(sql::number(w.db(), entries).await, 4);
    w
});

story!(a_breach_that_goes_on_is_corrected_and_stays, async |w: World| {
    let ticket = w.submitted().await;
    w.hours(10);
    all_warned(&w).await;
    let lena = w.as_("lena").await;
    let open = lena.all("/contract/breaches").await.remove(0);
    assert_eq!((&open["ended_at"], &open["late_seconds"]), (&Value::Null, &json!(7200)));
    does(&lena, &open, breach_action("dispute")).await.ok();

    w.hours(1);
    w.as_("vera").await.does(&ticket, json!({ "action": "accept", "text": "才看到" })).await;
    let ended = w.as_("lena").await.all("/contract/breaches").await.remove(0);
    assert_eq!(history(&ended), ["asserted", "dispute", "corrected"]);
    assert_eq!((&ended["status"], &ended["late_seconds"]), (&json!("disputed"), &json!(10_800)));
    assert_eq!(ended["ended_at"], json!(w.clock.now()));
    let facts: Vec<&Value> = ended["history"].as_array().unwrap().iter().map(|e| &e["ended_at"]).collect();
    assert_eq!(facts, [&Value::Null, &Value::Null, &json!(w.clock.now())], "what was said then stays");
    // Neither by ordinary means.
    for attempt in
        ["UPDATE breach_events SET event = 'waive'", "DELETE FROM breach_events", "DELETE FROM breaches"]
    {
        assert!(sql::execute(w.db(), attempt).await.is_err(), "{attempt}");
    }
    w
});
