//! The term is renewed by both signatures before it ends, and everything that hangs on its end follows.

use lvyue::contract::service::file::AgreementFile;
use lvyue::contract::service::register::register;
use serde_json::{Value, json};

use super::AGREEMENT;
use crate::support::{World, sql};

fn path(seen: &Value) -> String {
    format!("/contract/renewals/{}", seen["id"].as_str().unwrap())
}

fn to(day: &str) -> Value {
    json!({ "expires_on": day, "reason": "合作顺利" })
}

story!(a_term_is_renewed_by_both_signatures, async |w: World| {
    w.agreed().await;
    let (cara, lena) = (w.as_("cara").await, w.as_("lena").await);
    let early = lena.post("/contract/renewals", to("2028-11-16")).await.refused(409, "ACTION_NOT_ALLOWED");
    assert!(early["detail"].as_str().unwrap().contains("交付"), "{early}");
    w.delivered().await;
    assert_eq!(cara.get("/contract").await.ok()["expires_on"], "2027-11-16");
    for bad in ["2027-11-16", "2026-12-01", "2032-11-17", "2027-02-30", "9999-12-31", "soon"] {
        lena.post("/contract/renewals", to(bad)).await.field("expires_on");
    }
    w.as_("amy").await.post("/contract/renewals", to("2028-11-16")).await.refused(403, "FORBIDDEN");
    let seen = lena.post("/contract/renewals", to("2032-11-16")).await.created();
    assert_eq!((&seen["state"], &seen["ends_on"]), (&json!("proposed"), &json!("2027-11-16")));
    for who in [&cara, &lena] {
        who.post("/contract/renewals", to("2028-11-16")).await.refused(409, "ACTION_NOT_ALLOWED");
    }
    let pending = cara.get("/contract").await.ok()["pending"].clone();
    let mine = json!([{
        "kind": "renewal", "id": seen["id"], "title": "续签至 2032-11-16", "can_sign": true, "is_mine": true,
    }]);
    assert_eq!(pending, mine);
    assert_eq!(lena.get("/contract").await.ok()["pending"][0]["can_sign"], false);
    // Who proposed has signed; the other side declines with a reason.
    lena.acts(&path(&seen), &seen, json!({ "action": "sign" })).await.refused(409, "ACTION_NOT_ALLOWED");
    cara.acts(&path(&seen), &seen, json!({ "action": "withdraw" })).await.refused(409, "ACTION_NOT_ALLOWED");
    let no = json!({ "action": "decline", "reason": "先续一年" });
    let ended = cara.acts(&path(&seen), &seen, no).await.ok();
    assert_eq!((&ended["state"], &ended["end_reason"]), (&json!("declined"), &json!("先续一年")));
    assert_eq!(ended["allowed_actions"], json!([]));
    let seen = lena.post("/contract/renewals", to("2028-11-16")).await.created();
    let gone = lena.acts(&path(&seen), &seen, json!({ "action": "withdraw" })).await.ok();
    assert_eq!(gone["state"], "withdrawn");
    assert_eq!(cara.get("/contract").await.ok()["expires_on"], "2027-11-16", "nothing was signed by both");
    let seen = cara.post("/contract/renewals", json!({ "expires_on": "2028-11-16" })).await.created();
    lena.acts(&path(&seen), &json!({ "version": 9 }), json!({ "action": "sign" }))
        .await
        .refused(412, "VERSION_STALE");
    let signed = lena.acts(&path(&seen), &seen, json!({ "action": "sign" })).await.ok();
    assert_eq!((&signed["state"], &signed["number"]), (&json!("signed"), &json!(1)));
    let contract = lena.get("/contract").await.ok();
    assert_eq!((&contract["expires_on"], &contract["pending"]), (&json!("2028-11-16"), &json!([])));
    assert_eq!(lena.all("/contract/renewals").await.len(), 3, "nothing disappears");
    let kept = "SELECT COUNT(*) FROM ledger_entries WHERE action LIKE 'renewal.%'";
    assert_eq!(sql::number(w.db(), kept).await, 6);
    // No file takes back what both signed.
    let old = AGREEMENT.replace("[client]", "delivered_on = \"2026-11-16\"\n[client]");
    let refused = register(w.app.kit(), &old, &AgreementFile::read(&old).unwrap()).await;
    assert!(refused.is_err(), "{refused:?}");
    w
});

story!(reminders_and_the_exit_follow_the_new_end, async |w: World| {
    w.agreed().await;
    w.delivered().await;
    w.at("2027-11-01T12:00:00+08:00");
    w.looks_after().await;
    assert_eq!(sql::number(w.db(), "SELECT COUNT(*) FROM term_reminders").await, 1);
    let seen = w.as_("lena").await.post("/contract/renewals", to("2028-02-29")).await.created();
    // The last day still belongs to the term.
    w.at("2027-11-16T23:59:59+08:00");
    w.as_("cara").await.acts(&path(&seen), &seen, json!({ "action": "sign" })).await.ok();
    w.at("2027-11-17T12:00:00+08:00");
    w.looks_after().await;
    let cara = w.as_("cara").await;
    assert_eq!(cara.get("/contract").await.ok()["phase"], "maintenance");
    cara.get("/contract/exit").await.refused(404, "NOT_FOUND");
    for (day, told) in [("2027-12-01", 2), ("2028-01-30", 3), ("2028-02-22", 4), ("2028-02-29", 4)] {
        w.at(&format!("{day}T12:00:00+08:00"));
        w.looks_after().await;
        assert_eq!(sql::number(w.db(), "SELECT COUNT(*) FROM term_reminders").await, told, "{day}");
    }
    let late = w.as_("lena").await.post("/contract/renewals", to("2029-02-28")).await.created();
    w.at("2028-03-01T00:00:00+08:00");
    w.looks_after().await;
    let cara = w.as_("cara").await;
    assert_eq!(cara.get("/contract").await.ok()["phase"], "expired");
    cara.get("/contract/exit").await.ok();
    cara.acts(&path(&late), &late, json!({ "action": "sign" })).await.refused(409, "ACTION_NOT_ALLOWED");
    let decline = json!({ "action": "decline", "reason": "过期了" });
    cara.acts(&path(&late), &late, decline).await.ok();
    cara.post("/contract/renewals", to("2029-02-28")).await.refused(409, "ACTION_NOT_ALLOWED");
    w
});
