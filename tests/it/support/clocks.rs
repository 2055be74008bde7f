//! The stored clocks are an index over the events; here they are compared with what the server derives.

use std::collections::BTreeMap;

use lvyue::kit::clock::Timestamp;
use serde_json::Value;
use uuid::Uuid;

use super::{World, sql};

type Clock = (Timestamp, Timestamp, Option<Timestamp>, bool);

/// Every ticket: what `/clocks` derives from the events is what the table holds, and the ticket's next
/// deadline is the earliest of those that run.
pub async fn stored_clocks_are_derived(world: &World) {
    if sql::number(world.db(), "SELECT COUNT(*) FROM tickets").await == 0 {
        return;
    }
    let lead = world.as_("lena").await;
    for ticket in lead.all("/tickets?scope=all&limit=100").await {
        let id = ticket["id"].as_str().unwrap();
        let derived = lead.get(&format!("/tickets/{id}/clocks")).await.ok();
        let derived: Vec<(String, Clock)> = derived["items"].as_array().unwrap().iter().map(derived_clock).collect();
        let stored = stored(world, id).await;
        let mut derived_sorted = derived.clone();
        derived_sorted.sort();
        assert_eq!(derived_sorted, stored, "clocks of {ticket}");
        let next = derived.iter().filter(|(_, c)| c.2.is_none() && !c.3).map(|(_, c)| c.1).min();
        let open = sql::rows(
            world.db(),
            &format!("SELECT next_due_at FROM tickets WHERE id = {}", sql::id(world.db(), id)),
        )
        .await;
        assert_eq!(open[0].try_get_by_index::<Option<i64>>(0).unwrap().map(Timestamp), next, "{ticket}");
    }
}

fn derived_clock(clock: &Value) -> (String, Clock) {
    let time = |name: &str| clock[name].as_str().map(|t| Timestamp::parse(t).unwrap());
    let void = clock["verdict"] == "void";
    let name = format!("{}/{}", clock["cycle"], clock["code"].as_str().unwrap());
    let stopped = if void { None } else { time("stopped_at") };
    (name, (time("started_at").unwrap(), time("due_at").unwrap(), stopped, void))
}

async fn stored(world: &World, id: &str) -> Vec<(String, Clock)> {
    let sql = format!(
        "SELECT cycle, code, started_at, due_at, stopped_at, void_at FROM ticket_clocks WHERE ticket_id = {}",
        sql::id(world.db(), id)
    );
    let mut stored = Vec::new();
    for row in sql::rows(world.db(), &sql).await {
        let time = |i: usize| row.try_get_by_index::<Option<i64>>(i).unwrap().map(Timestamp);
        let name = format!("{}/{}", row.try_get_by_index::<i32>(0).unwrap(), row.try_get_by_index::<String>(1).unwrap());
        let void = time(5).is_some();
        let stopped = if void { None } else { time(4) };
        stored.push((name, (time(2).unwrap(), time(3).unwrap(), stopped, void)));
    }
    stored.sort();
    stored
}

/// The clocks of a ticket by code, the latest cycle's.
pub fn by_code(ticket: &Value) -> BTreeMap<String, Value> {
    let clocks = ticket["clocks"].as_array().unwrap().iter();
    clocks.map(|c| (c["code"].as_str().unwrap().to_owned(), c.clone())).collect()
}

pub fn uuid(value: &Value) -> Uuid {
    Uuid::parse_str(value.as_str().unwrap()).unwrap()
}
