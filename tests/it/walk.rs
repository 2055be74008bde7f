//! A random walk of many people over a few tickets: what the server lists as allowed works, what it does not
//! list does not, and after every step clocks, events and ledger agree. Prints its seed; `LVYUE_SEED` repeats.

use std::time::{SystemTime, UNIX_EPOCH};

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::faults::{id, report};
use crate::support::{Engine, World, clocks, sql};

const PEOPLE: [&str; 8] = ["amy", "ben", "cara", "vera", "vic", "lena", "audrey", "adam"];
const ACTIONS: [&str; 14] = [
    "accept",
    "assign",
    "ask_client",
    "supply",
    "publish_solution",
    "reject_solution",
    "mark_repaired",
    "confirm",
    "fail_verification",
    "reopen",
    "withdraw",
    "merge",
    "remind",
    "escalate_to_incident",
];
const STEPS: u32 = 250;

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

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.roll(from.len())]
    }
}

fn seed(engine: Engine) -> u64 {
    let given = std::env::var("LVYUE_SEED").ok().and_then(|seed| seed.parse().ok());
    let fresh = || SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_nanos() as u64;
    let seed = given.unwrap_or_else(fresh);
    eprintln!("{engine:?}: LVYUE_SEED={seed}");
    seed
}

fn body(action: &str, dice: &mut Dice, w: &World, workers: &[String], tickets: &[String]) -> Value {
    let eta = w.clock.now().plus_seconds(3600 * (1 + dice.roll(72) as i64)).to_string();
    match action {
        "accept" | "supply" => json!({ "action": action, "text": "好的" }),
        "assign" => json!({ "action": action, "assignee_id": dice.pick(workers) }),
        "ask_client" => json!({ "action": action, "question": "哪一版？" }),
        "publish_solution" => match dice.roll(3) {
            0 => json!({ "action": action, "solution_type": "fix", "text": "改好" }),
            1 => json!({ "action": action, "solution_type": "plan", "text": "计划", "eta": eta }),
            _ => json!({ "action": action, "solution_type": "workaround", "text": "绕过", "eta": eta }),
        },
        "confirm" => json!({ "action": action, "rating": 1 + dice.roll(5) }),
        "reject_solution" | "fail_verification" | "reopen" | "withdraw" => {
            json!({ "action": action, "reason": "不行" })
        }
        "merge" => json!({ "action": action, "into": dice.pick(tickets) }),
        _ => crate::support::kinds::body(action, &tickets[dice.roll(tickets.len())]),
    }
}

async fn step(w: &World, dice: &mut Dice, workers: &[String], tickets: &[String]) {
    let who = *dice.pick(&PEOPLE);
    let (client, ticket) = (w.as_(who).await, dice.pick(tickets));
    let seen = client.get(&format!("/tickets/{ticket}")).await;
    // Most of the time something sensible, sometimes anything.
    let allowed: Vec<String> = seen.json["allowed_actions"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|a| a.as_str().unwrap().to_owned())
        .collect();
    let action = match allowed.is_empty() || dice.roll(5) == 0 {
        true => (*dice.pick(&ACTIONS)).to_owned(),
        false => dice.pick(&allowed).clone(),
    };
    // The ends of everything are rare, or nothing would be left to walk on.
    if ["withdraw", "merge"].contains(&action.as_str()) && dice.roll(6) != 0 {
        return;
    }
    // An incident is a ticket more; this walk is about those that it began with.
    if action == "escalate_to_incident" && seen.status == 200 {
        return;
    }
    let sent = body(&action, dice, w, workers, tickets);
    if seen.status != 200 {
        // The administrator alone may raise what they do not read.
        let expected = if who == "adam" && action == "escalate_to_incident" { 412 } else { seen.status };
        let answer = client.act_at(ticket, 0, sent).await;
        assert_eq!(answer.status, expected, "{who} {action}: {answer}");
        return;
    }
    let answer = client.act(&seen.json, sent).await;
    let about = format!("{who} {action} on {} ({allowed:?}): {answer}", seen.json["state"]);
    match (allowed.contains(&action), answer.status) {
        (true, 200) => {
            let (before, after) = (seen.json["version"].as_i64(), answer.json["version"].as_i64());
            assert_eq!(after, before.map(|v| v + 1), "{about}");
        }
        (true, 429) => assert_eq!(action, "remind", "{about}"),
        (true, 422) => {
            let of_words = ["merge", "link", "reclassify", "set_severity"];
            assert!(of_words.contains(&action.as_str()), "{about}");
        }
        (false, 403 | 409) => {}
        _ => panic!("{about}"),
    }
}

story!(whatever_people_do_the_record_stays_true, async |w: World| {
    let seed = seed(w.engine);
    let mut dice = Dice(seed);
    let workers = [w.as_("vera").await.id, w.as_("vic").await.id, w.as_("lena").await.id];
    let mut tickets = Vec::new();
    for n in 0..STEPS {
        if n % 25 == 0 {
            let reporter = *dice.pick(&["amy", "ben", "cara"]);
            tickets.push(id(&w.as_(reporter).await.post("/tickets", report("随机漫步")).await.created()));
        }
        step(&w, &mut dice, &workers, &tickets).await;
        w.pass(TimeDelta::minutes(dice.roll(90) as i64));
        if n % 25 == 24 {
            clocks::stored_clocks_are_derived(&w).await;
        }
    }
    // What lists say is what the tickets say, for everybody.
    for who in ["amy", "cara", "vera", "lena", "audrey"] {
        let client = w.as_(who).await;
        let scope = if who == "amy" { "mine" } else { "all" };
        let listed = client.all(&format!("/tickets?scope={scope}&limit=3")).await;
        for summary in &listed {
            let ticket = client.ticket(&id(summary)).await;
            for (name, value) in summary.as_object().unwrap() {
                assert_eq!(&ticket[name], value, "{who}: {name}");
            }
        }
        let mut visible = 0;
        for ticket in &tickets {
            let own = client.get(&format!("/tickets/{ticket}")).await.status == 200;
            visible += usize::from(
                own && (scope == "all" || client.ticket(ticket).await["reporter"]["id"] == json!(client.id)),
            );
        }
        assert_eq!(listed.len(), visible, "{who} lists what they see (seed {seed})");
    }
    let steps = sql::number(w.db(), "SELECT COUNT(*) FROM ticket_events").await;
    assert!(steps > 30, "{steps} events");
    w
});
