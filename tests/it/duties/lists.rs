//! The list of duties beside an oracle: every row sorted and judged in this file, then compared page by page.

use serde_json::{Value, json};

use super::literal;
use crate::support::{World, sql};

/// A duty as it was put into the table.
#[derive(Clone, Debug)]
struct Row {
    id: String,
    side: &'static str,
    kind: &'static str,
    due: i64,
    in_time: i64,
    /// When it ended, and whether by being fulfilled.
    ended: Option<(i64, bool)>,
}

impl Row {
    fn state(&self) -> &'static str {
        match self.ended {
            None => "running",
            Some((at, _)) if at > self.in_time => "breached",
            Some((_, true)) => "met",
            Some((_, false)) => "void",
        }
    }

    fn verdict(&self, now: i64) -> &'static str {
        match self.state() {
            "running" if now > self.in_time => "breached",
            state => state,
        }
    }
}

/// Few different instants, so that many are due at the same one.
fn rows(seed: u64, now: i64, count: u64) -> Vec<Row> {
    const HOUR: u64 = 3_600_000;
    let dice = |n: u64, of: u64| {
        // SplitMix64.
        let mut z = seed.wrapping_add(n.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 11) % of
    };
    let signed = |n: u64| i64::try_from(n).unwrap();
    let make = |n: u64| {
        let due = now + signed(dice(n * 8, 9) * HOUR) - 4 * signed(HOUR);
        let in_time = due + signed(dice(n * 8 + 1, 2) * HOUR);
        let ended = (dice(n * 8 + 2, 3) > 0)
            .then(|| (in_time - signed(HOUR) + signed(dice(n * 8 + 3, 3) * HOUR), dice(n * 8 + 4, 3) > 0));
        Row {
            id: format!("0193b3a0-0000-7000-8000-{:012x}", dice(n * 8 + 5, 1 << 40)),
            side: ["client", "vendor"][usize::try_from(dice(n * 8 + 6, 2)).unwrap()],
            kind: ["fault", "change", "milestone"][usize::try_from(dice(n * 8 + 7, 3)).unwrap()],
            due,
            in_time,
            ended,
        }
    };
    (0..count).map(make).collect()
}

async fn put(w: &World, rows: &[Row]) {
    let values: Vec<String> = rows
        .iter()
        .map(|r| {
            let id = literal(w, &r.id);
            let (stopped, void) = match r.ended {
                Some((at, true)) => (at.to_string(), "NULL".to_owned()),
                Some((at, false)) => ("NULL".to_owned(), at.to_string()),
                None => ("NULL".to_owned(), "NULL".to_owned()),
            };
            format!(
                "({id}, '{}', {id}, 'NR-1', 'R8', '4.2', 1, 0, '{}', 'natural_hours', 8, {}, {}, {}, FALSE, '[]', {stopped}, {void}, '{}', 1, 100, '')",
                r.kind, r.side, r.due - 1, r.due, r.in_time, r.state()
            )
        })
        .collect();
    let insert = format!(
        "INSERT INTO duties (id, record_kind, record_id, number, code, clause, cycle, round, obligor, unit, amount, \
         started_at, due_at, in_time_until, provisional, pauses, stopped_at, void_at, state, in_force, warned, skipped) \
         VALUES {}",
        values.join(", ")
    );
    assert_eq!(sql::execute(w.db(), &insert).await.unwrap(), rows.len() as u64);
}

/// What the list should be: running ones first by due, then ended ones, the latest due first.
fn expected(rows: &[Row], now: i64, side: &str, state: &str, kind: &str) -> Vec<String> {
    let fits = |r: &&Row| {
        (side.is_empty() || r.side == side)
            && (kind.is_empty() || r.kind == kind)
            && (state.is_empty() || r.verdict(now) == state || (state == "open" && r.ended.is_none()))
    };
    let mut running: Vec<&Row> = rows.iter().filter(fits).filter(|r| r.ended.is_none()).collect();
    let mut ended: Vec<&Row> = rows.iter().filter(fits).filter(|r| r.ended.is_some()).collect();
    running.sort_by_key(|r| (r.due, r.id.clone()));
    ended.sort_by_key(|r| std::cmp::Reverse((r.due, r.id.clone())));
    running.into_iter().chain(ended).map(|r| r.id.clone()).collect()
}

story!(the_list_is_what_sorting_all_would_give, async |w: World| {
    let seed = 20_261_125_u64;
    eprintln!("seed {seed}");
    let now = w.clock.now().0;
    let rows = rows(seed, now, 240);
    put(&w, &rows).await;
    let cara = w.as_("cara").await;
    for side in ["", "client", "vendor"] {
        for state in ["", "open", "running", "met", "breached", "void"] {
            for kind in ["", "fault", "milestone"] {
                let mut query = "limit=7".to_owned();
                for (name, value) in [("side", side), ("state", state), ("kind", kind)] {
                    if !value.is_empty() {
                        query.push_str(&format!("&{name}={value}"));
                    }
                }
                let items = cara.all(&format!("/contract/obligations?{query}")).await;
                let ids: Vec<&str> = items.iter().map(|i| i["id"].as_str().unwrap()).collect();
                assert_eq!(ids, expected(&rows, now, side, state, kind), "seed {seed}: {query}");
                for item in &items {
                    let row = rows.iter().find(|r| r.id == item["id"]).unwrap();
                    assert_eq!(item["verdict"], row.verdict(now), "{item}");
                    assert_eq!(
                        (&item["obligor"], &item["record"]["kind"]),
                        (&json!(row.side), &json!(row.kind))
                    );
                }
            }
        }
    }
    let summary = cara.get("/contract/obligations/summary").await.ok();
    for side in ["client", "vendor"] {
        let count = |fits: &dyn Fn(&Row) -> bool| rows.iter().filter(|r| r.side == side && fits(r)).count();
        let expected = json!({
            "open": count(&|r| r.ended.is_none()),
            "overdue": count(&|r| r.ended.is_none() && r.verdict(now) == "breached"),
            "met": count(&|r| r.state() == "met"),
            "breached": count(&|r| r.state() == "breached"),
        });
        assert_eq!(summary[side], expected, "seed {seed}: {side}");
    }
    for (parameter, bad) in [("side", "both"), ("state", "late"), ("limit", "0"), ("cursor", "x")] {
        cara.get(&format!("/contract/obligations?{parameter}={bad}")).await.field(parameter);
    }
    // Everybody who answers for the agreement sees the same; the others do not see it.
    let whole = cara.all("/contract/obligations?limit=100").await;
    for who in ["vera", "lena", "audrey"] {
        assert_eq!(w.as_(who).await.all("/contract/obligations?limit=100").await, whole, "{who}");
    }
    for who in ["amy", "adam"] {
        w.as_(who).await.get("/contract/obligations").await.refused(403, "FORBIDDEN");
    }
    // They are nobody's duties, which is what the check after every story would say.
    assert_eq!(sql::execute(w.db(), "DELETE FROM duties").await.unwrap(), 240);
    w
});

story!(a_ticket_s_duties_stand_in_the_list, async |w: World| {
    let ticket = w.accepted().await;
    let list = w.as_("cara").await.all("/contract/obligations?side=vendor").await;
    let clocks = w.as_("amy").await.ticket(&ticket).await["clocks"].as_array().unwrap().clone();
    assert_eq!(list.len(), clocks.len());
    for clock in clocks {
        let duty = list.iter().find(|d| d["code"] == clock["code"]).unwrap();
        for member in
            ["clause", "title", "obligor", "unit", "amount", "started_at", "due_at", "stopped_at", "verdict"]
        {
            assert_eq!(duty[member], clock[member], "{member} of {}", clock["code"]);
        }
        assert_eq!(duty["record"]["id"], json!(ticket));
    }
    let running: Vec<&Value> = list.iter().filter(|d| d["verdict"] == "running").collect();
    assert_eq!(running.iter().map(|d| &d["code"]).collect::<Vec<_>>(), [&json!("S24")]);
    w
});
