//! `lvyue clocks verify` finds what somebody changed behind the program's back, wherever it was, and nothing else;
//! and a version that came into force is followed once.

use lvyue::cli::clocks::verify;
use lvyue::duties::Compared;
use lvyue::tickets::jobs::rederive;
use serde_json::json;

use crate::support::clocks::no_differences;
use crate::support::faults::id;
use crate::support::{World, sql};

async fn found(w: &World) -> Compared {
    verify(w.db(), w.clock.now(), 50).await.unwrap()
}

/// Does something to the database, says what is found, and undoes it.
async fn planted(w: &World, done: &str, undone: &str) -> Vec<String> {
    assert!(sql::execute(w.db(), done).await.unwrap() > 0, "{done}");
    let compared = found(w).await;
    assert_eq!(compared.different, compared.named.len() as u64, "{done}");
    sql::execute(w.db(), undone).await.unwrap();
    compared.named.iter().map(ToString::to_string).collect()
}

story!(what_was_planted_is_named_by_ticket_and_clock, async |w: World| {
    w.agreed().await;
    let promised = w.accepted().await;
    let eta = w.clock.now().plus_seconds(86_400);
    let plan =
        json!({ "action": "publish_solution", "solution_type": "plan", "text": "明天发布", "eta": eta });
    w.as_("vera").await.does(&promised, plan).await;
    w.submitted().await;
    let whole = no_differences(w.db(), w.clock.now(), "as it was").await;
    // Three milestones, two of them with a clock; R8, S24 and P of one fault, R8 and S24 of the other.
    assert_eq!((whole.records, whole.clocks, whole.waiting), (5, 7, 0), "{whole:?}");

    let number = w.as_("amy").await.ticket(&promised).await["number"].as_str().unwrap().to_owned();
    let of_p = format!("number = '{number}' AND code = 'P'");
    let set = |change: &str| format!("UPDATE duties SET {change} WHERE {of_p}");
    let moved = planted(&w, &set("due_at = due_at + 60000"), &set("due_at = due_at - 60000")).await;
    let later = eta.plus_seconds(60);
    assert_eq!(moved, [format!("{number} P（轮次 1，回合 1） 到期：所存 {later}，应为 {eta}")]);
    let judged =
        planted(&w, &set("state = 'met', stopped_at = 1"), &set("state = 'running', stopped_at = NULL"))
            .await;
    assert_eq!(judged.len(), 2, "{judged:?}");

    let doc = "FROM duties WHERE code = 'D15'";
    let (off, on) = ("amount = amount + 1", "amount = amount - 1");
    let amount = |change: &str| format!("UPDATE duties SET {change} WHERE code = 'D15'");
    let amount = planted(&w, &amount(off), &amount(on)).await;
    assert!(
        amount.len() == 1 && amount[0].contains("D15") && amount[0].ends_with("所存 16，应为 15"),
        "{amount:?}"
    );

    sql::execute(w.db(), &format!("CREATE TABLE kept AS SELECT * {doc}")).await.unwrap();
    let gone = planted(&w, &format!("DELETE {doc}"), "INSERT INTO duties SELECT * FROM kept").await;
    assert!(gone.len() == 1 && gone[0].contains("所存 无，应为 2026-11-30"), "{gone:?}");
    let elsewhere = format!("'{}'", uuid::Uuid::now_v7());
    let literal = if w.engine == crate::support::Engine::Embedded {
        format!("X'{}'", elsewhere.replace(['\'', '-'], ""))
    } else {
        elsewhere
    };
    let lost = planted(
        &w,
        &format!("UPDATE duties SET record_id = {literal} WHERE code = 'D15'"),
        "UPDATE duties SET record_id = (SELECT record_id FROM kept) WHERE code = 'D15'",
    )
    .await;
    assert_eq!(lost.len(), 2, "derived and not there; there and of nothing: {lost:?}");
    sql::execute(w.db(), "DROP TABLE kept").await.unwrap();

    let wakes =
        "UPDATE tickets SET next_due_at = next_due_at + 1, next_due_code = 'R8' WHERE next_due_code = 'P'";
    let back = "UPDATE tickets SET next_due_at = next_due_at - 1, next_due_code = 'P' \
                WHERE next_due_code = 'R8' AND state = 'solution_given'";
    let next = planted(&w, wakes, back).await;
    assert!(
        next.len() == 2 && next.iter().all(|line| line.starts_with(&format!("{number} 下一个到期"))),
        "{next:?}"
    );
    // Whoever moves an event and its clocks alike is found out by the ledger.
    let earlier = format!(
        "UPDATE ticket_events SET at = at - 1000 WHERE event = 'accept' AND ticket_id = (SELECT id FROM tickets WHERE number = '{number}')"
    );
    let moved = planted(&w, &earlier, &earlier.replace("- 1000", "+ 1000")).await;
    assert!(moved.iter().any(|line| line.contains("事件与存证")), "{moved:?}");
    // Only so many are named, all are counted.
    let all = "UPDATE duties SET warned = warned, due_at = due_at + 1";
    sql::execute(w.db(), all).await.unwrap();
    let few = verify(w.db(), w.clock.now(), 2).await.unwrap();
    assert_eq!((few.named.len(), few.different), (2, 7));
    sql::execute(w.db(), "UPDATE duties SET due_at = due_at - 1").await.unwrap();
    w
});

story!(a_new_version_is_followed_once, async |w: World| {
    w.agreed().await;
    // Overdue by the time of the new version: it keeps the old one.
    w.submitted().await;
    w.hours(9);
    w.submitted().await;
    let (cara, lena) = (w.as_("cara").await, w.as_("lena").await);
    let plan = w.milestone("dev_plan").await;
    let due = w.clock.now().plus_seconds(5 * 86_400);
    cara.acts(
        &format!("/contract/milestones/{}", id(&plan)),
        &plan,
        json!({ "action": "demand", "due_at": due }),
    )
    .await
    .ok();
    let change = json!({ "changes": { "P9": "7 working days" }, "reason": "多留两天" });
    let seen = cara.post("/contract/parameters", change).await.created();
    let path = format!("/contract/parameters/{}", id(&seen));
    lena.acts(&path, &seen, json!({ "action": "sign" })).await.ok();
    let entries = async || {
        sql::number(w.db(), "SELECT COUNT(*) FROM ledger_entries WHERE action = 'ticket.rederived'").await
    };
    w.minutes(2);
    // A worker may have been here meanwhile.
    let waiting = no_differences(w.db(), w.clock.now(), "before the worker").await.waiting;
    assert!(waiting <= 5, "two faults and three milestones: {waiting}");
    let mut rounds = 0;
    while rederive(w.app.kit()).await.unwrap() > 0 {
        rounds += 1;
        assert!(rounds < 3, "the same tickets are derived again and again");
    }
    w.looks_after().await;
    let after = no_differences(w.db(), w.clock.now(), "after it").await;
    assert_eq!(after.waiting, 0, "{after:?}");
    w.ledger_settles(std::time::Duration::from_secs(1)).await;
    assert_eq!(entries().await, 2, "each ticket once");
    w
});
