//! The accepted delivery begins the year; maintenance has its rhythm; the end is announced, and worked off.

use crate::support::{Client, World, sql};
use serde_json::{Value, json};

const DIGEST: &str = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

fn item(item: &str, name: &str) -> Value {
    json!({ "item": item, "name": name, "ip_label": "client", "sha256": DIGEST })
}

/// The least that a delivery must hold.
pub fn package() -> Value {
    json!({ "items": [item("user_manual", "使用手册"), item("test_report", "测试报告")] })
}

fn path(seen: &Value) -> String {
    format!("/contract/deliveries/{}", seen["id"].as_str().unwrap())
}

impl World {
    /// A whole delivery, accepted and signed by both today.
    pub async fn delivered(&self) {
        let (cara, lena) = (self.as_("cara").await, self.as_("lena").await);
        let mut seen = lena.post("/contract/deliveries", package()).await.created();
        let at = path(&seen);
        for number in [1, 2] {
            let accept = json!({ "action": "accept_item", "number": number });
            seen = cara.acts(&at, &seen, accept).await.ok();
        }
        for who in [cara, lena] {
            seen = who.acts(&at, &seen, json!({ "action": "sign" })).await.ok();
        }
        assert_eq!(seen["state"], "accepted");
    }

    async fn owed(&self, code: &str) -> Vec<Value> {
        let owed = self.as_("cara").await.all("/contract/obligations?side=vendor").await;
        owed.into_iter().filter(|o| o["code"] == code).collect()
    }
}

story!(the_accepted_delivery_begins_the_term, async |w: World| {
    w.agreed().await;
    let (cara, lena) = (w.as_("cara").await, w.as_("lena").await);
    let file = lena.upload("手册.png", "image/png", &crate::attachments::png(4, 4)).await.created();
    let mut manual = item("user_manual", "使用手册");
    manual["attachment_id"] = file["id"].clone();
    manual["sha256"] = Value::Null;
    let post = async |items: Value| lena.post("/contract/deliveries", json!({ "items": items })).await;
    post(json!([manual])).await.field("items");
    let mut bare = item("test_report", "测试报告");
    bare["sha256"] = Value::Null;
    post(json!([manual, bare])).await.field("items[1].attachment_id");
    post(json!([manual, item("certificate", "证明"), item("test_report", "报告")]))
        .await
        .field("items[1].item");
    let items = json!([manual, item("test_report", "测试报告"), item("source_code", "源代码")]);
    cara.post("/contract/deliveries", json!({ "items": items })).await.refused(403, "FORBIDDEN");
    let seen = post(items.clone()).await.created();
    post(items).await.refused(409, "ACTION_NOT_ALLOWED");
    assert_eq!(seen["items"][0]["attachment"]["id"], file["id"]);
    let at = path(&seen);
    let seen = cara.acts(&at, &seen, json!({ "action": "accept_item", "number": 1 })).await.ok();
    let reject = json!({ "action": "reject_item", "number": 2, "reason": "缺性能测试" });
    let seen = cara.acts(&at, &seen, reject.clone()).await.ok();
    cara.acts(&at, &seen, reject).await.field("number");
    let seen = cara.acts(&at, &seen, json!({ "action": "accept_item", "number": 3 })).await.ok();
    assert_eq!(seen["state"], "returned");
    cara.acts(&at, &seen, json!({ "action": "sign" })).await.refused(409, "ACTION_NOT_ALLOWED");
    let again = json!({ "action": "resubmit", "number": 2, "sha256": DIGEST, "ip_label": "vendor_licensed" });
    let seen = lena.acts(&at, &seen, again).await.ok();
    let rounds: Vec<_> = seen["items"].as_array().unwrap().iter().filter(|i| i["number"] == 2).collect();
    assert_eq!((rounds.len(), &rounds[0]["reason"]), (2, &json!("缺性能测试")), "what was said stays");
    assert_eq!(rounds[1]["ip_label"], "vendor_licensed");
    let seen = cara.acts(&at, &seen, json!({ "action": "accept_item", "number": 2 })).await.ok();
    let seen = lena.acts(&at, &seen, json!({ "action": "sign" })).await.ok();
    assert_eq!(cara.get("/contract").await.ok()["delivered_on"], Value::Null);
    lena.acts(&at, &seen, json!({ "action": "sign" })).await.refused(409, "ACTION_NOT_ALLOWED");
    let seen = cara.acts(&at, &seen, json!({ "action": "sign" })).await.ok();
    assert_eq!(seen["allowed_actions"], json!([]));
    let contract = cara.get("/contract").await.ok();
    assert_eq!(contract["delivered_on"], "2026-11-16");
    assert_eq!(contract["expires_on"], "2027-11-16");
    assert_eq!(contract["phase"], "maintenance");
    w
});

story!(a_missed_rhythm_is_owed_until_it_is_made_good, async |w: World| {
    w.agreed().await;
    w.delivered().await;
    w.looks_after().await;
    assert!(w.owed("M").await.is_empty());
    let vera = w.as_("vera").await;
    let backup = |at| json!({ "kind": "backup", "performed_at": at, "result": "ok", "note": "全量备份" });
    let mut drill = backup(w.clock.now());
    drill["kind"] = json!("restore_drill");
    vera.post("/contract/maintenance", drill.clone()).await.field("restore_minutes");
    drill["restore_minutes"] = json!(42);
    vera.post("/contract/maintenance", drill.clone()).await.field("data_point");
    drill["data_point"] = json!(w.clock.now().plus_seconds(-3600));
    let kept = vera.post("/contract/maintenance", drill).await.created();
    assert_eq!((&kept["restore_minutes"], &kept["note"]), (&json!(42), &json!("全量备份")));
    vera.post("/contract/maintenance", backup(w.clock.now().plus_seconds(3600))).await.field("performed_at");
    w.as_("amy").await.post("/contract/maintenance", backup(w.clock.now())).await.refused(403, "FORBIDDEN");
    // Yesterday's rhythm ends with today: a backup is due by the end of the day after the delivery.
    w.at("2026-11-17T23:59:00+08:00");
    w.looks_after().await;
    assert!(w.owed("M").await.is_empty());
    w.at("2026-11-18T00:00:30+08:00");
    w.looks_after().await;
    w.looks_after().await;
    let owed = w.owed("M").await;
    assert_eq!(owed.len(), 1, "{owed:?}");
    assert_eq!((&owed[0]["clause"], &owed[0]["stopped_at"]), (&json!("4.1.1"), &Value::Null));
    assert_eq!(w.told("maintenance.missed").await, 2);
    let mut failed = backup(w.clock.now());
    failed["result"] = json!("failed");
    w.as_("vera").await.post("/contract/maintenance", failed).await.created();
    assert_eq!(w.owed("M").await[0]["stopped_at"], Value::Null, "what failed keeps no rhythm");
    w.as_("vera").await.post("/contract/maintenance", backup(w.clock.now())).await.created();
    let owed = w.owed("M").await;
    assert_eq!(owed[0]["stopped_at"], json!(w.clock.now()), "{owed:?}");
    let fee = w.as_("lena").await.get("/contract/fee-preview?month=2026-11").await.ok();
    assert_eq!(fee["confirmed"]["deduction_cents"], 0);
    assert_eq!(fee["with_asserted"]["lines"][0]["code"], "M", "{fee}");
    assert_eq!(fee["with_asserted"]["deduction_cents"], 10_000);
    w.as_("lena").await.get("/contract/fee-preview?month=2026-13").await.field("month");
    w
});

story!(the_end_is_announced_three_times_and_worked_off, async |w: World| {
    w.agreed().await;
    w.delivered().await;
    w.as_("cara").await.get("/contract/exit").await.refused(404, "NOT_FOUND");
    for (day, told) in [
        ("2027-08-17", 0),
        ("2027-08-18", 1),
        ("2027-09-01", 1),
        ("2027-10-17", 2),
        ("2027-11-09", 3),
        ("2027-11-16", 3),
    ] {
        w.at(&format!("{day}T12:00:00+08:00"));
        w.looks_after().await;
        w.looks_after().await;
        assert_eq!(sql::number(w.db(), "SELECT COUNT(*) FROM term_reminders").await, told, "{day}");
    }
    // Manager, lead and administrator, once each.
    assert_eq!(w.told("term.reminder").await, 9);
    assert_eq!(w.as_("cara").await.get("/contract").await.ok()["phase"], "maintenance");
    w.at("2027-11-17T00:00:00+08:00");
    w.looks_after().await;
    w.looks_after().await;
    let (cara, lena) = (w.as_("cara").await, w.as_("lena").await);
    assert_eq!(cara.get("/contract").await.ok()["phase"], "expired");
    let mut seen = cara.get("/contract/exit").await.ok();
    let items: Vec<_> = seen["items"].as_array().unwrap().iter().map(|i| i["item"].clone()).collect();
    assert_eq!(items, ["revoke_accounts", "return_export", "destroy_keys", "certificate"]);
    let act = async |who: &Client, seen: &Value, body: Value| who.acts("/contract/exit", seen, body).await;
    act(&cara, &seen, json!({ "action": "confirm", "number": 1 })).await.refused(409, "ACTION_NOT_ALLOWED");
    let done =
        |number: i32| json!({ "action": "done", "number": number, "note": "已完成", "sha256": DIGEST });
    seen = act(&lena, &seen, done(1)).await.ok();
    let back = json!({ "action": "return", "number": 1, "reason": "还有一个账号" });
    seen = act(&cara, &seen, back).await.ok();
    for number in 1..=4 {
        seen = act(&lena, &seen, done(number)).await.ok();
        assert_eq!(seen["state"], "open");
        seen = act(&cara, &seen, json!({ "action": "confirm", "number": number })).await.ok();
    }
    assert_eq!(seen["state"], "accepted");
    assert_eq!(seen["items"].as_array().unwrap().len(), 5, "the returned round stays");
    assert_eq!(seen["allowed_actions"], json!([]));
    w
});
