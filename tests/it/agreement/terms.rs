//! Parameters change with two signatures, a minute later, and move what runs exactly as foreseen; milestones.

use super::{AGREEMENT, Registered};
use crate::support::{World, sql};
use serde_json::{Value, json};

fn path(seen: &Value) -> String {
    format!("/contract/parameters/{}", seen["id"].as_str().unwrap())
}

fn value<'a>(contract: &'a Value, code: &str) -> &'a Value {
    let values = contract["parameters"]["values"].as_array().unwrap();
    &values.iter().find(|v| v["code"] == code).unwrap()["value"]
}

story!(before_it_is_set_up_the_defaults_hold, async |w: World| {
    let cara = w.as_("cara").await;
    let contract = cara.get("/contract").await.ok();
    assert_eq!((&contract["set_up"], &contract["number"]), (&json!(false), &Value::Null));
    assert_eq!(contract["parameters"]["version"], 0);
    assert_eq!(value(&contract, "P4"), "natural");
    assert_eq!(contract["flaws"].as_array().unwrap().len(), 6);
    cara.get("/contract/milestones").await.refused(409, "NOT_SET_UP");
    cara.post("/contract/parameters", json!({ "changes": { "P9": 3 }, "reason": "试试" }))
        .await
        .refused(409, "NOT_SET_UP");
    w
});

story!(init_is_safe_to_repeat_and_rewrites_nothing, async |w: World| {
    w.agreed().await;
    let contract = w.as_("cara").await.get("/contract").await.ok();
    assert_eq!(contract["client"]["name"], "甲方公司");
    assert_eq!((&contract["phase"], &contract["signed_on"]), (&json!("development"), &json!("2026-11-13")));
    assert_eq!(contract["parameters"]["version"], 1);
    assert!(!contract.to_string().contains("魏安全"), "{contract}");
    assert_eq!(w.init(AGREEMENT).await.unwrap(), Registered::Unchanged);
    let renamed = AGREEMENT.replace("乙方公司", "乙方股份公司");
    assert_eq!(w.init(&renamed).await.unwrap(), Registered::Corrected);
    for (from, to, field) in [
        ("P9 = \"5 working days\"", "P9 = \"6 working days\"", "parameters"),
        ("魏安全", "韦安全", "parameters"),
        ("2026-11-13", "2026-11-12", "signed_on"),
        ("LY-2026-07", "LY-2026-08", "number"),
    ] {
        let refused = w.init(&AGREEMENT.replace(from, to)).await.unwrap_err();
        assert_eq!(refused.fields()[0].field, field);
    }
    assert_eq!(sql::number(w.db(), "SELECT COUNT(*) FROM contract_records").await, 3);
    w
});

story!(a_parameter_set_needs_both_and_a_minute, async |w: World| {
    w.agreed().await;
    let (cara, lena) = (w.as_("cara").await, w.as_("lena").await);
    let change = json!({ "changes": { "P10": "20 natural days" }, "reason": "重开的时间不够" });
    for who in ["amy", "vera", "audrey", "adam"] {
        w.as_(who).await.post("/contract/parameters", change.clone()).await.refused(403, "FORBIDDEN");
    }
    for (bad, field) in [
        (json!({ "P99": 1 }), "changes.P99"),
        (json!({ "P9": 99 }), "changes.P9"),
        (json!({ "P10": "14 natural days" }), "changes"),
        (json!({}), "changes"),
    ] {
        cara.post("/contract/parameters", json!({ "changes": bad, "reason": "试试" })).await.field(field);
    }
    let seen = cara.post("/contract/parameters", change.clone()).await.created();
    let pending = |who: &str, mine: bool| {
        (
            who.to_owned(),
            json!([{
                "kind": "parameters", "id": seen["id"], "title": "附件参数 P10", "can_sign": mine, "is_mine": mine,
            }]),
        )
    };
    for (who, expected) in [pending("cara", false), pending("lena", true), pending("audrey", false)] {
        assert_eq!(w.as_(&who).await.get("/contract").await.ok()["pending"], expected, "{who}");
    }
    assert_eq!(seen["state"], "proposed");
    assert_eq!(seen["changes"][0]["code"], "P10");
    assert_eq!(seen["changes"][0]["after"], "20 natural days");
    assert_eq!(seen["allowed_actions"], json!(["withdraw"]));
    let other = lena.post("/contract/parameters", json!({ "changes": { "P9": 3 }, "reason": "快些" }));
    let other = other.await.created();
    let refused = cara.acts(&path(&seen), &seen, json!({ "action": "sign" })).await;
    assert_eq!(refused.refused(409, "ACTION_NOT_ALLOWED")["allowed_actions"], json!(["withdraw"]));
    lena.acts(&path(&seen), &json!({ "version": 9 }), json!({ "action": "sign" }))
        .await
        .refused(412, "VERSION_STALE");
    lena.acts(&path(&seen), &seen, json!({ "action": "decline" })).await.field("reason");
    let signed = lena.acts(&path(&seen), &seen, json!({ "action": "sign" })).await.ok();
    assert_eq!((&signed["state"], &signed["number"]), (&json!("signed"), &json!(2)));
    let effect = w.clock.now().plus_seconds(60);
    assert_eq!(signed["effective_from"], json!(effect));
    assert_eq!(cara.get("/contract").await.ok()["parameters"]["version"], 1);
    // Written against the set that is no longer the newest.
    cara.acts(&path(&other), &other, json!({ "action": "sign" })).await.refused(409, "PROPOSAL_STALE");
    let declined = json!({ "action": "decline", "reason": "已有新版本" });
    let declined = cara.acts(&path(&other), &other, declined).await.ok();
    assert_eq!((&declined["state"], &declined["end_reason"]), (&json!("declined"), &json!("已有新版本")));
    w.clock.set(effect.plus_millis(-1));
    assert_eq!(w.as_("cara").await.get("/contract").await.ok()["parameters"]["version"], 1);
    w.clock.set(effect);
    let contract = w.as_("cara").await.get("/contract").await.ok();
    assert_eq!(contract["parameters"]["version"], 2);
    assert_eq!(value(&contract, "P10"), "20 natural days");
    assert_eq!(contract["parameters"]["effective_from"], json!(effect));
    // Who is named in P11 stays named although nobody wrote it again.
    let versions = w.as_("lena").await.get("/contract/parameters").await.ok();
    let second = versions["items"].as_array().unwrap().iter().find(|v| v["number"] == 2).unwrap();
    assert_eq!(second["people_changed"], false);
    w
});

story!(an_agreement_that_comes_late_counts_from_now_on, async |w: World| {
    w.submitted().await;
    w.init(AGREEMENT).await.unwrap();
    let cara = w.as_("cara").await;
    assert_eq!(cara.get("/contract").await.ok()["parameters"]["version"], 0);
    w.minutes(1);
    let contract = cara.get("/contract").await.ok();
    assert_eq!(contract["parameters"]["version"], 1);
    assert_eq!(contract["parameters"]["effective_from"], json!(w.clock.now()));
    w
});

story!(what_was_due_before_the_system_knew_of_it_is_no_breach, async |w: World| {
    w.init(&AGREEMENT.replace("2026-11-13", "2026-10-20")).await.unwrap();
    w.minutes(1);
    // 15 days ended on 4 November, 30 days end on Thursday 19 November.
    assert_eq!(w.milestone("requirement_doc").await["clock"], Value::Null);
    assert_eq!(w.milestone("first_report").await["clock"]["due_at"], "2026-11-19T10:00:00.000Z");
    w
});

story!(running_deadlines_move_as_previewed_and_ended_ones_stay, async |w: World| {
    w.agreed().await;
    let (doc, report) = (w.milestone("requirement_doc").await, w.milestone("first_report").await);
    // Signed on a Friday: 15 days end on Saturday 28 November, 30 on Sunday 13 December; both roll (P8).
    assert_eq!(doc["clock"]["due_at"], "2026-11-30T10:00:00.000Z");
    assert_eq!(report["clock"]["due_at"], "2026-12-14T10:00:00.000Z");
    let (cara, lena) = (w.as_("cara").await, w.as_("lena").await);
    let doc_path = format!("/contract/milestones/{}", doc["id"].as_str().unwrap());
    let file = lena.upload("a.png", "image/png", &crate::attachments::png(3, 3)).await.created();
    let foreign = json!({ "action": "submit", "text": "需求", "attachment_ids": [file["id"]] });
    cara.acts(&doc_path, &doc, foreign).await.refused(422, "ATTACHMENT_NOT_USABLE");
    let file = cara.upload("a.png", "image/png", &crate::attachments::png(3, 3)).await.created();
    let submit =
        json!({ "action": "submit", "text": "功能、界面与技术要求", "attachment_ids": [file["id"]] });
    lena.acts(&doc_path, &doc, submit.clone()).await.refused(409, "ACTION_NOT_ALLOWED");
    let doc = cara.acts(&doc_path, &doc, submit).await.ok();
    assert_eq!(doc["clock"]["verdict"], "met");
    assert_eq!(doc["versions"][0]["attachments"][0]["id"], file["id"]);
    let file_path = format!("/attachments/{}", file["id"].as_str().unwrap());
    assert_eq!(w.as_("vera").await.get(&file_path).await.status, 200);
    assert_eq!(w.as_("audrey").await.get(&file_path).await.status, 200);
    assert_eq!(w.as_("amy").await.get(&file_path).await.status, 404);
    let back = json!({ "action": "return", "reason": "缺技术要求" });
    let doc = lena.acts(&doc_path, &doc, back).await.ok();
    assert_eq!((&doc["state"], &doc["versions"][0]["reason"]), (&json!("returned"), &json!("缺技术要求")));
    assert_eq!(doc["clock"]["verdict"], "met", "that it was returned takes nothing back");

    let proposed = json!({ "changes": { "P8": "no" }, "reason": "周末不顺延" });
    let seen = lena.post("/contract/parameters", proposed).await.created();
    let moved = seen["moved"].as_array().unwrap();
    assert_eq!((moved.len(), &seen["moved_total"]), (1, &json!(1)), "{seen}");
    assert_eq!(moved[0]["code"], "D30");
    assert_eq!(moved[0]["number"], report["number"]);
    assert_eq!(moved[0]["from"], report["clock"]["due_at"]);
    cara.acts(&path(&seen), &seen, json!({ "action": "sign" })).await.ok();
    w.looks_after().await;
    assert_eq!(w.milestone("first_report").await["clock"]["due_at"], report["clock"]["due_at"]);
    w.minutes(1);
    w.looks_after().await;
    w.looks_after().await;
    let after = w.milestone("first_report").await;
    assert_eq!(after["clock"]["due_at"], moved[0]["to"]);
    // A Sunday without hours ends at midnight.
    assert_eq!(after["clock"]["due_at"], "2026-12-13T16:00:00.000Z");
    assert_eq!(w.milestone("requirement_doc").await["clock"]["due_at"], "2026-11-30T10:00:00.000Z");
    let owed = w.as_("cara").await.all("/contract/obligations?side=vendor").await;
    let d30 = owed.iter().find(|o| o["code"] == "D30").unwrap();
    assert_eq!(d30["due_at"], moved[0]["to"], "{d30}");
    // One notice for cara, one for lena.
    assert_eq!(w.told("contract_record.due_moved").await, 2);
    w
});

story!(plan_on_demand_and_stage_inspections, async |w: World| {
    w.agreed().await;
    let (cara, lena) = (w.as_("cara").await, w.as_("lena").await);
    let plan = w.milestone("dev_plan").await;
    assert_eq!(plan["clock"], Value::Null);
    let at = format!("/contract/milestones/{}", plan["id"].as_str().unwrap());
    let due = w.clock.now().plus_seconds(5 * 86_400);
    let demand = |due| json!({ "action": "demand", "due_at": due });
    cara.acts(&at, &plan, demand(w.clock.now())).await.field("due_at");
    let plan = cara.acts(&at, &plan, demand(due)).await.ok();
    assert_eq!((&plan["clock"]["code"], &plan["clock"]["due_at"]), (&json!("X"), &json!(due)));
    w.clock.set(due.plus_millis(1));
    let (cara, lena) = (w.as_("cara").await, {
        drop(lena);
        w.as_("lena").await
    });
    let submit = json!({ "action": "submit", "text": "进度、团队、质量保证" });
    let plan = lena.acts(&at, &plan, submit).await.ok();
    assert_eq!(plan["clock"]["verdict"], "breached");
    cara.acts(&at, &plan, json!({ "action": "accept" })).await.ok();

    cara.post("/contract/stages", json!({ "stage": 1 })).await.refused(403, "FORBIDDEN");
    lena.post("/contract/stages", json!({ "stage": 0 })).await.field("stage");
    let begun = lena.post("/contract/stages", json!({ "stage": 1 })).await.created();
    let titles: Vec<_> = begun["items"].as_array().unwrap().iter().map(|m| &m["title"]).collect();
    assert_eq!(titles, ["第 1 阶段功能测试", "第 1 阶段性能测试", "第 1 阶段安全测试"]);
    lena.post("/contract/stages", json!({ "stage": 1 })).await.refused(409, "ACTION_NOT_ALLOWED");
    let test = &begun["items"][2];
    let at = format!("/contract/milestones/{}", test["id"].as_str().unwrap());
    let test = lena.acts(&at, test, json!({ "action": "submit", "text": "无高危问题" })).await.ok();
    assert_eq!(cara.acts(&at, &test, json!({ "action": "accept" })).await.ok()["state"], "accepted");
    w
});
