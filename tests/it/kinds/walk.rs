//! A random walk over tickets of every kind: what the server lists as allowed works, what it does not list does
//! not. Prints its seed; `LVYUE_SEED` repeats.

use std::time::{SystemTime, UNIX_EPOCH};

use chrono::TimeDelta;
use lvyue::tickets::jobs;
use lvyue::tickets::model::Action;
use serde_json::{Value, json};

use super::new;
use crate::support::faults::id;
use crate::support::kinds::body;
use crate::support::{World, clocks};

const PEOPLE: [&str; 8] = ["amy", "ben", "cara", "cara", "vera", "vera", "lena", "lena"];
const STEPS: usize = 300;

/// SplitMix64: small, and the same everywhere.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % sides as u64).unwrap()
    }
}

fn kinds(due: &str) -> Vec<(&'static str, &'static str, Value)> {
    vec![
        ("amy", "consultation", json!({})),
        ("amy", "change", json!({ "wished_on": "2027-03-01" })),
        ("cara", "change", json!({ "wished_on": "2027-03-01" })),
        ("amy", "quality", json!({})),
        ("cara", "quality", json!({})),
        ("ben", "fault", json!({})),
        ("vera", "incident", json!({})),
        ("cara", "inspection", json!({})),
        ("cara", "report", json!({ "due_at": due })),
        ("cara", "invoice", json!({ "amount_cents": 100, "invoice_type": "normal" })),
    ]
}

/// Refusals that the machine cannot foresee: the cool-down, and what the other ticket or the words are like.
fn may_fail(action: &str, status: u16) -> bool {
    match status {
        429 => action == "remind",
        422 => ["merge", "link", "issue", "reclassify", "set_severity", "assign"].contains(&action),
        _ => false,
    }
}

async fn step(w: &World, dice: &mut Dice, tickets: &[String]) {
    let who = PEOPLE[dice.roll(PEOPLE.len())];
    let (client, ticket) = (w.as_(who).await, &tickets[dice.roll(tickets.len())]);
    let seen = client.get(&format!("/tickets/{ticket}")).await;
    if seen.status != 200 {
        assert_eq!(seen.status, 404, "{who}: {seen}");
        return;
    }
    let seen = seen.json;
    let allowed: Vec<&str> =
        seen["allowed_actions"].as_array().unwrap().iter().map(|a| a.as_str().unwrap()).collect();
    let action = if allowed.is_empty() || dice.roll(6) == 0 {
        Action::ALL[dice.roll(Action::ALL.len())].wire()
    } else {
        allowed[dice.roll(allowed.len())]
    };
    // What ends everything or makes new tickets is rare, or nothing would be left to walk on.
    if ["withdraw", "merge", "escalate_to_incident"].contains(&action) && dice.roll(8) != 0 {
        return;
    }
    let mut sent = body(action, &tickets[dice.roll(tickets.len())]);
    if action == "assign" {
        sent["assignee_id"] = json!(w.as_("vera").await.id);
    }
    let answer = client.act(&seen, sent).await;
    let about = format!("{who} {action} on {} {}: {answer}", seen["kind"], seen["state"]);
    match (allowed.contains(&action), answer.status) {
        (true, 200) => {
            let (before, after) = (seen["version"].as_i64(), answer.json["version"].as_i64());
            assert_eq!(after, before.map(|v| v + 1), "{about}");
        }
        (true, status) => assert!(may_fail(action, status), "{about}"),
        (false, 403 | 404 | 409) => {}
        (false, _) => panic!("{about}"),
    }
}

story!(whatever_people_do_with_any_kind_the_record_stays_true, async |w: World| {
    let given = std::env::var("LVYUE_SEED").ok().and_then(|seed| seed.parse().ok());
    let fresh = || SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_nanos() as u64;
    let seed = given.unwrap_or_else(fresh);
    eprintln!("{:?}: LVYUE_SEED={seed}", w.engine);
    let mut dice = Dice(seed);
    let mut tickets = Vec::new();
    for n in 0..STEPS {
        if n % 100 == 0 {
            let due = w.clock.now().plus_seconds(86_400 * 3).to_string();
            for (who, kind, more) in kinds(&due) {
                tickets.push(id(&w.as_(who).await.post("/tickets", new(kind, more)).await.created()));
            }
        }
        step(&w, &mut dice, &tickets).await;
        w.pass(TimeDelta::minutes(dice.roll(120) as i64));
        if n % 50 == 49 {
            jobs::silences(w.app.kit()).await.unwrap();
            clocks::stored_clocks_are_derived(&w).await;
        }
    }
    w
});
