//! Lists: scopes, filters, order, and pages that neither repeat nor lose a ticket.

use lvyue::kit::error::Code;
use lvyue::tickets::service;
use serde_json::json;

use super::world::World;

#[actix_web::test]
async fn scopes_and_filters() {
    let w = World::new().await;
    let mut made = Vec::new();
    for i in 0..7 {
        let who = if i % 2 == 0 { &w.chenyu } else { &w.wangwu };
        made.push(w.report(who, json!({})).await.unwrap());
        w.pass(10);
    }
    let number = |i: usize| made[i].summary.number.clone();
    w.act(&w.zhouke, &made[0], json!({"action": "accept", "text": "好"})).await.unwrap();
    w.act(&w.wangwu, &made[1], json!({"action": "withdraw", "reason": "好了"})).await.unwrap();

    let mine = w.list(&w.chenyu, json!({})).await.unwrap();
    assert_eq!(mine, [number(6), number(4), number(2), number(0)]);
    let queue = w.list(&w.zhouke, json!({})).await.unwrap();
    // The accepted one is due in 24 hours, all others in 8 from their report.
    assert_eq!(queue, [number(2), number(3), number(4), number(5), number(6), number(0)]);
    assert_eq!(w.list(&w.linmin, json!({"scope": "department"})).await.unwrap().len(), 7);
    assert_eq!(w.list(&w.linmin, json!({"scope": "all"})).await.unwrap().len(), 7);
    assert_eq!(w.list(&w.auditor, json!({"scope": "all"})).await.unwrap().len(), 7);
    assert_eq!(w.list(&w.hejun, json!({"scope": "all"})).await.unwrap().len(), 7);
    // An agent does not see the withdrawn one of others.
    assert_eq!(w.list(&w.zhouke, json!({"scope": "all"})).await.unwrap().len(), 6);
    for (who, scope) in [(&w.chenyu, "all"), (&w.chenyu, "queue"), (&w.auditor, "queue"), (&w.admin, "all")] {
        let refused = w.list(who, json!({ "scope": scope })).await.unwrap_err();
        assert_eq!(refused.code(), Code::Forbidden, "{scope}");
    }
    let all = |more: serde_json::Value| {
        let mut query = json!({"scope": "all"});
        query.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        query
    };
    assert_eq!(w.list(&w.hejun, all(json!({"state": "withdrawn,in_progress"}))).await.unwrap().len(), 2);
    assert_eq!(w.list(&w.zhouke, all(json!({"assignee": "me"}))).await.unwrap(), [number(0)]);
    assert_eq!(w.list(&w.hejun, all(json!({"assignee": "none"}))).await.unwrap().len(), 6);
    assert_eq!(w.list(&w.hejun, all(json!({"q": "gz-2026-000003"}))).await.unwrap(), [number(2)]);
    assert_eq!(w.list(&w.hejun, all(json!({"q": "GZ-2026"}))).await.unwrap().len(), 7);
    assert!(w.list(&w.hejun, all(json!({"q": "%"}))).await.unwrap().is_empty());
    let due = made[3].summary.next_due.as_ref().unwrap().due_at;
    assert_eq!(w.list(&w.hejun, all(json!({"due_before": due}))).await.unwrap(), [number(2)]);
    for bad in [json!({"scope": "x"}), json!({"state": "x"}), json!({"limit": 0}), json!({"cursor": "x"})] {
        assert_eq!(w.list(&w.hejun, bad).await.unwrap_err().code(), Code::Invalid);
    }
}

#[actix_web::test]
async fn pages_cover_everything_once() {
    let w = World::new().await;
    for _ in 0..9 {
        // Some share one deadline: the order must still be total.
        w.report(&w.chenyu, json!({})).await.unwrap();
    }
    for (who, scope) in [(&w.chenyu, "mine"), (&w.zhouke, "queue"), (&w.zhouke, "all"), (&w.hejun, "all")] {
        let mut seen = Vec::new();
        let mut cursor = None;
        loop {
            let query = json!({"scope": scope, "limit": 2, "cursor": cursor});
            let query = serde_json::from_value(query).unwrap();
            let page = service::list(&w.ctx(who), &query).await.unwrap();
            seen.extend(page.items.into_iter().map(|t| t.number));
            cursor = page.next_cursor;
            if cursor.is_none() {
                break;
            }
        }
        let mut once = seen.clone();
        once.sort();
        once.dedup();
        assert_eq!((seen.len(), once.len()), (9, 9), "{scope}");
    }
}
