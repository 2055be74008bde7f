//! The life of a fault as both sides live it: report, answer, solution, repair, confirmation, and what goes
//! wrong on the way.

use serde_json::{Value, json};

use crate::support::World;
use crate::support::clocks::by_code;
use crate::support::faults::id;

fn verdict<'a>(clocks: &'a std::collections::BTreeMap<String, Value>, code: &str) -> &'a str {
    clocks[code]["verdict"].as_str().unwrap()
}

fn state(ticket: &Value) -> &str {
    ticket["state"].as_str().unwrap()
}

story!(a_fault_is_reported_answered_solved_and_confirmed_in_time, async |w: World| {
    let amy = w.as_("amy").await;
    let body = json!({
        "kind": "fault", "title": "报销单提交后一直转圈", "description": "点提交没有反应。",
        "severity": "critical", "scope": "市场部", "steps_tried": "重启", "contact": "13800138000",
        "occurred_at": "2026-11-16T00:30:00.000Z",
    });
    let answer = amy.post("/tickets", body).await;
    let place = answer.header("location").to_owned();
    assert_eq!(answer.header("etag"), "\"1\"");
    let made = answer.created();
    let id = id(&made);
    assert_eq!(place, format!("/api/v1/tickets/{id}"));
    assert!(made["number"].as_str().unwrap().starts_with("GZ-2026-"), "{made}");
    assert_eq!(
        (state(&made), made["severity"].as_str(), made["cycle"].as_i64()),
        ("submitted", Some("critical"), Some(1))
    );
    assert_eq!(made["received_at"], "2026-11-16T01:00:00.000Z");
    assert_eq!(made["contact_masked"], "138****8000");
    assert_eq!(made["reporter"]["display_name"], "艾米莉");
    let clocks = by_code(&made);
    assert_eq!(clocks["R8"]["due_at"], "2026-11-16T09:00:00.000Z");
    assert_eq!(clocks["S24"]["due_at"], "2026-11-17T01:00:00.000Z");
    assert_eq!((verdict(&clocks, "R8"), verdict(&clocks, "S24")), ("running", "running"));
    assert_eq!(made["next_due"]["code"], "R8");

    let receipt = amy.get(&format!("/tickets/{id}/receipt")).await.ok();
    assert_eq!((&receipt["number"], &receipt["received_at"]), (&made["number"], &made["received_at"]));
    assert_eq!(receipt["digest"].as_str().unwrap().len(), 64);

    w.hours(2);
    let vera = w.as_("vera").await;
    let seen = vera.ticket(&id).await;
    assert_eq!(seen["reporter"]["display_name"], "艾**", "masked for others");
    let accepted = vera.does(&id, json!({ "action": "accept", "text": "收到，正在定位。" })).await;
    assert_eq!((state(&accepted), &accepted["assignee"]["id"]), ("in_progress", &json!(vera.id)));
    assert_eq!(accepted["messages"]["items"][0]["body"], "收到，正在定位。");
    let clocks = by_code(&accepted);
    assert_eq!((verdict(&clocks, "R8"), clocks["R8"]["gross_seconds"].as_i64()), ("met", Some(7200)));

    w.hours(20);
    let promised = json!({
        "action": "publish_solution", "solution_type": "workaround", "text": "先用网页版。",
        "eta": "2026-11-18T04:00:00.000Z",
    });
    let solved = w.as_("vera").await.does(&id, promised).await;
    let clocks = by_code(&solved);
    assert_eq!(
        (state(&solved), verdict(&clocks, "S24"), verdict(&clocks, "P")),
        ("solution_given", "met", "running")
    );
    assert_eq!(clocks["P"]["due_at"], "2026-11-18T04:00:00.000Z");

    w.hours(24);
    let repaired = w.as_("vera").await.does(&id, json!({ "action": "mark_repaired" })).await;
    assert_eq!((state(&repaired), verdict(&by_code(&repaired), "P")), ("awaiting_confirmation", "met"));
    let closed =
        w.as_("amy").await.does(&id, json!({ "action": "confirm", "rating": 4, "comment": "可以了" })).await;
    assert_eq!((state(&closed), closed["rating"].as_i64()), ("closed", Some(4)));
    assert_eq!(closed["next_due"], Value::Null);
    assert_eq!(closed["solutions"][0]["state"], "confirmed");

    let timeline = w.as_("amy").await.all(&format!("/tickets/{id}/timeline?limit=2")).await;
    let events: Vec<&str> = timeline.iter().map(|e| e["event"].as_str().unwrap()).collect();
    assert_eq!(events, ["submitted", "accept", "publish_solution", "mark_repaired", "confirm"]);
    w.ledger_settles(std::time::Duration::from_secs(1)).await;
    let timeline = w.as_("amy").await.all(&format!("/tickets/{id}/timeline")).await;
    let places: Vec<i64> = timeline.iter().map(|e| e["ledger"]["seq"].as_i64().unwrap()).collect();
    assert!(places.windows(2).all(|w| w[0] < w[1]), "{places:?}");
    w
});

story!(a_breach_stays_a_breach, async |w: World| {
    let id = w.submitted().await;
    w.hours(9);
    let late = w.as_("amy").await.ticket(&id).await;
    assert_eq!(verdict(&by_code(&late), "R8"), "breached", "a running clock past its end");
    let accepted = w.as_("vera").await.does(&id, json!({ "action": "accept", "text": "抱歉晚了。" })).await;
    assert_eq!(verdict(&by_code(&accepted), "R8"), "breached");
    w.hours(20);
    let solved = w.publish(&id).await;
    assert_eq!(verdict(&by_code(&solved), "S24"), "breached");
    w.as_("vera").await.does(&id, json!({ "action": "mark_repaired" })).await;
    let closed = w.confirm(&id).await;
    let clocks = by_code(&closed);
    assert_eq!((verdict(&clocks, "R8"), verdict(&clocks, "S24")), ("breached", "breached"));
    w
});

story!(the_last_millisecond_counts, async |w: World| {
    let (first, second) = (w.submitted().await, w.submitted().await);
    w.hours(8);
    let met = w.as_("vera").await.does(&first, json!({ "action": "accept", "text": "赶上了" })).await;
    assert_eq!(verdict(&by_code(&met), "R8"), "met");
    w.pass(chrono::TimeDelta::milliseconds(1));
    let late = w.as_("vera").await.does(&second, json!({ "action": "accept", "text": "晚了一毫秒" })).await;
    assert_eq!(verdict(&by_code(&late), "R8"), "breached");
    w
});

story!(questions_open_waits_that_only_the_net_figure_knows, async |w: World| {
    let id = w.submitted().await;
    w.hours(1);
    w.as_("vera").await.does(&id, json!({ "action": "accept", "text": "收到" })).await;
    w.as_("vera").await.does(&id, json!({ "action": "ask_client", "question": "哪个版本？" })).await;
    w.hours(3);
    let amy = w.as_("amy").await;
    let asked = amy.ticket(&id).await;
    assert_eq!(
        (state(&asked), asked["waits"][0]["reason"].as_str()),
        ("awaiting_client", Some("哪个版本？"))
    );
    assert_eq!(asked["waits"][0]["to"], Value::Null);
    let supplied = amy.does(&id, json!({ "action": "supply", "text": "3.4.1" })).await;
    assert_eq!((state(&supplied), supplied["waits"].as_array().unwrap().len()), ("in_progress", 1));
    w.hours(1);
    w.as_("vera").await.does(&id, json!({ "action": "ask_client", "question": "再问一次" })).await;
    w.hours(2);
    let solved = w.publish(&id).await;
    assert_eq!(solved["waits"].as_array().unwrap().len(), 2);
    assert!(solved["waits"].as_array().unwrap().iter().all(|wait| wait["to"].is_string()), "{solved}");
    let s24 = &by_code(&solved)["S24"];
    assert_eq!(
        (s24["gross_seconds"].as_i64(), s24["net_seconds"].as_i64()),
        (Some(7 * 3600), Some(2 * 3600))
    );
    w
});

story!(rejecting_failing_and_reopening_go_round_again, async |w: World| {
    let id = w.solved().await;
    let rejected =
        w.as_("amy").await.does(&id, json!({ "action": "reject_solution", "reason": "不解决问题" })).await;
    assert_eq!(
        (state(&rejected), rejected["solutions"][0]["state"].as_str()),
        ("in_progress", Some("rejected"))
    );
    assert_eq!(rejected["solutions"][0]["reason"], "不解决问题");
    assert_eq!(verdict(&by_code(&rejected), "S24"), "met", "the first solution of the cycle counts");
    let eta = json!({ "action": "publish_solution", "solution_type": "plan", "text": "下周换组件", "eta": "2026-11-17T01:00:00Z" });
    let planned = w.as_("vera").await.does(&id, eta).await;
    assert_eq!(
        (planned["solutions"].as_array().unwrap().len(), verdict(&by_code(&planned), "P")),
        (2, "running")
    );
    w.as_("vera").await.does(&id, json!({ "action": "mark_repaired" })).await;
    w.hours(1);
    let failed =
        w.as_("amy").await.does(&id, json!({ "action": "fail_verification", "reason": "还是白屏" })).await;
    assert_eq!((state(&failed), verdict(&by_code(&failed), "P")), ("in_progress", "running"));
    w.publish(&id).await;
    w.as_("vera").await.does(&id, json!({ "action": "mark_repaired" })).await;
    let closed = w.confirm(&id).await;
    assert_eq!(
        (state(&closed), closed["reopen_until"].as_str()),
        ("closed", Some("2026-11-30T02:00:00.000Z"))
    );

    w.pass(chrono::TimeDelta::days(13));
    let again = w.as_("amy").await.does(&id, json!({ "action": "reopen", "reason": "又出现了" })).await;
    assert_eq!(
        (state(&again), again["cycle"].as_i64(), &again["rating"]),
        ("in_progress", Some(2), &Value::Null)
    );
    let second = again["clocks"].as_array().unwrap().iter().filter(|c| c["cycle"] == 2).count();
    assert_eq!(second, 2, "R8 and S24 of the second cycle: {again}");
    w.publish(&id).await;
    w.as_("vera").await.does(&id, json!({ "action": "mark_repaired" })).await;
    w.confirm(&id).await;
    w.pass(chrono::TimeDelta::days(15));
    let amy = w.as_("amy").await;
    let late = amy.act_now(&id, json!({ "action": "reopen", "reason": "太晚了" })).await;
    late.refused(409, "REOPEN_WINDOW_CLOSED");
    assert!(!amy.ticket(&id).await["allowed_actions"].to_string().contains("reopen"));
    w
});

story!(withdrawing_ends_the_clocks, async |w: World| {
    let id = w.submitted().await;
    let gone = w.as_("amy").await.does(&id, json!({ "action": "withdraw", "reason": "重启后好了" })).await;
    let clocks = by_code(&gone);
    assert_eq!(
        (state(&gone), verdict(&clocks, "R8"), verdict(&clocks, "S24")),
        ("withdrawn", "void", "void")
    );
    assert_eq!(gone["next_due"], Value::Null);
    assert_eq!(gone["allowed_actions"], json!([]));
    let problem = w.as_("vera").await.get(&format!("/tickets/{id}")).await;
    assert_eq!(problem.status, 404, "an agent sees what is open, or was theirs");
    let manager = w.as_("cara").await.act_now(&id, json!({ "action": "remind" })).await;
    assert_eq!(manager.refused(409, "ACTION_NOT_ALLOWED")["allowed_actions"], json!([]));

    let solved = w.solved().await;
    w.as_("amy")
        .await
        .act_now(&solved, json!({ "action": "withdraw", "reason": "不想要了" }))
        .await
        .refused(403, "FORBIDDEN");
    w.as_("cara").await.does(&solved, json!({ "action": "withdraw", "reason": "项目取消" })).await;
    w
});

story!(merging_keeps_the_earlier_beginning, async |w: World| {
    let early = w.submitted().await;
    w.hours(3);
    let late = id(&w.as_("ben").await.report("我也白屏").await);
    let before = w.as_("lena").await.ticket(&late).await;
    assert_eq!(by_code(&before)["R8"]["due_at"], "2026-11-16T12:00:00.000Z");
    let merged = w.as_("lena").await.does(&early, json!({ "action": "merge", "into": late })).await;
    assert_eq!((state(&merged), &merged["merged_into"]["id"]), ("merged", &json!(late)));
    assert_eq!(verdict(&by_code(&merged), "R8"), "void");
    let target = w.as_("lena").await.ticket(&late).await;
    let clocks = by_code(&target);
    assert_eq!(clocks["R8"]["due_at"], "2026-11-16T09:00:00.000Z");
    assert_eq!(clocks["S24"]["due_at"], "2026-11-17T01:00:00.000Z");
    assert_eq!(target["next_due"]["due_at"], "2026-11-16T09:00:00.000Z");
    assert_eq!(target["received_at"], before["received_at"], "when it was received does not change");

    let lena = w.as_("lena").await;
    let other = w.submitted().await;
    for (into, field) in
        [(other.as_str(), "into"), (early.as_str(), "into"), ("0193b3a0-0000-7000-8000-000000000001", "into")]
    {
        lena.act_now(&other, json!({ "action": "merge", "into": into })).await.field(field);
    }
    w
});

story!(reminders_cool_down, async |w: World| {
    let id = w.submitted().await;
    let amy = w.as_("amy").await;
    let reminded = amy.does(&id, json!({ "action": "remind", "text": "着急" })).await;
    assert_eq!(
        (state(&reminded), reminded["remind_after"].as_str()),
        ("submitted", Some("2026-11-16T01:30:00.000Z"))
    );
    w.minutes(10);
    let soon = w.as_("amy").await.act_now(&id, json!({ "action": "remind" })).await;
    assert_eq!(soon.header("retry-after"), "1200");
    soon.refused(429, "REMIND_TOO_SOON");
    w.minutes(20);
    w.as_("amy").await.does(&id, json!({ "action": "remind" })).await;
    assert_eq!(verdict(&by_code(&w.as_("amy").await.ticket(&id).await), "R8"), "running");
    w
});

story!(work_is_taken_assigned_and_handed_over, async |w: World| {
    let id = w.submitted().await;
    let (vera, vic, lena) = (w.as_("vera").await, w.as_("vic").await, w.as_("lena").await);
    let taken = vera.does(&id, json!({ "action": "assign", "assignee_id": vera.id })).await;
    assert_eq!((state(&taken), &taken["assignee"]["id"]), ("submitted", &json!(vera.id)));
    assert_eq!(verdict(&by_code(&taken), "R8"), "running", "taking is no answer");
    vic.act_now(&id, json!({ "action": "assign", "assignee_id": vic.id })).await.refused(403, "FORBIDDEN");
    let given = lena.does(&id, json!({ "action": "assign", "assignee_id": vic.id, "note": "他熟悉" })).await;
    assert_eq!(given["assignee"]["id"], json!(vic.id));
    vera.act_now(&id, json!({ "action": "assign", "assignee_id": vera.id })).await.refused(403, "FORBIDDEN");
    vic.does(&id, json!({ "action": "assign", "assignee_id": vera.id })).await;
    for nobody in
        [w.as_("amy").await.id, w.as_("adam").await.id, "0193b3a0-0000-7000-8000-000000000001".to_owned()]
    {
        lena.act_now(&id, json!({ "action": "assign", "assignee_id": nobody })).await.field("assignee_id");
    }
    let seen = w.as_("amy").await.ticket(&id).await;
    assert!(!seen.to_string().contains("他熟悉"), "{seen}");
    let mine = vera.all("/tickets?scope=queue&assignee=me").await;
    assert_eq!(mine.len(), 1);
    w
});

story!(the_vendor_reports_for_somebody, async |w: World| {
    let vera = w.as_("vera").await;
    let amy = w.as_("amy").await;
    let mut body = crate::support::faults::report("电话里报的故障");
    vera.post("/tickets", body.clone()).await.field("on_behalf_of");
    body["on_behalf_of"] = json!(amy.id);
    let made = vera.post("/tickets", body.clone()).await.created();
    assert_eq!((&made["reporter"]["id"], &made["on_behalf"]["id"]), (&json!(amy.id), &json!(vera.id)));
    amy.post("/tickets", body.clone()).await.field("on_behalf_of");
    body["on_behalf_of"] = json!(w.as_("vic").await.id);
    vera.post("/tickets", body).await.field("on_behalf_of");
    assert_eq!(amy.ticket(&id(&made)).await["title"], "电话里报的故障");
    w
});

story!(who_repaired_does_not_verify_and_only_what_is_allowed_happens, async |w: World| {
    let id = w.submitted().await;
    let vera = w.as_("vera").await;
    let early = vera.act_now(&id, json!({ "action": "mark_repaired" })).await;
    let allowed = early.refused(409, "ACTION_NOT_ALLOWED")["allowed_actions"].clone();
    assert_eq!(allowed, json!(["accept", "assign", "merge", "link", "escalate_to_incident"]));
    let answer = json!({ "action": "answer", "text": "这不是咨询" });
    vera.act_now(&id, answer).await.refused(409, "ACTION_NOT_ALLOWED");
    vera.act_now(&id, json!({ "action": "confirm", "rating": 5 })).await.refused(403, "FORBIDDEN");
    w.as_("amy")
        .await
        .act_now(&id, json!({ "action": "accept", "text": "我自己来" }))
        .await
        .refused(403, "FORBIDDEN");
    w.as_("audrey").await.act_now(&id, json!({ "action": "remind" })).await.refused(403, "FORBIDDEN");
    w
});

story!(a_reveal_is_written_down_and_seen_by_whom_it_concerns, async |w: World| {
    let amy = w.as_("amy").await;
    let mut body = crate::support::faults::report("打电话找我");
    body["contact"] = json!("分机 8012");
    let id = id(&amy.post("/tickets", body).await.created());
    let vera = w.as_("vera").await;
    let path = format!("/tickets/{id}/reveal");
    vera.post(&path, json!({ "purpose": "x" })).await.field("purpose");
    let shown = vera.post(&path, json!({ "purpose": "电话确认复现步骤" })).await.ok();
    assert_eq!(shown["reporter_name"], "艾米莉");
    assert!(shown["reporter_phone"].as_str().unwrap().ends_with("19900010001"), "{shown}");
    assert_eq!(shown["contact"], "分机 8012");
    let looks = amy.all("/me/access-log").await;
    assert_eq!(looks.len(), 1, "{looks:?}");
    assert_eq!(looks[0]["purpose"], "电话确认复现步骤");
    assert_eq!(looks[0]["viewer"]["party"], "vendor");
    w.as_("audrey").await.post(&path, json!({ "purpose": "好奇看看" })).await.refused(403, "FORBIDDEN");
    w.as_("ben").await.post(&path, json!({ "purpose": "好奇看看" })).await.refused(404, "NOT_FOUND");
    assert!(w.as_("ben").await.all("/me/access-log").await.is_empty());
    w
});
