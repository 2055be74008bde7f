//! The duties of both sides: who is warned when, what is asserted when it is late, what people do about it.

mod breaches;
mod lists;
mod owed;
mod sweep;
mod upgrade;
mod warnings;

use std::time::{Duration, Instant};

use lvyue::clocks::Book;
use lvyue::duties::jobs;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::faults::id;
use crate::support::{Answer, Client, Engine, World, sql};

/// An action on a breach as it was last seen.
pub async fn act_at(client: &Client, id: &str, version: i64, body: Value) -> Answer {
    let request = client.request(Method::POST, &format!("/contract/breaches/{id}/actions"));
    client.send(request.header("if-match", format!("\"{version}\"")).json(&body)).await
}

pub fn breach_action(action: &str) -> Value {
    match action {
        "dispute" | "waive" => json!({ "action": action, "reason": "机房停电，双方都知道" }),
        "answer_dispute" => json!({ "action": action, "text": "停电只有十分钟" }),
        _ => json!({ "action": action }),
    }
}

/// Number of the record that [`a_breach_of_each_side`] makes up: nothing stands behind its duty, as the check after the
/// story would find. A breach cannot be deleted.
pub const MADE_UP: &str = "LC-2026-1";

/// A breach of a duty of the vendor, as it comes about, and one of a duty of the client.
pub async fn a_breach_of_each_side(w: &World) -> [String; 2] {
    let ticket = id(&w.as_("ben").await.report("迟到的响应").await);
    w.hours(9);
    w.as_("vera").await.does(&ticket, json!({ "action": "accept", "text": "才看到" })).await;
    let lena = w.as_("lena").await;
    let breach = id(&lena.all("/contract/breaches").await[0]);
    let number = |hex: &str| format!("0193b3a0-0000-7000-8000-0000000{hex}");
    let (duty, record, ours) = (number("d0001"), number("d0002"), number("d0003"));
    for copy in [
        format!(
            "INSERT INTO duties SELECT {}, 'milestone', {}, 'LC-2026-1', NULL, NULL, 'D15', '2.1', 1, 0, 'client', \
             'natural_days', 15, started_at, due_at, in_time_until, FALSE, '[]', stopped_at, NULL, 'breached', \
             in_force, 100, '', NULL, NULL FROM duties WHERE code = 'R8'",
            literal(w, &duty),
            literal(w, &record)
        ),
        format!(
            "INSERT INTO breaches SELECT {}, 1, {}, 'asserted', 'milestone', {}, 'LC-2026-1', 'D15', '2.1', 1, 0, \
             'client', due_at, ended_at, in_force, asserted_at, updated_at FROM breaches",
            literal(w, &ours),
            literal(w, &duty),
            literal(w, &record)
        ),
    ] {
        assert_eq!(sql::execute(w.db(), &copy).await.unwrap(), 1);
    }
    [breach, ours]
}

/// An id as each database writes it.
pub fn literal(w: &World, id: &str) -> String {
    match w.engine {
        Engine::Embedded => format!("X'{}'", id.replace('-', "")),
        Engine::Production => format!("'{id}'::uuid"),
    }
}

/// Gives what is due by now, whoever of the workers does it.
pub async fn all_warned(w: &World) {
    let (kit, book) = (w.app.kit(), Book::builtin());
    let began = Instant::now();
    loop {
        let round = jobs::warn(kit, &book).await.unwrap();
        if round.next.is_none_or(|at| at > w.clock.now()) {
            return;
        }
        assert!(began.elapsed() < Duration::from_secs(30), "warnings stay due: {round:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// What somebody was told about deadlines: event and number of times, in the order of the events' names.
pub async fn told(w: &World, who: &str) -> Vec<(String, i64)> {
    let inbox = w.as_(who).await.all("/inbox?limit=100").await;
    let mut told: Vec<(String, i64)> = inbox
        .iter()
        .filter(|n| n["event"].as_str().unwrap().starts_with("duty."))
        .map(|n| (n["event"].as_str().unwrap().to_owned(), n["count"].as_i64().unwrap()))
        .collect();
    told.sort();
    told
}
