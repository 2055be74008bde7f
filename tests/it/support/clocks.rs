//! The stored clocks are an index over the events; here they are compared with what the events give.

use std::collections::BTreeMap;

use lvyue::tickets::service::check::clock_differences;
use serde_json::Value;
use uuid::Uuid;

use super::{World, sql};

/// Every ticket: what is stored about clocks, deadline and state is what its events say.
pub async fn stored_clocks_are_derived(world: &World) {
    // What runs follows another annex within a minute of the worker's; a story does not wait for it.
    while lvyue::tickets::jobs::rederive(world.app.kit()).await.unwrap() > 0 {}
    for row in sql::rows(world.db(), "SELECT id, number FROM tickets").await {
        let id: Uuid = row.try_get("", "id").unwrap();
        let wrong = clock_differences(world.app.kit(), id).await.unwrap();
        assert!(wrong.is_empty(), "{}: {wrong:?}", row.try_get::<String>("", "number").unwrap());
    }
}

/// The clocks of a ticket by code, the latest cycle's.
pub fn by_code(ticket: &Value) -> BTreeMap<String, Value> {
    let clocks = ticket["clocks"].as_array().unwrap().iter();
    clocks.map(|c| (c["code"].as_str().unwrap().to_owned(), c.clone())).collect()
}
