//! Stories of a fault, from report to closing and back.

use lvyue::clocks::Verdict;
use lvyue::kit::error::Code;
use lvyue::tickets::model::{Action, State};
use lvyue::tickets::service;
use lvyue::tickets::views::{Clock, Ticket};
use serde_json::json;

use super::world::{START, World};

fn clock<'a>(ticket: &'a Ticket, code: &str, cycle: i32) -> &'a Clock {
    ticket.clocks.iter().find(|c| c.code == code && c.cycle == cycle).unwrap()
}

#[actix_web::test]
async fn a_fault_from_report_to_reopening() {
    let w = World::new().await;
    let t = w.report(&w.chenyu, json!({ "contact": "13812345678", "scope": "三楼" })).await.unwrap();
    assert_eq!(t.summary.number, "GZ-2026-000001");
    assert_eq!((t.summary.state, t.summary.version), (State::Submitted, 1));
    assert_eq!(&*t.summary.reporter.display_name, "陈宇", "one's own name is not masked");
    assert_eq!(t.contact_masked.as_deref(), Some("138****5678"));
    assert_eq!(t.summary.next_due.as_ref().unwrap().code, "R8");
    assert_eq!(clock(&t, "R8", 1).due_at, START.plus_seconds(8 * 3600));
    assert_eq!(
        t.allowed_actions,
        [Action::SetSeverity, Action::Withdraw, Action::Remind, Action::EscalateToIncident]
    );

    w.pass(60);
    let seen = w.show(&w.zhouke, t.summary.id).await.unwrap();
    assert_eq!(&*seen.summary.reporter.display_name, "陈*");
    let theirs = [Action::Accept, Action::Assign, Action::Merge, Action::Link, Action::EscalateToIncident];
    assert_eq!(seen.allowed_actions, theirs);
    let t = w.act(&w.zhouke, &seen, json!({"action": "accept", "text": "收到，马上看"})).await.unwrap();
    assert_eq!(t.summary.state, State::InProgress);
    assert_eq!(t.summary.assignee.as_ref().unwrap().id, w.zhouke.person_id().unwrap());
    assert_eq!((clock(&t, "R8", 1).verdict, clock(&t, "R8", 1).gross_seconds), (Verdict::Met, 3600));
    assert_eq!(t.messages.items[0].body, "收到，马上看");

    let t = w.act(&w.zhouke, &t, json!({"action": "ask_client", "question": "型号？"})).await.unwrap();
    w.pass(120);
    let t = w.act(&w.chenyu, &t, json!({"action": "supply", "text": "M401"})).await.unwrap();
    assert_eq!((t.waits.len(), t.waits[0].reason.as_str()), (1, "型号？"));
    let eta = w.clock.now().plus_seconds(3600);
    let solution =
        json!({"action": "publish_solution", "solution_type": "workaround", "text": "先用二楼", "eta": eta});
    let t = w.act(&w.zhouke, &t, solution.clone()).await.unwrap();
    assert_eq!(clock(&t, "S24", 1).net_seconds, 3600);
    assert_eq!(t.summary.next_due.as_ref().unwrap().code, "P");

    let t = w.act(&w.chenyu, &t, json!({"action": "reject_solution", "reason": "太远"})).await.unwrap();
    assert_eq!(clock(&t, "P", 1).verdict, Verdict::Void);
    assert_eq!(t.solutions[0].reason.as_deref(), Some("太远"));
    let t = w.act(&w.zhouke, &t, solution).await.unwrap();
    let t = w.act(&w.zhouke, &t, json!({"action": "mark_repaired"})).await.unwrap();
    let t = w.act(&w.chenyu, &t, json!({"action": "fail_verification", "reason": "还是不行"})).await.unwrap();
    w.pass(61);
    let fix = json!({"action": "publish_solution", "solution_type": "fix", "text": "换了搓纸轮"});
    let t = w.act(&w.zhouke, &t, fix).await.unwrap();
    let t = w.act(&w.zhouke, &t, json!({"action": "mark_repaired", "text": "好了"})).await.unwrap();
    let t = w.act(&w.chenyu, &t, json!({"action": "confirm", "rating": 4, "comment": "谢谢"})).await.unwrap();
    assert_eq!((t.summary.state, t.summary.rating), (State::Closed, Some(4)));
    assert!(t.summary.next_due.is_none() && t.reopen_until.is_some());
    assert_eq!(t.allowed_actions, [Action::Reopen, Action::EscalateToIncident]);
    let promises: Vec<_> = t.clocks.iter().filter(|c| c.code == "P").map(|c| c.verdict).collect();
    assert_eq!(promises, [Verdict::Void, Verdict::Breached]);

    let t = w.act(&w.chenyu, &t, json!({"action": "reopen", "reason": "又卡纸"})).await.unwrap();
    assert_eq!((t.summary.cycle, clock(&t, "R8", 2).verdict), (2, Verdict::Running));
    assert_eq!(clock(&t, "R8", 1).verdict, Verdict::Met);
    w.say(&w.zhouke, t.summary.id, "public").await.unwrap();
    let t = w.show(&w.chenyu, t.summary.id).await.unwrap();
    assert_eq!(clock(&t, "R8", 2).verdict, Verdict::Met);
    w.assert_sound("story").await;

    let ctx = w.ctx(&w.chenyu);
    let page = serde_json::from_value(json!({"limit": 5})).unwrap();
    let first = service::timeline(&ctx, t.summary.id, &page).await.unwrap();
    assert_eq!(first.items[0].event, "submitted");
    let page = serde_json::from_value(json!({"limit": 100, "cursor": first.next_cursor})).unwrap();
    let rest = service::timeline(&ctx, t.summary.id, &page).await.unwrap();
    assert_eq!((first.items.len(), rest.items.len()), (5, 9));
    let traced = service::clocks(&ctx, t.summary.id).await.unwrap();
    assert!(traced.items[0].trace[0].note.starts_with("11月22日 周日 休息 09:12 收到"));
    let receipt = service::receipt(&ctx, t.summary.id).await.unwrap();
    assert!(receipt.text.contains("2026年11月22日 09:12:00") && receipt.stub.digest.len() == 64);
}

#[actix_web::test]
async fn the_first_public_reply_accepts_and_internal_notes_stay_inside() {
    let w = World::new().await;
    let t = w.report(&w.chenyu, json!({})).await.unwrap();
    let id = t.summary.id;
    w.say(&w.zhouke, id, "internal").await.unwrap();
    let seen = w.show(&w.chenyu, id).await.unwrap();
    assert_eq!((seen.summary.state, seen.messages.items.len()), (State::Submitted, 0));
    assert_eq!(clock(&seen, "R8", 1).stopped_at, None);
    assert_eq!(w.show(&w.zhouke, id).await.unwrap().messages.items.len(), 1);
    w.say(&w.chenyu, id, "public").await.unwrap();
    assert_eq!(w.show(&w.chenyu, id).await.unwrap().summary.version, 1, "a plain message is no change");
    w.say(&w.zhouke, id, "public").await.unwrap();
    let seen = w.show(&w.chenyu, id).await.unwrap();
    assert_eq!((seen.summary.state, seen.summary.version), (State::InProgress, 2));
    assert!(clock(&seen, "R8", 1).stopped_at.is_some());
    assert_eq!(w.say(&w.chenyu, id, "internal").await.unwrap_err().code(), Code::Forbidden);
    w.assert_sound("messages").await;
}

#[actix_web::test]
async fn refusals_say_why() {
    let w = World::new().await;
    let t = w.report(&w.chenyu, json!({})).await.unwrap();
    let id = t.summary.id;
    let accept = json!({"action": "accept", "text": "收到"});
    let code = |r: Result<Ticket, lvyue::kit::error::Error>| r.unwrap_err().code();
    assert_eq!(code(w.show(&w.wangwu, id).await), Code::NotFound);
    assert_eq!(code(w.act(&w.wangwu, &t, accept.clone()).await), Code::NotFound);
    assert_eq!(code(w.act(&w.chenyu, &t, accept.clone()).await), Code::Forbidden);
    assert_eq!(code(w.act(&w.auditor, &t, accept.clone()).await), Code::Forbidden);
    assert_eq!(code(w.show(&w.admin, id).await), Code::Forbidden);
    assert_eq!(code(w.act_on(&w.zhouke, id, 7, accept.clone()).await), Code::VersionStale);
    let early = w.act(&w.zhouke, &t, json!({"action": "mark_repaired"})).await.unwrap_err();
    assert_eq!(early.code(), Code::ActionNotAllowed);
    assert_eq!(
        early.extra()["allowed_actions"],
        json!(["accept", "assign", "merge", "link", "escalate_to_incident"])
    );
    let answer = w.act(&w.chenyu, &t, json!({"action": "answer", "text": "？"})).await;
    assert_eq!(code(answer), Code::Forbidden);
    let answer = w.act(&w.zhouke, &t, json!({"action": "answer", "text": "？"})).await;
    assert_eq!(code(answer), Code::ActionNotAllowed);

    let t = w.act(&w.chenyu, &t, json!({"action": "remind"})).await.unwrap();
    let soon = w.act(&w.chenyu, &t, json!({"action": "remind"})).await.unwrap_err();
    assert_eq!((soon.code(), soon.retry_after_seconds()), (Code::RemindTooSoon, Some(1800)));
    w.pass(30);
    let t = w.act(&w.chenyu, &t, json!({"action": "remind", "text": "急"})).await.unwrap();

    let somebody = json!({"action": "assign", "assignee_id": w.linmin.person_id()});
    assert_eq!(w.act(&w.hejun, &t, somebody).await.unwrap_err().fields()[0].code, "NOT_ASSIGNABLE");
    let sunli = json!({"action": "assign", "assignee_id": w.sunli.person_id(), "note": "你熟"});
    let t = w.act(&w.hejun, &t, sunli).await.unwrap();
    let take = json!({"action": "assign", "assignee_id": w.zhouke.person_id()});
    assert_eq!(code(w.act(&w.zhouke, &t, take).await), Code::Forbidden);

    let mut nobody = w.chenyu.clone();
    nobody.consent = None;
    assert_eq!(code(w.show(&nobody, id).await), Code::ConsentRequired);
    nobody.member = None;
    assert_eq!(code(w.show(&nobody, id).await), Code::NotBound);
    w.assert_sound("refusals").await;
}

#[actix_web::test]
async fn of_two_at_once_one_wins() {
    let w = World::new().await;
    let t = w.report(&w.chenyu, json!({})).await.unwrap();
    let accept = || json!({"action": "accept", "text": "我来"});
    let (a, b) = futures_util::join!(w.act(&w.zhouke, &t, accept()), w.act(&w.sunli, &t, accept()));
    assert_eq!(i32::from(a.is_ok()) + i32::from(b.is_ok()), 1);
    let refused = a.err().or(b.err()).unwrap();
    assert_eq!(refused.code(), Code::VersionStale);
    w.assert_sound("two at once").await;
}

#[actix_web::test]
async fn merging_moves_the_running_duties() {
    let w = World::new().await;
    let first = w.report(&w.chenyu, json!({})).await.unwrap();
    w.pass(120);
    let second = w.report(&w.wangwu, json!({})).await.unwrap();
    let into_itself = json!({"action": "merge", "into": first.summary.id});
    assert_eq!(w.act(&w.zhouke, &first, into_itself).await.unwrap_err().fields()[0].code, "SAME_TICKET");
    let merge = json!({"action": "merge", "into": second.summary.id});
    let merged = w.act(&w.zhouke, &first, merge).await.unwrap();
    assert_eq!(merged.summary.state, State::Merged);
    assert_eq!(merged.merged_into.as_ref().unwrap().number, second.summary.number);
    assert!(merged.clocks.iter().all(|c| c.verdict == Verdict::Void));
    let target = w.show(&w.wangwu, second.summary.id).await.unwrap();
    assert_eq!(clock(&target, "R8", 1).due_at, START.plus_seconds(8 * 3600));
    assert_eq!(target.summary.version, 2);
    let closed = json!({"action": "merge", "into": first.summary.id});
    assert_eq!(w.act(&w.zhouke, &target, closed).await.unwrap_err().fields()[0].code, "NOT_OPEN");
    w.assert_sound("merge").await;
}

#[actix_web::test]
async fn the_vendor_reports_for_somebody_and_reveals_leave_a_trace() {
    let w = World::new().await;
    assert_eq!(w.report(&w.zhouke, json!({})).await.unwrap_err().fields()[0].code, "REQUIRED");
    let vendor = json!({"on_behalf_of": w.sunli.person_id()});
    assert_eq!(w.report(&w.zhouke, vendor).await.unwrap_err().fields()[0].code, "NOT_FOUND");
    let client = json!({"on_behalf_of": w.wangwu.person_id()});
    assert_eq!(w.report(&w.chenyu, client).await.unwrap_err().fields()[0].code, "NOT_ALLOWED");
    let body = json!({"on_behalf_of": w.chenyu.person_id(), "contact": "分机 8012"});
    let t = w.report(&w.zhouke, body).await.unwrap();
    assert_eq!(t.on_behalf.as_ref().unwrap().id, w.zhouke.person_id().unwrap());
    assert_eq!(t.summary.department.as_deref(), Some("生产部"));
    assert_eq!(w.list(&w.chenyu, json!({})).await.unwrap().len(), 1);

    let asked = |purpose: &str| serde_json::from_value(json!({ "purpose": purpose })).unwrap();
    let id = t.summary.id;
    let short = service::reveal(&w.ctx(&w.zhouke), id, &asked("看")).await.unwrap_err();
    assert_eq!(short.fields()[0].code, "TOO_SHORT");
    let shown = service::reveal(&w.ctx(&w.zhouke), id, &asked("电话确认故障现象")).await.unwrap();
    assert_eq!(shown.reporter_name, "陈宇");
    assert_eq!(shown.reporter_phone.as_deref(), Some("8613812345678"));
    assert_eq!(shown.contact.as_deref(), Some("分机 8012"));
    let other = service::reveal(&w.ctx(&w.auditor), id, &asked("好奇一下")).await.unwrap_err();
    assert_eq!(other.code(), Code::Forbidden);
    let page = serde_json::from_value(json!({})).unwrap();
    let timeline = service::timeline(&w.ctx(&w.chenyu), id, &page).await.unwrap();
    assert_eq!(timeline.items[1].event, "reveal");
    w.assert_sound("reveal").await;
}
