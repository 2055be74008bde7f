//! The kinds of ticket besides the fault, each as both sides live it: the way through, what is refused on it,
//! and which clocks run meanwhile. The stories begin on Monday 2026-11-16 at 09:00 in Shanghai.

mod change;
mod consultation;
mod incident;
mod links;
mod papers;
mod quality;
mod silences;
mod walk;

use serde_json::{Value, json};

use crate::support::World;
use crate::support::clocks::by_code;
use crate::support::faults::id;
use crate::support::kinds::body;

fn new(kind: &str, more: Value) -> Value {
    let mut body = json!({ "kind": kind, "title": "关于审批页", "description": "审批页需要处理。" });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body
}

/// Somebody makes a ticket: its id, and how it begins.
async fn made(w: &World, who: &str, kind: &str, more: Value) -> (String, Value) {
    let ticket = w.as_(who).await.post("/tickets", new(kind, more)).await.created();
    (id(&ticket), ticket)
}

/// Somebody does an action that must succeed, whatever exactly they say.
async fn does(w: &World, who: &str, ticket: &str, action: &str) -> Value {
    w.as_(who).await.does(ticket, body(action, "")).await
}

/// Each of these in turn; the last answer.
async fn all(w: &World, ticket: &str, steps: &[(&str, &str)]) -> Value {
    let mut last = Value::Null;
    for (who, action) in steps {
        last = does(w, who, ticket, action).await;
    }
    last
}

/// What a person is refused to do: as often as not it is the wrong moment.
async fn refused(w: &World, who: &str, ticket: &str, action: &str, status: u16, code: &str) -> Value {
    w.as_(who).await.act_now(ticket, body(action, "")).await.refused(status, code)
}

fn state(ticket: &Value) -> &str {
    ticket["state"].as_str().unwrap()
}

fn verdict(ticket: &Value, code: &str) -> String {
    by_code(ticket)[code]["verdict"].as_str().unwrap().to_owned()
}

fn due(ticket: &Value, code: &str) -> String {
    by_code(ticket)[code]["due_at"].as_str().unwrap().to_owned()
}

/// The latest record of a type.
fn record<'a>(ticket: &'a Value, record_type: &str) -> &'a Value {
    let records = ticket["records"].as_array().unwrap();
    records.iter().rfind(|r| r["type"] == record_type).unwrap_or_else(|| panic!("no {record_type}: {ticket}"))
}

/// The state in the step bar that was reached last.
fn reached(ticket: &Value) -> &str {
    let steps = ticket["progress"].as_array().unwrap();
    steps.iter().rfind(|s| s["reached"] == true).unwrap()["state"].as_str().unwrap()
}
