//! Who is warned when. The thresholds of 4.2 are written out: half of 8 hours is 4, of 24 is 12.

use serde_json::json;

use super::{all_warned, told};
use crate::support::faults::id;
use crate::support::{World, sql};

fn once(events: &[&str]) -> Vec<(String, i64)> {
    let mut all: Vec<_> = events.iter().map(|e| ((*e).to_owned(), 1)).collect();
    all.sort();
    all
}

story!(each_threshold_is_told_once_to_whom_it_concerns, async |w: World| {
    const EVERYBODY: [&str; 8] = ["amy", "ben", "cara", "vera", "vic", "lena", "audrey", "adam"];
    let ticket = id(&w.as_("amy").await.report("首页白屏").await);
    w.minutes(4 * 60 - 1);
    all_warned(&w).await;
    for who in EVERYBODY {
        assert_eq!(told(&w, who).await, [], "{who} before half of the time");
    }

    // Nobody works on it: everybody who could is told.
    w.minutes(1);
    all_warned(&w).await;
    all_warned(&w).await;
    let half = once(&["duty.50.R8"]);
    for who in EVERYBODY {
        let expected = if ["vera", "vic"].contains(&who) { half.clone() } else { Vec::new() };
        assert_eq!(told(&w, who).await, expected, "{who} at half");
    }
    let notice = &w.as_("vera").await.all("/inbox").await[0];
    let number = w.as_("amy").await.ticket(&ticket).await["number"].as_str().unwrap().to_owned();
    assert_eq!(notice["about"], json!({ "kind": "ticket", "id": ticket, "number": number }));
    assert_eq!(notice["text"], format!("{number} 响应：时限已用 50%，11月16日 17:00 到期"));
    assert_eq!(notice["urgent"], false);

    w.hours(2);
    all_warned(&w).await;
    assert_eq!(told(&w, "vic").await, once(&["duty.50.R8", "duty.75.R8"]));
    assert_eq!(told(&w, "lena").await, once(&["duty.75.R8"]));
    assert_eq!(told(&w, "cara").await, []);

    // Vera takes it: what is left of S24 is hers; R8 is done with.
    w.as_("vera").await.does(&ticket, json!({ "action": "accept", "text": "收到" })).await;
    w.hours(6);
    all_warned(&w).await;
    assert_eq!(told(&w, "vera").await, once(&["duty.50.R8", "duty.75.R8", "duty.50.S24"]));
    assert_eq!(told(&w, "vic").await, once(&["duty.50.R8", "duty.75.R8"]));
    w.hours(6);
    all_warned(&w).await;
    assert_eq!(told(&w, "lena").await, once(&["duty.75.R8", "duty.75.S24"]));
    assert_eq!(told(&w, "cara").await, []);
    w.minutes(216);
    all_warned(&w).await;
    assert_eq!(told(&w, "cara").await, once(&["duty.90.S24"]));
    assert_eq!(w.as_("cara").await.all("/inbox").await[0]["urgent"], true);
    assert_eq!(told(&w, "amy").await, [], "the reporter hears of it when it is late, not before");

    // Due itself is in time.
    w.minutes(144);
    all_warned(&w).await;
    assert_eq!(told(&w, "amy").await, []);
    assert_eq!(sql::number(w.db(), "SELECT COUNT(*) FROM breaches").await, 0);
    w.pass(chrono::TimeDelta::milliseconds(1));
    all_warned(&w).await;
    for (who, before) in [
        ("amy", &[][..]),
        ("cara", &["duty.90.S24"]),
        ("lena", &["duty.75.R8", "duty.75.S24", "duty.90.S24"]),
    ] {
        let mut expected = before.to_vec();
        expected.push("duty.100.S24");
        assert_eq!(told(&w, who).await, once(&expected), "{who}");
    }
    assert_eq!(told(&w, "vic").await, once(&["duty.50.R8", "duty.75.R8"]));
    for who in ["ben", "audrey", "adam"] {
        assert_eq!(told(&w, who).await, [], "{who}");
    }
    assert_eq!(sql::number(w.db(), "SELECT COUNT(*) FROM breaches").await, 1);
    w
});

story!(what_was_missed_while_nobody_looked_is_told_as_one, async |w: World| {
    w.submitted().await;
    w.hours(30);
    all_warned(&w).await;
    for who in ["vera", "vic", "lena", "cara", "amy"] {
        assert_eq!(told(&w, who).await, once(&["duty.100.R8", "duty.100.S24"]), "{who}");
    }
    let rows = sql::rows(w.db(), "SELECT warned, skipped FROM duties WHERE warn_at IS NULL").await;
    let rows: Vec<(i32, String)> =
        rows.iter().map(|r| (r.try_get("", "warned").unwrap(), r.try_get("", "skipped").unwrap())).collect();
    assert_eq!(rows, vec![(100, "50;75;90".to_owned()); 2]);
    // The ledger says what went out and what it replaced.
    let details = sql::rows(w.db(), "SELECT detail FROM ledger_entries WHERE action = 'duties.warned'").await;
    let mut codes = Vec::new();
    for row in details {
        let detail: serde_json::Value =
            serde_json::from_str(&row.try_get::<String>("", "detail").unwrap()).unwrap();
        for warning in detail["warnings"].as_array().unwrap() {
            assert_eq!((&warning["percent"], &warning["skipped"]), (&json!(100), &json!([50, 75, 90])));
            codes.push(warning["code"].as_str().unwrap().to_owned());
        }
    }
    codes.sort();
    assert_eq!(codes, ["R8", "S24"]);
    w
});

story!(late_and_done_between_two_looks_is_late_all_the_same, async |w: World| {
    let ticket = w.submitted().await;
    w.hours(9);
    // Whether the look-out has been there or not: the verdict comes from the instants.
    w.as_("vera").await.does(&ticket, json!({ "action": "accept", "text": "才看到" })).await;
    let breaches = w.as_("lena").await.all("/contract/breaches?side=vendor&status=asserted").await;
    assert_eq!(breaches.len(), 1, "{breaches:?}");
    let breach = &breaches[0];
    assert_eq!((&breach["code"], &breach["late_seconds"]), (&json!("R8"), &json!(3600)));
    assert_eq!(breach["ended_at"], json!(w.clock.now()));
    assert_eq!(breach["record"]["id"], json!(ticket));
    all_warned(&w).await;
    let late = ["duty.100.R8"];
    for who in ["vera", "lena", "cara", "amy"] {
        assert_eq!(told(&w, who).await, once(&late), "{who}");
    }
    assert_eq!(sql::number(w.db(), "SELECT COUNT(*) FROM breaches").await, 1);
    // In time and done is nothing to tell of, ever.
    let other = w.submitted().await;
    w.hours(8);
    w.as_("vera").await.does(&other, json!({ "action": "accept", "text": "压线" })).await;
    w.hours(1);
    all_warned(&w).await;
    assert_eq!(sql::number(w.db(), "SELECT COUNT(*) FROM breaches").await, 1);
    w
});
